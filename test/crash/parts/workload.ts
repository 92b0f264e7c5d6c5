import type { Random } from './random.ts';

/** A pipeline to ask for. What it deploys carries a marker that nothing else carries. */
export interface Wanted {
  /** Names it in messages and is its Idempotency-Key. */
  name: string;
  /** Bytes that stand in its creation transaction and in no other, as lower-case hex. */
  marker: string;
  body: Record<string, unknown>;
  /** How it has to end. */
  ends: 'confirmed' | 'refused';
}

/** The kinds of pipeline and how often each is asked for, out of ten. */
const kinds = [
  ...(['erc20', 'erc20', 'erc20'] as const),
  ...(['storage', 'storage'] as const),
  ...(['source', 'source'] as const),
  ...(['known source', 'known source'] as const),
  ...(['refused'] as const),
];

/** @returns a pipeline of a random kind */
export function makeWanted(name: string, random: Random): Wanted {
  const kind = random.pick(kinds);
  switch (kind) {
    case 'erc20':
      return token(name, random);
    case 'storage':
      return storage(name, random);
    case 'source':
      return box(name, random, `// ${name}`);
    case 'known source':
      return box(name, random, '');
    case 'refused':
      return refused(name, random);
  }
}

/** From a template to the chain; told apart by the token's name in the code. */
function token(name: string, random: Random): Wanted {
  const title = `T${random.hex(10)}`;
  const options = { name: title, symbol: 'CRASH', initialSupply: '1000', burnable: random.chance(0.5) };
  return {
    name,
    marker: Buffer.from(title).toString('hex'),
    body: { generate: { template: 'erc20', options }, deploy: { network: 'local' } },
    ends: 'confirmed',
  };
}

/** From a prompt to the chain; told apart by the owner, a constructor argument. */
function storage(name: string, random: Random): Wanted {
  const marker = random.hex(20);
  const prompt = 'Create a storage contract for a single number that only the owner may change';
  return {
    name,
    marker,
    body: {
      generate: { prompt },
      deploy: { network: 'local', constructorArgs: { initialOwner: `0x${marker}` } },
    },
    ends: 'confirmed',
  };
}

/** From source to the chain; a comment of its own makes it miss the compiler's cache. */
function box(name: string, random: Random, comment: string): Wanted {
  const marker = random.hex(24).padStart(64, '0');
  return {
    name,
    marker,
    body: { compile: { sources: { 'Box.sol': boxSource(comment) } }, deploy: deployBox(marker) },
    ends: 'confirmed',
  };
}

/** A constructor that reverts: the platform has to find out before anything is sent, and to stay with it. */
function refused(name: string, random: Random): Wanted {
  const marker = `ff${random.hex(24)}`.padStart(64, '0');
  return {
    name,
    marker,
    body: { compile: { sources: { 'Box.sol': boxSource('') } }, deploy: deployBox(marker) },
    ends: 'refused',
  };
}

function deployBox(marker: string) {
  return { network: 'local', constructorArgs: [BigInt(`0x${marker}`).toString()] };
}

function boxSource(comment: string): string {
  return `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
${comment}
contract Box {
    error TooLarge(uint256 given);
    uint256 public immutable value;
    address public owner;

    constructor(uint256 given) {
        if (given >> 192 == 255) revert TooLarge(given);
        value = given;
        owner = msg.sender;
    }
}
`;
}

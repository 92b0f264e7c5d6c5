import type { Random } from './random.ts';

/** A job to ask for. What it makes carries a marker that nothing else carries. */
export interface WantedJob {
  /** Names it in messages and in what it makes, and is its Idempotency-Key. */
  marker: string;
  route: 'POST /api/v1/contracts/generate' | 'POST /api/v1/contracts/compile';
  body: Record<string, unknown>;
  /** How it has to end. */
  ends: 'succeeded' | 'failed';
}

/** What a marker looks like, for finding it in the platform's rows (a regular expression of PostgreSQL too). */
export const markerPattern = 'Mark[0-9a-f]{20}';

/** The kinds of job and how often each is asked for, out of ten. */
const kinds = [
  ...(['generate', 'generate', 'generate', 'generate'] as const),
  ...(['box', 'box'] as const),
  ...(['token', 'token', 'token'] as const),
  ...(['faulty'] as const),
];

/** @returns a job of a random kind; the marker in its source makes a compilation miss the cache */
export function makeWantedJob(random: Random): WantedJob {
  const marker = `Mark${random.hex(10)}`;
  const kind = random.pick(kinds);
  switch (kind) {
    case 'generate':
      return generation(marker, random);
    case 'box':
      return compilation(marker, `contract ${marker} { uint256 public value; }`);
    case 'token':
      return compilation(marker, tokenSource(marker));
    case 'faulty':
      return { ...compilation(marker, `contract ${marker} { uint256 value = nowhere; }`), ends: 'failed' };
  }
}

/** A few milliseconds of work. */
function generation(marker: string, random: Random): WantedJob {
  const options = { name: marker, symbol: 'CRASH', initialSupply: '1000', burnable: random.chance(0.5) };
  return {
    marker,
    route: 'POST /api/v1/contracts/generate',
    body: { template: 'erc20', options },
    ends: 'succeeded',
  };
}

function compilation(marker: string, source: string): WantedJob {
  const text = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n${source}\n`;
  return {
    marker,
    route: 'POST /api/v1/contracts/compile',
    body: { sources: { 'Proof.sol': text } },
    ends: 'succeeded',
  };
}

/** With OpenZeppelin behind it: some hundred milliseconds of work, so that workers are killed in the middle. */
function tokenSource(marker: string): string {
  return `import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract ${marker} is ERC20 {
    constructor() ERC20("${marker}", "CRASH") { _mint(msg.sender, 1000); }
}`;
}

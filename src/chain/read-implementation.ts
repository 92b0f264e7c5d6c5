import { getAddress } from 'viem';
import { fail } from './errors.ts';
import type { BlockTag, ChainClient, Hex } from './types.ts';

/** `bytes32(uint256(keccak256('eip1967.proxy.implementation')) - 1)` (ERC-1967). */
const implementationSlot: Hex = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc';
/** `implementation()` of a beacon (ERC-1967). */
const implementationCall: Hex = '0x5c60da1b';

/** What tells which code is behind it: a proxy by its storage, a beacon by its answer. */
export interface ImplementationHolder {
  address: Hex;
  isBeacon: boolean;
}

/**
 * Asks the chain which code stands behind a proxy or beacon (ERC-1967).
 *
 * @returns an EIP-55 address; the zero address where there is none
 * @throws AppError `rpc-reply-malformed` where a beacon does not answer as one, and those of the chain
 */
export async function readImplementation(
  chain: ChainClient,
  { address, isBeacon }: ImplementationHolder,
  at: BlockTag = 'latest',
): Promise<Hex> {
  if (!isBeacon) return toAddress(await chain.storage(address, implementationSlot, at));
  const outcome = await chain.call({ from: address, to: address, data: implementationCall }, at);
  if (outcome.kind === 'ok' && outcome.data.length === 66) return toAddress(outcome.data);
  const facts = { network: chain.network.name, method: 'eth_call', expected: `implementation of ${address}` };
  throw fail('rpc-reply-malformed', facts);
}

/** The last 20 bytes of a word. */
function toAddress(word: Hex): Hex {
  return getAddress(`0x${word.slice(-40)}`);
}

import type { ChainClient } from '../chain/types.ts';
import type { Mined } from './types.ts';

/**
 * Whether the block in which a transaction was seen is still on the canonical chain. Its hash commits to the
 * transactions in it, so this holds even where a node has forgotten old receipts.
 *
 * @returns `unsure` when a public node is behind: its word is no reason to fall back. The local chain has one node,
 * whose shorter chain is the truth.
 */
export async function stillThere(
  chain: ChainClient,
  mined: Mined,
): Promise<'yes' | 'unsure' | 'block-replaced' | 'block-gone'> {
  const block = await chain.block(BigInt(mined.blockNumber));
  if (block) return block.hash === mined.blockHash ? 'yes' : 'block-replaced';
  return chain.network.kind === 'local' ? 'block-gone' : 'unsure';
}

import type { ChainClient, Hex } from '../chain/types.ts';
import { endedInBlocks, type MinedDeployment } from '../store/deployments.ts';
import type { Platform } from './platform.ts';

/** By network: a block that was the newest when everything below it had been looked at. */
export type Anchors = Map<string, { number: bigint; hash: Hex }>;

/** Blocks that are looked at one by one before the rest is taken to stand as they do. */
const standingMax = 20;
const pageSize = 100;

/**
 * Finds deployments that ended in a block which its chain has replaced since, however deep: the nonce of their signer
 * tells nothing where the new blocks use it as well. Looks only; the deployment's own job draws the conclusion.
 *
 * A block's hash commits to all blocks before it. While the block that was the newest one the last time still stands, no
 * block below it can have been replaced since, and only higher ones are looked at; that costs two calls where nothing
 * happened. When it is gone, or none is known yet, blocks are looked at from the newest down until twenty in a row stand.
 *
 * @param anchors moved on to the newest block once nothing is found any more
 * @returns ids of deployments; none where a public node cannot tell
 */
export async function inReplacedBlocks(
  { store, log }: Platform,
  chain: ChainClient,
  anchors: Anchors,
): Promise<string[]> {
  const { name, chainId, kind } = chain.network;
  const [head, known] = [await chain.block('latest'), anchors.get(name)];
  if (!head) return [];
  let floor = -1;
  if (known) {
    const now = await chain.block(known.number);
    // A public node that has no such block is behind. The local chain's shorter one is the truth.
    if (!now && kind !== 'local') return [];
    if (now?.hash === known.hash) floor = Number(known.number);
    else log.warn({ network: name, block: known.number.toString() }, 'the chain went back behind this block');
  }

  const lost: string[] = [];
  const hashes = new Map<number, Hex | null>();
  let standing = 0;
  let below: MinedDeployment | null = null;
  while (true) {
    const page: MinedDeployment[] = await endedInBlocks(store.read, { chainId, below, limit: pageSize });
    for (const one of page) {
      const { id, blockNumber, blockHash } = one;
      if (blockNumber <= floor) break;
      let hash = hashes.get(blockNumber);
      if (hash === undefined) {
        if (standing >= standingMax) break;
        hash = (await chain.block(BigInt(blockNumber)))?.hash ?? null;
        hashes.set(blockNumber, hash);
        standing += 1;
      }
      const isReplaced = hash === null ? kind === 'local' : hash !== blockHash;
      if (isReplaced) {
        lost.push(id);
        standing = 0;
      }
      below = one;
    }
    const last = page.at(-1);
    if (!last || last.id !== below?.id || page.length < pageSize) break;
  }
  // What was found may not be taken up yet, when something fails after this: then it has to be found again.
  if (lost.length === 0) anchors.set(name, { number: head.number, hash: head.hash });
  return lost;
}

import type { ChainClient, Hex } from '../../chain/types.ts';
import { AppError } from '../../lib/app-error.ts';

/**
 * Finds the transaction that used a nonce, on the chain itself: the lowest block at which the address has sent more than that
 * many is the one that holds it. Reads only.
 *
 * @param wanted.at a block at which the nonce is used
 * @returns its hash; null where the node does not show it, as it has forgotten old states or does not have the block yet
 */
export async function findTaker(
  chain: ChainClient,
  wanted: { address: Hex; nonce: number; at: bigint },
): Promise<Hex | null> {
  const { address, nonce, at } = wanted;
  const isUsed = async (block: bigint) => (await chain.nonce(address, block)) > nonce;
  try {
    // Not used at `low`, used at `high`; most likely it was used a moment ago.
    let high = at;
    let low = high;
    for (let step = 1n; low > 0n; step *= 2n) {
      low = low > step ? low - step : 0n;
      if (!(await isUsed(low))) break;
      high = low;
    }
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (await isUsed(middle)) high = middle;
      else low = middle;
    }
    const sent = await chain.sentBy(address, high);
    return sent?.find((one) => one.nonce === nonce)?.hash ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'rpc-error') return null;
    throw error;
  }
}

import type { FeePolicy, Fees, Network } from './types.ts';

/** Percentile of what others paid, and how much room the base fee gets to grow before the transaction stalls. */
const policies: Record<FeePolicy, { percentile: number; basePercent: bigint; legacyPercent: bigint }> = {
  // A full block raises the base fee by an eighth (EIP-1559): 150 % bears 3 of them, 200 % six, 300 % nine.
  slow: { percentile: 10, basePercent: 150n, legacyPercent: 100n },
  standard: { percentile: 50, basePercent: 200n, legacyPercent: 110n },
  fast: { percentile: 90, basePercent: 300n, legacyPercent: 130n },
};

/** Blocks that the fee history looks back on. */
export const feeHistoryBlocks = 10;

/** @returns the percentile of priority fees to ask `eth_feeHistory` for. */
export function rewardPercentile(policy: FeePolicy): number {
  return policies[policy].percentile;
}

/** What `eth_feeHistory` gave, decoded; wei. */
export interface FeeHistory {
  /** The base fee of the block to come. */
  nextBaseFee: bigint;
  /** Priority fees at the percentile asked for, one per block that had transactions. */
  rewards: bigint[];
}

/**
 * EIP-1559 fees: the median of recent priority fees at the policy's percentile (one odd block must not decide), and
 * a maximum with room for the base fee to grow. Wei per gas.
 */
export function feesFromHistory(history: FeeHistory, policy: FeePolicy, network: Network): Fees {
  const sorted = history.rewards.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const median = sorted[sorted.length >> 1] ?? 0n;
  const least = BigInt(network.priorityFeeMinWei);
  const maxPriorityFeePerGas = median > least ? median : least;
  const roomy = (history.nextBaseFee * policies[policy].basePercent) / 100n + maxPriorityFeePerGas;
  const maxFeeMin = BigInt(network.maxFeeMinWei ?? 0);
  const maxFeePerGas = roomy > maxFeeMin ? roomy : maxFeeMin;
  return { type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas, baseFeePerGas: history.nextBaseFee };
}

/** Fees for a chain without EIP-1559: the node's gas price, with the policy's margin. */
export function legacyFees(gasPrice: bigint, policy: FeePolicy): Fees {
  return { type: 'legacy', gasPrice: (gasPrice * policies[policy].legacyPercent) / 100n };
}

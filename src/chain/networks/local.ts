import type { Network } from '../types.ts';

/** The development chain that Slipway brings along: blocks come when transactions do, and money is free. */
export const local: Network = {
  name: 'local',
  title: 'Local development chain',
  chainId: 31337,
  kind: 'local',
  currency: { symbol: 'ETH', decimals: 18 },

  confirmations: 1,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 0,
  // The base fee sinks while blocks are small and is 1 gwei again when the chain lost its state: bytes that were signed
  // before must still be good then.
  maxFeeMinWei: 20_000_000_000,
};

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
};

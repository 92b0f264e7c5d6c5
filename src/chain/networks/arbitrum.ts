import type { Network } from '../types.ts';

/** A Nitro rollup with four blocks a second; it orders by arrival and ignores priority fees. */
export const arbitrum: Network = {
  name: 'arbitrum',
  title: 'Arbitrum One',
  chainId: 42161,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://arbiscan.io',
  confirmations: 20,
  blockSeconds: 0.25,
  eip1559: true,
  priorityFeeMinWei: 0,
};

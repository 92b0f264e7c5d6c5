import type { Network } from '../types.ts';

/** Polygon PoS, which has seen deep reorgs and whose nodes refuse a priority fee under 25 gwei. */
export const polygon: Network = {
  name: 'polygon',
  title: 'Polygon PoS',
  chainId: 137,
  kind: 'mainnet',
  currency: { symbol: 'POL', decimals: 18 },
  explorerUrl: 'https://polygonscan.com',
  confirmations: 64,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 25_000_000_000,
};

import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * Polygon PoS, which saw deep reorgs before its milestones made blocks final, and whose nodes refuse a priority fee under
 * 25 gwei. Sixty-four blocks are two minutes.
 */
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
  verifiers: [sourcify, etherscan, blockscout('https://polygon.blockscout.com')],
};

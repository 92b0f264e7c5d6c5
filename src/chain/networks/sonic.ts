import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * Blocks come out of an agreed order of events and are final at once; ten only cover nodes that lag behind each other.
 */
export const sonic: Network = {
  name: 'sonic',
  title: 'Sonic',
  chainId: 146,
  kind: 'mainnet',
  currency: { symbol: 'S', decimals: 18 },
  explorerUrl: 'https://sonicscan.org',
  confirmations: 10,
  blockSeconds: 0.63,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, etherscan],
};

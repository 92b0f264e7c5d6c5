import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An accepted block is final (Snowman); ten blocks only cover nodes of a provider that lag behind each other. */
export const avalanche: Network = {
  name: 'avalanche',
  title: 'Avalanche C-Chain',
  chainId: 43114,
  kind: 'mainnet',
  currency: { symbol: 'AVAX', decimals: 18 },
  explorerUrl: 'https://snowtrace.io',
  confirmations: 10,
  blockSeconds: 1.7,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, etherscan],
};

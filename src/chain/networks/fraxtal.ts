import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * An OP Stack rollup that pays fees in FRAX; the sequencer's blocks are final in practice, ten of them are twenty seconds.
 */
export const fraxtal: Network = {
  name: 'fraxtal',
  title: 'Fraxtal',
  chainId: 252,
  kind: 'mainnet',
  currency: { symbol: 'FRAX', decimals: 18 },
  explorerUrl: 'https://fraxscan.com',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan],
};

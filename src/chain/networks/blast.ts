import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** A rollup of the OP Stack's family; the sequencer's blocks are final in practice, ten of them are twenty seconds. */
export const blast: Network = {
  name: 'blast',
  title: 'Blast',
  chainId: 81457,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://blastscan.io',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan],
};

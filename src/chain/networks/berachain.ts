import { etherscan } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** A block is final when it is made (CometBFT); ten blocks only cover nodes that lag behind each other. */
export const berachain: Network = {
  name: 'berachain',
  title: 'Berachain',
  chainId: 80094,
  kind: 'mainnet',
  currency: { symbol: 'BERA', decimals: 18 },
  explorerUrl: 'https://berascan.com',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [etherscan],
};

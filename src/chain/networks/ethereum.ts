import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** Twelve blocks are two and a half minutes; a reorg that deep has not happened since proof of stake. */
export const ethereum: Network = {
  name: 'ethereum',
  title: 'Ethereum',
  chainId: 1,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://etherscan.io',
  confirmations: 12,
  blockSeconds: 12,
  eip1559: true,
  priorityFeeMinWei: 1_000_000,
  verifiers: [sourcify, etherscan, blockscout('https://eth.blockscout.com')],
};

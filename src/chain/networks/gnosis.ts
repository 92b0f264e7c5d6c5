import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * Ethereum's proof of stake with slots of five seconds and epochs of sixteen: twenty blocks are more than an epoch.
 */
export const gnosis: Network = {
  name: 'gnosis',
  title: 'Gnosis Chain',
  chainId: 100,
  kind: 'mainnet',
  currency: { symbol: 'xDAI', decimals: 18 },
  explorerUrl: 'https://gnosisscan.io',
  confirmations: 20,
  blockSeconds: 5,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, etherscan, blockscout('https://gnosis.blockscout.com')],
};

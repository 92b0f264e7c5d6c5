import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Scroll; three blocks cover nodes that lag behind each other. */
export const scrollSepolia: Network = {
  name: 'scroll-sepolia',
  title: 'Scroll Sepolia',
  chainId: 534351,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://scroll-sepolia.blockscout.com',
  faucetUrl: 'https://docs.scroll.io/en/user-guide/faucet',
  confirmations: 3,
  blockSeconds: 3,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, blockscout('https://scroll-sepolia.blockscout.com')],
};

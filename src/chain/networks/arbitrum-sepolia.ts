import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Arbitrum; eight blocks are two seconds, about what a lagging node needs. */
export const arbitrumSepolia: Network = {
  name: 'arbitrum-sepolia',
  title: 'Arbitrum Sepolia',
  chainId: 421614,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia.arbiscan.io',
  faucetUrl: 'https://www.alchemy.com/faucets/arbitrum-sepolia',
  confirmations: 8,
  blockSeconds: 0.25,
  eip1559: true,
  priorityFeeMinWei: 0,
  verifiers: [sourcify, etherscan, blockscout('https://arbitrum-sepolia.blockscout.com')],
};

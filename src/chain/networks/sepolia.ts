import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * Ethereum's test network for applications. Three blocks outlast the reorgs of one block that late proposers cause.
 */
export const sepolia: Network = {
  name: 'sepolia',
  title: 'Ethereum Sepolia',
  chainId: 11155111,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia.etherscan.io',
  faucetUrl: 'https://sepolia-faucet.pk910.de',
  confirmations: 3,
  blockSeconds: 12,
  eip1559: true,
  priorityFeeMinWei: 1_000_000,
  verifiers: [sourcify, etherscan, blockscout('https://eth-sepolia.blockscout.com')],
};

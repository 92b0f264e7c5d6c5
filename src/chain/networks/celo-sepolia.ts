import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Celo, which took the place of Alfajores; five blocks cover nodes that lag behind each other. */
export const celoSepolia: Network = {
  name: 'celo-sepolia',
  title: 'Celo Sepolia',
  chainId: 11142220,
  kind: 'testnet',
  currency: { symbol: 'CELO', decimals: 18 },
  explorerUrl: 'https://celo-sepolia.blockscout.com',
  faucetUrl: 'https://faucet.celo.org/celo-sepolia',
  confirmations: 5,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://celo-sepolia.blockscout.com')],
};

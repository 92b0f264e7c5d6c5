import { blockscout, etherscan } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Unichain; five blocks cover nodes that lag behind each other. */
export const unichainSepolia: Network = {
  name: 'unichain-sepolia',
  title: 'Unichain Sepolia',
  chainId: 1301,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia.uniscan.xyz',
  faucetUrl: 'https://docs.unichain.org/docs/tools/faucets',
  confirmations: 5,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [etherscan, blockscout('https://unichain-sepolia.blockscout.com')],
};

import { blockscout, etherscan } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of World Chain; three blocks cover nodes that lag behind each other. */
export const worldchainSepolia: Network = {
  name: 'worldchain-sepolia',
  title: 'World Chain Sepolia',
  chainId: 4801,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia.worldscan.org',
  faucetUrl: 'https://www.alchemy.com/faucets/world-chain-sepolia',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [etherscan, blockscout('https://worldchain-sepolia.explorer.alchemy.com')],
};

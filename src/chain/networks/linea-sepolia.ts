import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * The test network of Linea, with its floor under the priority fee; three blocks cover nodes that lag behind each other.
 */
export const lineaSepolia: Network = {
  name: 'linea-sepolia',
  title: 'Linea Sepolia',
  chainId: 59141,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia.lineascan.build',
  faucetUrl: 'https://docs.linea.build/get-started/how-to/get-testnet-eth',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 50_000_000,
  verifiers: [sourcify, etherscan, blockscout('https://api-explorer.sepolia.linea.build')],
};

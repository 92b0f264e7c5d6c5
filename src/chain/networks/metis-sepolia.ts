import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * The test network of Metis Andromeda, with gas prices as there; three blocks cover nodes that lag behind each other.
 */
export const metisSepolia: Network = {
  name: 'metis-sepolia',
  title: 'Metis Sepolia',
  chainId: 59902,
  kind: 'testnet',
  currency: { symbol: 'tMETIS', decimals: 18 },
  explorerUrl: 'https://sepolia-explorer.metisdevops.link',
  faucetUrl: 'https://sepolia.faucet.metisdevops.link',
  confirmations: 3,
  blockSeconds: 5,
  eip1559: false,
  priorityFeeMinWei: 0,
  verifiers: [sourcify, blockscout('https://sepolia-explorer.metisdevops.link')],
};

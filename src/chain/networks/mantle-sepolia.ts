import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Mantle; three blocks cover nodes that lag behind each other. */
export const mantleSepolia: Network = {
  name: 'mantle-sepolia',
  title: 'Mantle Sepolia',
  chainId: 5003,
  kind: 'testnet',
  currency: { symbol: 'MNT', decimals: 18 },
  explorerUrl: 'https://sepolia.mantlescan.xyz',
  faucetUrl: 'https://faucet.sepolia.mantle.xyz',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, etherscan, blockscout('https://explorer.sepolia.mantle.xyz')],
};

import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of OP Mainnet: one sequencer, so three blocks only cover nodes that lag behind each other. */
export const optimismSepolia: Network = {
  name: 'optimism-sepolia',
  title: 'OP Sepolia',
  chainId: 11155420,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia-optimism.etherscan.io',
  faucetUrl: 'https://console.optimism.io/faucet',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://optimism-sepolia.blockscout.com')],
};

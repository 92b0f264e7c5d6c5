import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Base: one sequencer, so three blocks only cover nodes that lag behind each other. */
export const baseSepolia: Network = {
  name: 'base-sepolia',
  title: 'Base Sepolia',
  chainId: 84532,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://sepolia.basescan.org',
  faucetUrl: 'https://docs.base.org/base-chain/tools/network-faucets',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://base-sepolia.blockscout.com')],
};

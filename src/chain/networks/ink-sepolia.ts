import { blockscout } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Ink; five blocks cover nodes that lag behind each other. */
export const inkSepolia: Network = {
  name: 'ink-sepolia',
  title: 'Ink Sepolia',
  chainId: 763373,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://explorer-sepolia.inkonchain.com',
  faucetUrl: 'https://inkonchain.com/faucet',
  confirmations: 5,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [blockscout('https://explorer-sepolia.inkonchain.com')],
};

import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of BNB Smart Chain, whose votes miss a block more often; its nodes have asked for 0.1 gwei. */
export const bnbTestnet: Network = {
  name: 'bnb-testnet',
  title: 'BNB Smart Chain Testnet',
  chainId: 97,
  kind: 'testnet',
  currency: { symbol: 'tBNB', decimals: 18 },
  explorerUrl: 'https://testnet.bscscan.com',
  faucetUrl: 'https://www.bnbchain.org/en/testnet-faucet',
  confirmations: 10,
  blockSeconds: 0.75,
  eip1559: true,
  priorityFeeMinWei: 100_000_000,
  verifiers: [sourcify, etherscan],
};

import { etherscan } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Sonic, final at once as well; five blocks cover nodes that lag behind each other. */
export const sonicTestnet: Network = {
  name: 'sonic-testnet',
  title: 'Sonic Testnet',
  chainId: 14601,
  kind: 'testnet',
  currency: { symbol: 'S', decimals: 18 },
  explorerUrl: 'https://testnet.sonicscan.org',
  faucetUrl: 'https://testnet.soniclabs.com/account',
  confirmations: 5,
  blockSeconds: 0.63,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [etherscan],
};

import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Avalanche, final as fast; three blocks cover nodes that lag behind each other. */
export const avalancheFuji: Network = {
  name: 'avalanche-fuji',
  title: 'Avalanche Fuji',
  chainId: 43113,
  kind: 'testnet',
  currency: { symbol: 'AVAX', decimals: 18 },
  explorerUrl: 'https://testnet.snowtrace.io',
  faucetUrl: 'https://core.app/tools/testnet-faucet',
  confirmations: 3,
  blockSeconds: 1.7,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, etherscan],
};

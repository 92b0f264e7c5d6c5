import { blockscout } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Soneium; three blocks cover nodes that lag behind each other. */
export const soneiumMinato: Network = {
  name: 'soneium-minato',
  title: 'Soneium Minato',
  chainId: 1946,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://soneium-minato.blockscout.com',
  faucetUrl: 'https://docs.soneium.org/docs/builders/tools/faucets',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [blockscout('https://soneium-minato.blockscout.com')],
};

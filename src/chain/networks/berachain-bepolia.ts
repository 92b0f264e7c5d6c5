import { etherscan } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Berachain, final as fast; three blocks cover nodes that lag behind each other. */
export const berachainBepolia: Network = {
  name: 'berachain-bepolia',
  title: 'Berachain Bepolia',
  chainId: 80069,
  kind: 'testnet',
  currency: { symbol: 'BERA', decimals: 18 },
  explorerUrl: 'https://testnet.berascan.com',
  faucetUrl: 'https://bepolia.faucet.berachain.com',
  confirmations: 3,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [etherscan],
};

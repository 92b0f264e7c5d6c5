import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * Ethereum's test network for validators, which took Holesky's place. Confirmed as deep as Sepolia, for the same reason.
 */
export const hoodi: Network = {
  name: 'hoodi',
  title: 'Ethereum Hoodi',
  chainId: 560048,
  kind: 'testnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://hoodi.etherscan.io',
  faucetUrl: 'https://hoodi-faucet.pk910.de',
  confirmations: 3,
  blockSeconds: 12,
  eip1559: true,
  priorityFeeMinWei: 1_000_000,
  verifiers: [sourcify, etherscan, blockscout('https://eth-hoodi.blockscout.com')],
};

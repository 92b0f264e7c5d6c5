import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Polygon PoS, with its lowest priority fee. Ten blocks are more than a milestone takes. */
export const polygonAmoy: Network = {
  name: 'polygon-amoy',
  title: 'Polygon Amoy',
  chainId: 80002,
  kind: 'testnet',
  currency: { symbol: 'POL', decimals: 18 },
  explorerUrl: 'https://amoy.polygonscan.com',
  faucetUrl: 'https://faucet.polygon.technology',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 25_000_000_000,
  verifiers: [sourcify, etherscan],
};

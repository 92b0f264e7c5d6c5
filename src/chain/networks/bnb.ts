import { etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * Validators vote a block final after two or three (BEP-126); twenty leave room for votes that come late. The base fee is
 * zero: the priority fee is the price, and blocks are built from 0.05 gwei on.
 */
export const bnb: Network = {
  name: 'bnb',
  title: 'BNB Smart Chain',
  chainId: 56,
  kind: 'mainnet',
  currency: { symbol: 'BNB', decimals: 18 },
  explorerUrl: 'https://bscscan.com',
  confirmations: 20,
  blockSeconds: 0.75,
  eip1559: true,
  priorityFeeMinWei: 50_000_000,
  verifiers: [sourcify, etherscan],
};

import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An OP Stack rollup with a block a second: twenty blocks are twenty seconds and final in practice. */
export const unichain: Network = {
  name: 'unichain',
  title: 'Unichain',
  chainId: 130,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://uniscan.xyz',
  confirmations: 20,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://unichain.blockscout.com')],
};

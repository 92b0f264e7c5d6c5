import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An OP Stack rollup; the sequencer's blocks are final in practice, ten of them are twenty seconds. */
export const soneium: Network = {
  name: 'soneium',
  title: 'Soneium',
  chainId: 1868,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://soneium.blockscout.com',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, blockscout('https://soneium.blockscout.com')],
};

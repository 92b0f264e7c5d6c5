import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An OP Stack rollup; the sequencer's blocks are final in practice, ten of them are twenty seconds. */
export const base: Network = {
  name: 'base',
  title: 'Base',
  chainId: 8453,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://basescan.org',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://base.blockscout.com')],
};

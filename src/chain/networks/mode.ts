import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An OP Stack rollup; the sequencer's blocks are final in practice, ten of them are twenty seconds. */
export const mode: Network = {
  name: 'mode',
  title: 'Mode',
  chainId: 34443,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://explorer.mode.network',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, blockscout('https://explorer.mode.network')],
};

import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * An OP Stack rollup; the sequencer's blocks are final in practice, ten of them are twenty seconds. Verified people go
 * first in its blocks, so that others may wait for some.
 */
export const worldchain: Network = {
  name: 'worldchain',
  title: 'World Chain',
  chainId: 480,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://worldscan.org',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://worldchain-mainnet.explorer.alchemy.com')],
};

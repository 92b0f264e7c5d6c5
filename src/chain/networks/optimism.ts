import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * The first OP Stack rollup. One sequencer orders its blocks: ten of them are twenty seconds and final in practice.
 */
export const optimism: Network = {
  name: 'optimism',
  title: 'OP Mainnet',
  chainId: 10,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://optimistic.etherscan.io',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://optimism.blockscout.com')],
};

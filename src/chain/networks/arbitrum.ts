import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * A Nitro rollup with four blocks a second; it orders by arrival and ignores priority fees. Twenty blocks are five seconds,
 * long enough for the sequencer's feed to reach every node.
 */
export const arbitrum: Network = {
  name: 'arbitrum',
  title: 'Arbitrum One',
  chainId: 42161,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://arbiscan.io',
  confirmations: 20,
  blockSeconds: 0.25,
  eip1559: true,
  priorityFeeMinWei: 0,
  verifiers: [sourcify, etherscan, blockscout('https://arbitrum.blockscout.com')],
};

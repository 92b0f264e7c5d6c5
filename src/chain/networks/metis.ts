import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * A rollup with the Berlin rules, before EIP-1559: it takes gas prices only. Its sequencers take turns, and ten blocks
 * outlast a change of turn.
 */
export const metis: Network = {
  name: 'metis',
  title: 'Metis Andromeda',
  chainId: 1088,
  kind: 'mainnet',
  currency: { symbol: 'METIS', decimals: 18 },
  explorerUrl: 'https://andromeda-explorer.metis.io',
  confirmations: 10,
  blockSeconds: 5,
  eip1559: false,
  priorityFeeMinWei: 0,
  verifiers: [sourcify, blockscout('https://andromeda-explorer.metis.io')],
};

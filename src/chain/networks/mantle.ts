import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * A rollup of the OP Stack's family that pays fees in MNT, with far more gas a transaction than elsewhere. One sequencer
 * orders blocks: ten are twenty seconds.
 */
export const mantle: Network = {
  name: 'mantle',
  title: 'Mantle',
  chainId: 5000,
  kind: 'mainnet',
  currency: { symbol: 'MNT', decimals: 18 },
  explorerUrl: 'https://mantlescan.xyz',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, etherscan, blockscout('https://explorer.mantle.xyz')],
};

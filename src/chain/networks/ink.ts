import { blockscout } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An OP Stack rollup with a block a second: twenty blocks are twenty seconds and final in practice. */
export const ink: Network = {
  name: 'ink',
  title: 'Ink',
  chainId: 57073,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://explorer.inkonchain.com',
  confirmations: 20,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [blockscout('https://explorer.inkonchain.com')],
};

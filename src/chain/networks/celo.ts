import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** An OP Stack rollup since 2025 that pays fees in CELO. One sequencer orders blocks: twenty are twenty seconds. */
export const celo: Network = {
  name: 'celo',
  title: 'Celo',
  chainId: 42220,
  kind: 'mainnet',
  currency: { symbol: 'CELO', decimals: 18 },
  explorerUrl: 'https://celoscan.io',
  confirmations: 20,
  blockSeconds: 1,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, etherscan, blockscout('https://celo.blockscout.com')],
};

import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** One sequencer orders blocks: ten are thirty seconds. Etherscan's list of chains no longer names it. */
export const scroll: Network = {
  name: 'scroll',
  title: 'Scroll',
  chainId: 534352,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://scroll.blockscout.com',
  confirmations: 10,
  blockSeconds: 3,
  eip1559: true,
  priorityFeeMinWei: 1_000,
  verifiers: [sourcify, blockscout('https://scroll.blockscout.com')],
};

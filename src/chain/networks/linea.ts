import { blockscout, etherscan, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * One sequencer orders blocks: ten are twenty seconds. The base fee stands at 7 wei, the priority fee pays for all, and
 * below a floor that follows Ethereum's fees a transaction is not taken; 0.05 gwei has been enough.
 */
export const linea: Network = {
  name: 'linea',
  title: 'Linea',
  chainId: 59144,
  kind: 'mainnet',
  currency: { symbol: 'ETH', decimals: 18 },
  explorerUrl: 'https://lineascan.build',
  confirmations: 10,
  blockSeconds: 2,
  eip1559: true,
  priorityFeeMinWei: 50_000_000,
  verifiers: [sourcify, etherscan, blockscout('https://api-explorer.linea.build')],
};

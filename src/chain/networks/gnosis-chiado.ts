import { blockscout, sourcify } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/** The test network of Gnosis Chain; four blocks outlast the reorgs that late proposers cause. */
export const gnosisChiado: Network = {
  name: 'gnosis-chiado',
  title: 'Gnosis Chiado',
  chainId: 10200,
  kind: 'testnet',
  currency: { symbol: 'xDAI', decimals: 18 },
  explorerUrl: 'https://gnosis-chiado.blockscout.com',
  faucetUrl: 'https://faucet.chiadochain.net',
  confirmations: 4,
  blockSeconds: 5,
  eip1559: true,
  priorityFeeMinWei: 1,
  verifiers: [sourcify, blockscout('https://gnosis-chiado.blockscout.com')],
};

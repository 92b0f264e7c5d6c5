import { blockscout } from '../known-verifiers.ts';
import type { Network } from '../types.ts';

/**
 * The test network of Metis' faster chain. Its operators document neither fees nor finality: gas prices are taken by
 * every chain, and five blocks are more than Metis Sepolia is given.
 */
export const hyperionTestnet: Network = {
  name: 'hyperion-testnet',
  title: 'Metis Hyperion Testnet',
  chainId: 133717,
  kind: 'testnet',
  currency: { symbol: 'tMETIS', decimals: 18 },
  explorerUrl: 'https://hyperion-testnet-explorer.metisdevops.link',
  faucetUrl: 'https://t.me/hyperion_testnet_bot',
  confirmations: 5,
  blockSeconds: 2,
  eip1559: false,
  priorityFeeMinWei: 0,
  verifiers: [blockscout('https://hyperion-testnet-explorer.metisdevops.link')],
};

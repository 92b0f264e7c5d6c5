import type { Network } from '../types.ts';
import { arbitrum } from './arbitrum.ts';
import { arbitrumSepolia } from './arbitrum-sepolia.ts';
import { avalanche } from './avalanche.ts';
import { avalancheFuji } from './avalanche-fuji.ts';
import { base } from './base.ts';
import { baseSepolia } from './base-sepolia.ts';
import { berachain } from './berachain.ts';
import { berachainBepolia } from './berachain-bepolia.ts';
import { blast } from './blast.ts';
import { bnb } from './bnb.ts';
import { bnbTestnet } from './bnb-testnet.ts';
import { celo } from './celo.ts';
import { celoSepolia } from './celo-sepolia.ts';
import { ethereum } from './ethereum.ts';
import { fraxtal } from './fraxtal.ts';
import { gnosis } from './gnosis.ts';
import { gnosisChiado } from './gnosis-chiado.ts';
import { hoodi } from './hoodi.ts';
import { hyperionTestnet } from './hyperion-testnet.ts';
import { ink } from './ink.ts';
import { inkSepolia } from './ink-sepolia.ts';
import { linea } from './linea.ts';
import { lineaSepolia } from './linea-sepolia.ts';
import { local } from './local.ts';
import { mantle } from './mantle.ts';
import { mantleSepolia } from './mantle-sepolia.ts';
import { metis } from './metis.ts';
import { metisSepolia } from './metis-sepolia.ts';
import { mode } from './mode.ts';
import { optimism } from './optimism.ts';
import { optimismSepolia } from './optimism-sepolia.ts';
import { polygon } from './polygon.ts';
import { polygonAmoy } from './polygon-amoy.ts';
import { scroll } from './scroll.ts';
import { scrollSepolia } from './scroll-sepolia.ts';
import { sepolia } from './sepolia.ts';
import { soneium } from './soneium.ts';
import { soneiumMinato } from './soneium-minato.ts';
import { sonic } from './sonic.ts';
import { sonicTestnet } from './sonic-testnet.ts';
import { unichain } from './unichain.ts';
import { unichainSepolia } from './unichain-sepolia.ts';
import { worldchain } from './worldchain.ts';
import { worldchainSepolia } from './worldchain-sepolia.ts';
import { zora } from './zora.ts';

/**
 * Every network that Slipway knows: each main network with its test networks behind it. A new one is a file here and a
 * line in this list; those that were left out for a reason are in `unsupported-networks.ts`.
 */
export const networks: readonly Network[] = [
  local,
  ethereum,
  sepolia,
  hoodi,
  base,
  baseSepolia,
  optimism,
  optimismSepolia,
  arbitrum,
  arbitrumSepolia,
  polygon,
  polygonAmoy,
  bnb,
  bnbTestnet,
  avalanche,
  avalancheFuji,
  linea,
  lineaSepolia,
  scroll,
  scrollSepolia,
  mantle,
  mantleSepolia,
  metis,
  metisSepolia,
  hyperionTestnet,
  gnosis,
  gnosisChiado,
  celo,
  celoSepolia,
  unichain,
  unichainSepolia,
  worldchain,
  worldchainSepolia,
  ink,
  inkSepolia,
  soneium,
  soneiumMinato,
  zora,
  blast,
  mode,
  fraxtal,
  sonic,
  sonicTestnet,
  berachain,
  berachainBepolia,
];

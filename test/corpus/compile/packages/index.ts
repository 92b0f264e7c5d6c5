import type { CorpusPackage } from '../corpus-package.ts';
import { aaveV3Core } from './aave-v3-core.ts';
import { chainlink } from './chainlink.ts';
import { openzeppelin49 } from './openzeppelin-4.9.ts';
import { openzeppelin5 } from './openzeppelin-5.ts';
import { openzeppelinUpgradeable49 } from './openzeppelin-upgradeable-4.9.ts';
import { openzeppelinUpgradeable5 } from './openzeppelin-upgradeable-5.ts';
import { safeContracts } from './safe-contracts.ts';
import { safeSmartAccount } from './safe-smart-account.ts';
import { solady } from './solady.ts';
import { solmate } from './solmate.ts';
import { uniswapV2Core } from './uniswap-v2-core.ts';
import { uniswapV3Core } from './uniswap-v3-core.ts';
import { uniswapV3Periphery } from './uniswap-v3-periphery.ts';
import { uniswapV4Core } from './uniswap-v4-core.ts';

/** Every package of the corpus, in the order of the report. */
export const packages: readonly CorpusPackage[] = [
  openzeppelin5,
  openzeppelin49,
  openzeppelinUpgradeable5,
  openzeppelinUpgradeable49,
  solady,
  solmate,
  uniswapV2Core,
  uniswapV3Core,
  uniswapV3Periphery,
  uniswapV4Core,
  aaveV3Core,
  chainlink,
  safeContracts,
  safeSmartAccount,
];

import type { BundledLibrary } from '../bundled-library.ts';
import { dsTest } from './ds-test.ts';
import { forgeStd } from './forge-std.ts';
import { forgeStd06 } from './forge-std-0.6.ts';
import { hardhatConsole } from './hardhat-console.ts';
import { openzeppelin49 } from './openzeppelin-4.9.ts';
import { openzeppelin5 } from './openzeppelin-5.ts';
import { openzeppelinUpgradeable49 } from './openzeppelin-upgradeable-4.9.ts';
import { openzeppelinUpgradeable5 } from './openzeppelin-upgradeable-5.ts';
import { solady } from './solady.ts';
import { solmate } from './solmate.ts';

/** Every bundled library; of several versions of one name, the newest stands first. */
export const libraries: readonly BundledLibrary[] = [
  openzeppelin5,
  openzeppelin49,
  openzeppelinUpgradeable5,
  openzeppelinUpgradeable49,
  solady,
  solmate,
  forgeStd,
  forgeStd06,
  dsTest,
  hardhatConsole,
];

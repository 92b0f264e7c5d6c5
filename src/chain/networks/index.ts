import type { Network } from '../types.ts';
import { arbitrum } from './arbitrum.ts';
import { base } from './base.ts';
import { baseSepolia } from './base-sepolia.ts';
import { ethereum } from './ethereum.ts';
import { local } from './local.ts';
import { optimism } from './optimism.ts';
import { polygon } from './polygon.ts';
import { sepolia } from './sepolia.ts';

/** Every network that Slipway knows. A new one is a file here and a line in this list. */
export const networks: readonly Network[] = [
  local,
  sepolia,
  baseSepolia,
  ethereum,
  base,
  optimism,
  arbitrum,
  polygon,
];

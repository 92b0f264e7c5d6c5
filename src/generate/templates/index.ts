import type { Template } from '../types.ts';
import { erc20 } from './erc20.ts';
import { erc721 } from './erc721.ts';
import { storage } from './storage.ts';

/** Every contract kind that can be generated, by likeliness. */
export const templates: readonly Template[] = [erc20, erc721, storage];

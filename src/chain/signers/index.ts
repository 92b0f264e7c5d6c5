import type { Custody } from '../types.ts';
import { local } from './local.ts';

/** Every way to keep a signing key. A new one is a file here and a line in this list. */
export const custodies: readonly Custody[] = [local];

import { aderyn } from './aderyn.ts';
import { mythril } from './mythril.ts';
import { slither } from './slither.ts';
import { smtchecker } from './smtchecker.ts';
import { solhint } from './solhint.ts';
import type { Tool } from './types.ts';

/** Every analyser that is not ours. */
export const tools: readonly Tool[] = [slither, aderyn, mythril, solhint, smtchecker];

import type { Goal } from '../goal.ts';
import { authority } from './authority.ts';
import { blocked } from './blocked.ts';
import { foreignCode } from './foreign-code.ts';
import { killed } from './killed.ts';
import { lured } from './lured.ts';
import { reEntered } from './re-entered.ts';
import { taken } from './taken.ts';
import { wrapped } from './wrapped.ts';

/** Everything that an attack may bring about. */
export const goals: readonly Goal[] = [
  authority,
  blocked,
  foreignCode,
  killed,
  lured,
  reEntered,
  taken,
  wrapped,
];

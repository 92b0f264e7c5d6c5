import { addFunction, addParent, type Draft } from '../builder.ts';
import type { Access } from '../option-schemas.ts';
import { guard, whoMay } from './access.ts';

/** Adds `pause` and `unpause` to a token whose OpenZeppelin extension `parent` stops every movement while paused. */
export function addPausable(draft: Draft, parent: { name: string; path: string }, access: Access): void {
  addParent(draft, parent);
  const modifiers = guard(draft, access, 'PAUSER', 'stop and resume all movements of tokens');
  addFunction(draft, {
    name: 'pause',
    comment: [`@notice Stops all transfers, mints and burns. ${whoMay(access, 'PAUSER')}`],
    parameters: '',
    visibility: 'external',
    modifiers,
    body: ['_pause();'],
  });
  addFunction(draft, {
    name: 'unpause',
    comment: [`@notice Lets tokens move again. ${whoMay(access, 'PAUSER')}`],
    parameters: '',
    visibility: 'external',
    modifiers,
    body: ['_unpause();'],
  });
}

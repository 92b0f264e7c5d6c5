import { ownLibrary } from '../own-library.ts';

/** What Foundry's tests were built on before forge-std, in an edition of our own. */
export const dsTest = ownLibrary({
  folder: 'ds-test',
  name: 'ds-test',
  version: '1.0.0',
  aliases: ['ds-test/src', '@ds-test/src', '@ds-test'],
  note: 'An edition of our own with the interface of ds-test.',
});

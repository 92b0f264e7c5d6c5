import { ownLibrary } from '../own-library.ts';

/** What Foundry's tests and scripts import, in a small edition of our own: npm has no package by its makers. */
export const forgeStd = ownLibrary({
  folder: 'forge-std',
  name: 'forge-std',
  version: '1.8.0',
  aliases: ['forge-std/src', '@forge-std/src', '@forge-std'],
  note: 'An edition of our own with the interface of forge-std; it has no ffi.',
});

import { npmLibrary } from '../npm-library.ts';

/** Solady (MIT): what is common, written in assembly for little gas. */
export const solady = npmLibrary({
  package: 'solady',
  folder: 'src',
  name: 'solady',
  aliases: ['solady/src', '@solady/src', '@solady'],
});

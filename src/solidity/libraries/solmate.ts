import { npmLibrary } from '../npm-library.ts';

/** Solmate (AGPL-3.0): npm delivers it, only the compiler reads it, and every build that uses it says its licence. */
export const solmate = npmLibrary({
  package: 'solmate',
  folder: 'src',
  name: 'solmate',
  aliases: ['solmate/src', '@solmate/src', '@solmate', '@rari-capital/solmate/src', '@rari-capital/solmate'],
  note: 'Under the AGPL-3.0: contracts that build on it may have to be published under it too.',
});

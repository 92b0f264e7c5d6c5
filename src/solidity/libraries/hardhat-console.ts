import { ownLibrary } from '../own-library.ts';

/** `hardhat/console.sol`, which contracts under development are full of: the console of our forge-std. */
export const hardhatConsole = ownLibrary({
  folder: 'forge-std',
  name: 'hardhat',
  version: '1.0.0',
  only: /^console\.sol$/,
  note: 'An edition of our own of hardhat/console.sol; there is nothing else of Hardhat.',
});

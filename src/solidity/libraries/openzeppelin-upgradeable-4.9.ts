import { npmLibrary } from '../npm-library.ts';
import { openzeppelinUpgradeable5 } from './openzeppelin-upgradeable-5.ts';

/** OpenZeppelin Contracts Upgradeable 4.9 (MIT): complete in itself, with `Upgradeable` in every name. */
export const openzeppelinUpgradeable49 = npmLibrary({
  package: 'openzeppelin-contracts-upgradeable-4.9',
  name: '@openzeppelin/contracts-upgradeable',
  aliases: openzeppelinUpgradeable5.aliases,
  family: 'openzeppelin',
});

import { npmLibrary } from '../npm-library.ts';
import { openzeppelin5 } from './openzeppelin-5.ts';

/** OpenZeppelin Contracts 4.9 (MIT): the last line with `security/`, `Counters`, `SafeMath` and transfer hooks. */
export const openzeppelin49 = npmLibrary({
  package: 'openzeppelin-contracts-4.9',
  name: '@openzeppelin/contracts',
  aliases: openzeppelin5.aliases,
  family: 'openzeppelin',
});

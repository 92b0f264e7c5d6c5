import { ownLibrary } from '../own-library.ts';
import { forgeStd } from './forge-std.ts';

/** The same for compilers from 0.6.6 to 0.8.8, which have to be asked for structs in calls and rename no import twice. */
export const forgeStd06 = ownLibrary({
  folder: 'forge-std',
  name: 'forge-std',
  version: '1.6.0',
  aliases: forgeStd.aliases,
  ...(forgeStd.note === undefined ? {} : { note: forgeStd.note }),
  rewrite(path, read) {
    if (path === 'console2.sol')
      return read('console.sol').replace('library console {', 'library console2 {');
    return read(path).replace(
      'pragma solidity >=0.8.9 <0.9.0;',
      'pragma solidity >=0.6.6 <0.8.9;\npragma experimental ABIEncoderV2;',
    );
  },
});

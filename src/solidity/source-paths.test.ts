import { expect, test } from 'vitest';
import { joinRelative } from './source-paths.ts';

test.each([
  ['contracts/pool/Pool.sol', './Other.sol', 'contracts/pool/Other.sol'],
  ['contracts/pool/Pool.sol', '../lib/./Math.sol', 'contracts/lib/Math.sol'],
  // As Aave v3 writes it; the compiler reads several slashes as one.
  [
    'contracts/pool/Pool.sol',
    '../dependencies/contracts//IERC20.sol',
    'contracts/dependencies/contracts/IERC20.sol',
  ],
  ['Pool.sol', './/Other.sol', 'Other.sol'],
  ['Pool.sol', '../Other.sol', undefined],
  ['contracts/Pool.sol', './..//../Other.sol', undefined],
])('in %s the import %s means %s', (file, path, name) => {
  expect(joinRelative(file, path)).toBe(name);
});

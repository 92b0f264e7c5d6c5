import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['Tokn.sol', ['Token.sol', 'Other.sol'], 'Token.sol'],
  ['token.sol', ['src/token.sol', 'Token.sol'], 'Token.sol'],
  [
    'a/security/Pausable.sol',
    ['b/Pausable.sol', 'a/utils/Pausable.sol', 'a/security/Pausible.sol'],
    'a/utils/Pausable.sol',
  ],
  ['Vault.sol', ['Token.sol', 'Math.sol'], undefined],
  ['Counter', ['Counters', 'CounterV2'], 'Counters'],
  ['', ['A.sol'], undefined],
  ['z', ['A', 'y', 'zz'], undefined],
  ['a', ['b', 'A'], 'A'],
  ['foo', ['fo', 'far'], 'fo'],
  ['foo', ['far', 'bar'], undefined],
  ['x', [], undefined],
])('%j of %j is %j', (wanted, candidates, expected) => {
  expect(nearest(wanted, candidates)).toBe(expected);
});

test('the distance at which a slip is no slip any more', () => {
  const wanted = 'abcdefghijkl';
  expect(nearest(wanted, ['abcdefghiXYZ'])).toBe('abcdefghiXYZ');
  expect(nearest(wanted, ['abcdefghWXYZ'])).toBeUndefined();
  expect(nearest(wanted, ['XYZabcdefghijkl'])).toBe('XYZabcdefghijkl');
  expect(nearest(wanted, ['defghijkl'])).toBe('defghijkl');
  expect(nearest(wanted, ['efghijkl'])).toBeUndefined();
});

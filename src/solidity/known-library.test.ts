import { expect, test } from 'vitest';
import { findKnownContract } from './known-library.ts';
import { libraries } from './libraries/index.ts';

const openzeppelin = libraries.find(
  ({ name, version }) => name === '@openzeppelin/contracts' && version.startsWith('5'),
);
const path = 'access/Ownable.sol';
const file = openzeppelin?.read(path)?.content ?? '';
const ownable = file.slice(file.indexOf('abstract contract'));

test('an unchanged copy of a contract is known, whatever its comments and lines look like', () => {
  const known = { library: '@openzeppelin/contracts', version: openzeppelin?.version, path };
  expect(findKnownContract('Ownable', ownable)).toEqual(known);
  const flattened = ownable.replace(/\/\*\*[\s\S]*?\*\//g, '// flattened').replaceAll('\n', '\r\n  ');
  expect(findKnownContract('Ownable', flattened)).toEqual(known);
});

test('a copy with one word changed is not', () => {
  const changed = ownable.replace('onlyOwner {', '{');
  expect(changed).not.toBe(ownable);
  expect(findKnownContract('Ownable', changed)).toBeUndefined();
});

test('neither is somebody else’s contract of the same name, nor one too short to tell', () => {
  expect(
    findKnownContract('Ownable', `contract Ownable { ${'uint256 public value; '.repeat(20)} }`),
  ).toBeUndefined();
  expect(findKnownContract('Nobody', ownable)).toBeUndefined();
  expect(findKnownContract('Ownable', 'import "../utils/Context.sol";')).toBeUndefined();
});

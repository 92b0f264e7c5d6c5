import { type HostileCase, refused } from './case.ts';

const bad = 'source-path-invalid';
const paths: [path: string, code: string][] = [
  ['../A.sol', bad],
  ['a/../../A.sol', bad],
  ['a/./A.sol', bad],
  ['a//A.sol', bad],
  ['/etc/passwd', bad],
  ['a\\..\\A.sol', bad],
  ['C:/A.sol', bad],
  ['c:A.sol', bad],
  ['file:///etc/passwd', bad],
  ['https://example.org/A.sol', bad],
  ['~/A.sol', bad],
  ['a\nb.sol', bad],
  ['A.sol\u007f', bad],
  ['a/__proto__/A.sol', bad],
  ['__proto__', 'validation-failed'],
  ['A\0.sol', 'validation-failed'],
  ['', 'validation-failed'],
  [`${'a/'.repeat(200)}A.sol`, 'validation-failed'],
  ['x'.repeat(1_000_000), 'validation-failed'],
];

export const badPaths: HostileCase = {
  name: 'paths',
  why: 'A path that leaves the sources, or means another file on another system, or a property that objects have.',
  inputs: paths.map(([path, code]) => ({
    name: JSON.stringify(path.slice(0, 40)),
    // Written as text: as a key of an object literal, `__proto__` would be lost here already.
    body: () => Buffer.from(`{"sources":{${JSON.stringify(path)}:"contract A {}"}}`),
    answer: refused(422, code),
  })),
};

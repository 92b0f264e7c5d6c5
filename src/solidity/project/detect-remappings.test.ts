import { expect, test } from 'vitest';
import type { RequestNote } from '../types.ts';
import { detectRemappings } from './detect-remappings.ts';
import { filesOf, type Packed } from './test-support.ts';

function detected(paths: string[] | Packed, libs = ['lib']) {
  const notes: RequestNote[] = [];
  const files = Array.isArray(paths) ? Object.fromEntries(paths.map((path) => [path, ''])) : paths;
  return { lines: detectRemappings(filesOf(files), { libs, notes }), notes };
}

test('a dependency is imported by its folder’s name, from where its sources begin', () => {
  expect(
    detected([
      'src/A.sol',
      'lib/forge-std/src/Test.sol',
      'lib/forge-std/test/Std.t.sol',
      'lib/solmate/src/tokens/ERC20.sol',
      'lib/v2-core/contracts/Pair.sol',
      'lib/v2-core/contracts/interfaces/IPair.sol',
      'lib/openzeppelin-contracts/contracts/token/ERC20.sol',
      'lib/openzeppelin-contracts/certora/Harness.sol',
      'lib/flat/Flat.sol',
      'lib/only-tests/test/A.t.sol',
      'lib/.hidden/src/A.sol',
    ]).lines,
  ).toEqual([
    'flat/=lib/flat/',
    'forge-std/=lib/forge-std/src/',
    'openzeppelin-contracts/=lib/openzeppelin-contracts/',
    'solmate/=lib/solmate/src/',
    'v2-core/=lib/v2-core/contracts/',
  ]);
});

test('dependencies of dependencies too; the nearest of a name wins', () => {
  expect(
    detected([
      'lib/a/src/A.sol',
      'lib/a/lib/b/src/B.sol',
      'lib/a/lib/ds-test/src/test.sol',
      'lib/a/lib/c/lib/ds-test/src/test.sol',
      'lib/b/src/B.sol',
    ]).lines,
  ).toEqual(['a/=lib/a/src/', 'b/=lib/b/src/', 'ds-test/=lib/a/lib/ds-test/src/']);
});

test('what a dependency remaps for itself holds for the project, as far as it is there', () => {
  const { lines, notes } = detected({
    'lib/oz/contracts/A.sol': '',
    'lib/oz/foundry.toml': '',
    'lib/flat/F.sol': '',
    'lib/flat/remappings.txt': 'not-of-foundry/=./',
    'lib/oz/remappings.txt':
      '@oz/contracts/=contracts/\nmissing/=lib/missing/src/\nsrc/=contracts/\ncontext:x/=contracts/',
    'lib/b/src/B.sol': '',
    'lib/b/lib/c/src/C.sol': '',
    'lib/b/foundry.toml': '[profile.default]\nremappings = ["@c=lib/c/src"]',
    'lib/bad/src/X.sol': '',
    'lib/bad/foundry.toml': 'not toml',
  });
  expect(lines).toEqual([
    '@c/=lib/b/lib/c/src/',
    '@oz/contracts/=lib/oz/contracts/',
    'b/=lib/b/src/',
    'bad/=lib/bad/src/',
    'c/=lib/b/lib/c/src/',
    'flat/=lib/flat/',
    'oz/=lib/oz/contracts/',
  ]);
  expect(notes.map(({ message }) => message)).toEqual([
    expect.stringContaining('The remappings of lib/bad/ are not used: lib/bad/foundry.toml:1'),
  ]);
});

test('other folders than lib, and what npm installed', () => {
  expect(detected(['deps/x/src/X.sol', 'lib/y/src/Y.sol'], ['deps']).lines).toEqual(['x/=deps/x/src/']);
  const npm = ['x/src/X.sol', '@s/p/contracts/P.sol', '@s/q/Q.sol', '.pnpm/z/Z.sol'];
  const paths = npm.map((path) => `node_modules/${path}`);
  expect(detected(paths, ['node_modules', '', 'nowhere']).lines).toEqual([
    '@s/=node_modules/@s/',
    'x/=node_modules/x/',
  ]);
});

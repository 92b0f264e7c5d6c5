import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from './start-compiler.ts';
import { type ContractStorage, compareStorage } from './storage-layout.ts';
import type { Compiler } from './types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
});
afterAll(() => compiler.close());

async function storageOf(body: string, before = ''): Promise<ContractStorage> {
  const source = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.24;\n${before}\ncontract V ${body}`;
  const prepared = compiler.prepare({ sources: { 'V.sol': source } });
  const { ok, diagnostics, storage } = await compiler.storage(prepared, { file: 'V.sol', contract: 'V' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!ok || !storage) throw new Error('does not compile');
  return storage;
}

/** What stands before the contract, in both. */
interface Case {
  before?: string;
  after?: string;
}

async function compare(old: string, now: string, { before = '', after = before }: Case = {}) {
  return compareStorage(await storageOf(old, before), await storageOf(now, after));
}

const codes = async (...given: Parameters<typeof compare>) =>
  (await compare(...given)).map(({ code }) => code);

describe('an upgrade keeps what is stored', () => {
  const kept: [string, string, string, Case?][] = [
    ['nothing changed', '{ uint256 a; address b; }', '{ uint256 a; address b; }'],
    [
      'variables are added behind',
      '{ uint256 a; }',
      '{ uint256 a; uint256 b; mapping(address => uint256) c; }',
    ],
    ['one is packed into room that was free', '{ uint128 a; }', '{ uint128 a; uint64 b; }'],
    ['constants and immutables come and go', '{ uint256 constant x = 1; uint256 a; }', '{ uint256 a; }'],
    [
      'a gap is used up',
      '{ uint256 a; uint256[10] __gap; uint256 z; }',
      '{ uint256 a; uint256 b; uint256[9] __gap; uint256 z; }',
    ],
    ['a gap is used up whole', '{ uint256[2] __gap; uint256 z; }', '{ uint256 a; address b; uint256 z; }'],
    ['a last gap makes room for more than it had', '{ uint256[1] __gap; }', '{ uint256 a; uint256 b; }'],
    ['a contract type becomes an address', '{ I a; }', '{ address a; }', { before: 'interface I {}' }],
    ['an address becomes payable', '{ address a; }', '{ address payable a; }'],
    [
      'an enum gets values behind',
      '{ E e; }',
      '{ E e; }',
      { before: 'enum E { A, B }', after: 'enum E { A, B, C }' },
    ],
    [
      'a struct in a mapping grows',
      '{ mapping(uint256 => S) s; uint256 z; }',
      '{ mapping(uint256 => S) s; uint256 z; }',
      { before: 'struct S { uint256 a; }', after: 'struct S { uint256 a; uint256 b; }' },
    ],
    [
      'a last struct grows',
      '{ uint256 a; S s; }',
      '{ uint256 a; S s; }',
      { before: 'struct S { uint256 a; }', after: 'struct S { uint256 a; uint256 b; }' },
    ],
    ['a last array grows', '{ uint256[2] a; }', '{ uint256[3] a; }'],
    [
      'a struct that contains itself stays',
      '{ S s; }',
      '{ S s; uint256 z; }',
      { before: 'struct S { mapping(uint256 => S) next; S[] all; uint256 v; }' },
    ],
    ['a variable is renamed and says so', '{ uint256 a; }', '{ /// @custom:oz-renamed-from a\n uint256 b; }'],
    [
      'parents in another file keep their order',
      '{ uint256 z; }',
      '{ uint256 z; }',
      { before: 'contract P { uint256 p; }', after: 'contract P { uint256 p; function f() external {} }' },
    ],
    [
      'private variables of two parents have one name',
      'is P, Q { }',
      'is P, Q { uint256 z; }',
      { before: 'contract P { uint256 private x; } contract Q { address private x; }' },
    ],
  ];
  test.each(kept)('%s', async (_what, old, now, given) => {
    expect(await compare(old, now, given ?? {})).toEqual([]);
  });
});

describe('an upgrade that would read what another variable wrote is refused', () => {
  const refused: [string, string, string, string[], Case?][] = [
    [
      'one is inserted',
      '{ uint256 a; uint256 b; }',
      '{ uint256 n; uint256 a; uint256 b; }',
      ['storage-moved', 'storage-moved'],
    ],
    [
      'two change places',
      '{ uint256 a; uint256 b; }',
      '{ uint256 b; uint256 a; }',
      ['storage-moved', 'storage-moved'],
    ],
    ['the last is deleted', '{ uint256 a; uint256 b; }', '{ uint256 a; }', ['storage-deleted']],
    [
      'a list that is called like a gap is none',
      '{ uint256[] gaps; }',
      '{ uint256 n; uint256[] gaps; }',
      ['storage-moved'],
    ],
    [
      'one becomes a gap',
      '{ uint256 a; uint256 b; }',
      '{ uint256[1] __gap; uint256 b; }',
      ['storage-deleted'],
    ],
    ['one is renamed', '{ uint256 a; }', '{ uint256 b; }', ['storage-renamed']],
    ['one is wider', '{ uint128 a; }', '{ uint256 a; }', ['storage-type-changed']],
    ['one is signed', '{ uint256 a; }', '{ int256 a; }', ['storage-type-changed']],
    ['a text becomes bytes', '{ string a; }', '{ bytes a; }', ['storage-type-changed']],
    [
      'a mapping has another key',
      '{ mapping(address => uint256) a; }',
      '{ mapping(uint256 => uint256) a; }',
      ['storage-type-changed'],
    ],
    [
      'a mapping has another value',
      '{ mapping(address => uint256) a; }',
      '{ mapping(address => uint128) a; }',
      ['storage-type-changed'],
    ],
    ['an array has other elements', '{ uint128[] a; }', '{ uint64[] a; }', ['storage-type-changed']],
    ['an array shrinks', '{ uint256[3] a; }', '{ uint256[2] a; }', ['storage-type-changed']],
    [
      'an array grows with something behind it',
      '{ uint256[2] a; uint256 z; }',
      '{ uint256[3] a; uint256 z; }',
      ['storage-type-changed', 'storage-moved'],
    ],
    [
      'a gap is used up too far',
      '{ uint256[2] __gap; uint256 z; }',
      '{ uint256 a; uint256[2] __gap; uint256 z; }',
      ['storage-moved'],
    ],
    [
      'an enum has a value in between',
      '{ E e; }',
      '{ E e; }',
      ['storage-type-changed'],
      { before: 'enum E { A, B }', after: 'enum E { A, X, B }' },
    ],
    [
      'a struct in a list grows',
      '{ S[] s; }',
      '{ S[] s; }',
      ['storage-type-changed'],
      { before: 'struct S { uint256 a; }', after: 'struct S { uint256 a; uint256 b; }' },
    ],
    [
      'members of a struct change places',
      '{ mapping(uint256 => S) s; }',
      '{ mapping(uint256 => S) s; }',
      ['storage-type-changed'],
      { before: 'struct S { uint256 a; uint256 b; }', after: 'struct S { uint256 b; uint256 a; }' },
    ],
    [
      'parents change places',
      'is P, Q { }',
      'is Q, P { }',
      ['storage-moved', 'storage-moved'],
      { before: 'contract P { uint256 p; } contract Q { uint256 q; }' },
    ],
    [
      'a parent gets a variable',
      'is P { uint256 z; }',
      'is P { uint256 z; }',
      ['storage-moved'],
      { before: 'contract P { uint256 p; }', after: 'contract P { uint256 p; uint256 q; }' },
    ],
  ];
  test.each(refused)('%s', async (_what, old, now, expected, given) => {
    expect(await codes(old, now, given ?? {})).toEqual(expected);
  });
});

test('each problem says what was where, and what to do', async () => {
  const [moved] = await compare('{ uint128 a; uint128 b; }', '{ uint128 n; uint128 a; uint128 b; }');
  expect(moved).toMatchObject({
    message: 'a was at slot 0 and is at slot 0, byte 16 now, where something else is stored.',
    hint: expect.stringContaining('n stands in its place'),
    astId: expect.any(Number),
  });
  const [inner] = await compare('{ mapping(uint256 => S) s; }', '{ mapping(uint256 => S) s; }', {
    before: 'struct S { uint256 a; bool b; }',
    after: 'struct S { uint256 a; address b; }',
  });
  expect(inner?.message).toBe('s holds struct S, in which: b was bool and is address now.');
});

describe('namespaces (ERC-7201)', () => {
  const inside = (members: string, id = 'erc7201:test.main') =>
    `{ /// @custom:storage-location ${id}\n struct Main { ${members} } }`;

  test('may grow, and come along', async () => {
    expect(await compare(inside('uint256 a;'), inside('uint256 a; mapping(address => bool) b;'))).toEqual([]);
    expect(
      await compare(
        '{ uint256 a; }',
        `{ uint256 a; /// @custom:storage-location erc7201:x\n struct X { uint256 b; } }`,
      ),
    ).toEqual([]);
  });

  test('keep their members, and stay', async () => {
    const [changed] = await compare(inside('uint256 a; uint256 b;'), inside('uint256 b; uint256 a;'));
    expect(changed).toMatchObject({
      code: 'storage-type-changed',
      message: expect.stringContaining(
        'erc7201:test.main: Main holds struct V.Main, in which: a was at slot 0',
      ),
    });
    expect(await codes(inside('uint256 a;'), inside('uint256 a;', 'erc7201:test.other'))).toEqual([
      'namespace-deleted',
    ]);
  });

  test('of library parents count as well', async () => {
    const imports = (names: string[]) =>
      names.map((name) => `import "@openzeppelin/contracts-upgradeable/${name}.sol";`).join('\n');
    const before = imports(['token/ERC20/ERC20Upgradeable', 'access/OwnableUpgradeable']);
    const old = await storageOf('is ERC20Upgradeable, OwnableUpgradeable { uint256 a; }', before);
    expect(Object.keys(old.namespaces)).toContain('erc7201:openzeppelin.storage.ERC20');
    const now = await storageOf('is ERC20Upgradeable { uint256 a; }', before);
    expect(compareStorage(old, now).map(({ message }) => message)).toEqual([
      'The namespace erc7201:openzeppelin.storage.Ownable is gone, and with it what is stored there.',
    ]);
  });
});

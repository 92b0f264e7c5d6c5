import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../lib/limits.ts';
import { fail } from '../errors.ts';
import { startCompiler } from '../start-compiler.ts';
import type { AstNode, Compiler, Sources } from '../types.ts';
import { callablesOf, unknownModifiers } from './annotate.ts';
import { readParts, readPreparedParts } from './read-parts.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
});
afterAll(() => compiler.close());

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

/** What is left and what is left out, as short texts. */
async function read(sources: Sources, more: { entry?: string } = {}) {
  const { parts, leftOut } = await readParts(compiler, { sources, ...more });
  const callables = parts.flatMap(({ asts, prepared }) =>
    prepared.ownFiles.flatMap((file) => callablesOf(asts[file] as AstNode)),
  );
  return {
    parts: parts.length,
    whole: callables.filter(({ body }) => body).map(nameOf),
    bodiless: callables.filter(({ body }) => !body).map(nameOf),
    leftOut: leftOut.map(({ line, what }) => `${line}: ${what}`),
    reasons: leftOut.map(({ reason }) => reason),
    callables,
  };
}

function nameOf(node: AstNode): string {
  return String(node['name'] || node['kind']);
}

const one = (text: string) => read({ 'A.sol': header + text });

test('a contract that is never closed is named, though nothing of it can be left out', async () => {
  const whole = `${header}contract B { uint256 x; function f() external { x = 1; } }`;
  const { parts, whole: kept, leftOut } = await read({ 'A.sol': `${header}contract A {`, 'B.sol': whole });
  expect([parts, kept, leftOut]).toEqual([1, ['f'], [expect.stringMatching(/^3: /)]]);
});

describe('sources that compile', () => {
  test('are one part, with nothing left out', async () => {
    expect(await one('contract A { function f() external {} }')).toMatchObject({
      ...{ parts: 1, whole: ['f'], bodiless: [], leftOut: [] },
    });
  });
});

test('a long header of modifiers that nobody knows ends soon, with comments that have brackets in it', async () => {
  const many = Array.from({ length: 12 }, (_, i) => `onlySomebody${i}`).join(' ');
  const source = `contract A { uint x;
  function f(uint a /* ) */, uint[] memory b) public view ${many} { x; }
  function g(uint h) external other(1, (2)) { x = h; }
}`;
  const found = await read({ 'A.sol': source });
  expect(found).toMatchObject({ parts: 1, whole: ['f', 'g'] });
});

describe('a compiler that is not at hand is stood in for', () => {
  const old = (pragma: string) =>
    `${pragma}\ncontract A {\n  uint public x;\n  function f() { if (x > 1) throw; x = 2; }\n}`;

  test.each([
    ['0.4.19', '0.4.26'],
    ['=0.4.9', '0.4.26'],
    ['>=0.4.2 <0.4.21', '0.4.26'],
    ['0.4.0 - 0.4.23', '0.4.26'],
  ])('pragma %s: all is read, by another release of the series, and that is said', async (range, reader) => {
    const source = old(`pragma solidity ${range};`);
    const { parts, leftOut } = await readParts(compiler, { sources: { 'A.sol': source } });
    expect(parts.map(({ prepared }) => prepared.compiler)).toEqual([reader]);
    expect(leftOut).toEqual([
      {
        ...{ file: 'A.sol', line: 1, what: `the pragma ${range}`, isRead: true },
        reason: `no compiler at hand satisfies it, ${reader} read the file instead`,
      },
    ]);
    // Places stay what they were.
    expect(parts[0]?.prepared.input.sources['A.sol']?.content.slice(range.length + 17)).toBe(
      source.slice(range.length + 17),
    );
  });

  test('two files that want two such releases are read together', async () => {
    const sources = {
      'A.sol': `pragma solidity 0.4.19;\nimport "./B.sol";\ncontract A is B { function a() public {} }`,
      'B.sol': 'pragma solidity 0.4.21;\ncontract B { function b() public {} }',
    };
    const found = await read(sources);
    expect(found).toMatchObject({ parts: 1, whole: ['a', 'b'] });
    expect(found.leftOut).toEqual(['1: the pragma 0.4.19', '1: the pragma 0.4.21']);
  });

  test('a series that is not bundled is refused as ever', async () => {
    await expect(read({ 'A.sol': 'pragma solidity 0.3.6;\ncontract A {}' })).rejects.toMatchObject({
      code: 'pragma-unsatisfied',
    });
    await expect(read({ 'A.sol': 'pragma solidity <0.0.9;\ncontract A {}' })).rejects.toMatchObject({
      code: 'pragma-unsatisfied',
    });
  });

  test.each(['', 'pragma solidity >=0.4.11;', 'pragma solidity >=0.4.0 <0.9.0;'])(
    'what may be meant for several series is read by the one that takes all of it: "%s"',
    async (pragma) => {
      const { parts, leftOut } = await readParts(compiler, { sources: { 'A.sol': old(pragma) } });
      expect(parts.map(({ prepared }) => prepared.compiler)).toEqual(['0.4.26']);
      expect(leftOut).toEqual([]);
    },
  );

  test('what no series takes as a whole is read in parts by the newest', async () => {
    const source = 'contract A { uint x; function f() external { x = 1; } function g() external { x = y; } }';
    const found = await read({ 'A.sol': source });
    expect(found).toMatchObject({ parts: 1, whole: ['f'], bodiless: ['g'] });
  });

  test('a compiler that the caller names is the only one', async () => {
    const { leftOut } = await readParts(compiler, { sources: { 'A.sol': old('') }, compiler: '0.8.30' });
    expect(leftOut.length).toBeGreaterThan(0);
  });
});

describe('what has an error is left out, and nothing else', () => {
  test('the body of a function, whatever it returns', async () => {
    const found = await one(`contract A {
    uint public x;
    struct S { uint a; }
    S[] list;
    function good() external { x = 1; }
    function bad() internal view returns (S storage found) { return list[unknown]; }
    function also() external { bad(); }
}`);
    expect(found).toMatchObject({ whole: ['good', 'also'], bodiless: ['bad'] });
    expect(found.leftOut).toEqual(['8: the body of function bad']);
    expect(found.reasons).toEqual(['Undeclared identifier.']);
  });

  test('a statement that cannot be read', async () => {
    const found = await one(`contract A {
    uint public x;
    function bad() external { x = = 1; }
    function worse() external { if x { } }
    function good() external { x = 1; }
}`);
    expect(found).toMatchObject({ whole: ['good'], bodiless: ['bad', 'worse'] });
  });

  test('a body whose brace is missing, however deep', async () => {
    const found = await one(`contract A {
    uint public x;
    function bad() external { if (x > 1) { x = 2; while (x > 3) {
    /// @notice the next one
    function good() external { x = 1; }
}
contract B { function fine() external {} }`);
    expect(found).toMatchObject({ whole: ['good', 'fine'], bodiless: ['bad'] });
  });

  test('a contract whose last brace is missing keeps its functions', async () => {
    const found = await one(`contract A {
    uint public x;
    function good() external { x = 1; }

contract B { function fine() external {} }`);
    expect(found.whole).toEqual(['good', 'fine']);
  });

  test('a header, a state variable and what uses it', async () => {
    const found = await one(`contract A {
    Missing token;
    uint x;
    function header(Unknown what) external { x = 2; }
    function uses() external { token.go(); }
    function good() external { x = 1; }
    function broken( external { x = 1; }
}`);
    expect(found).toMatchObject({ whole: ['good'], bodiless: ['uses'] });
    expect(found.leftOut.sort()).toEqual([
      '4: "Missing token;"',
      '6: function header',
      '7: the body of function uses',
      '9: function broken',
    ]);
  });

  test('a file of several, and what it brings about in the others', async () => {
    const found = await read({
      'A.sol': `${header}import {B} from "./B.sol";\ncontract A is B { function f() external { g(); } function h() external {} }`,
      'B.sol': `${header}contract B { function g() internal {} ?? }`,
      'C.sol': `${header}contract C { function c() external {} }`,
    });
    expect(found.whole.sort()).toEqual(['c', 'f', 'g', 'h']);
    expect(found.leftOut).toHaveLength(1);
  });

  test('offsets are right behind characters of several bytes', async () => {
    const found = await one(`contract A {
    string s = unicode"ÄÖ€😀"; // 😀😀
    function bad() external { s = 1; } /* € */ function good() external { s = "x"; }
}`);
    expect(found).toMatchObject({ whole: ['good'], bodiless: ['bad'] });
  });
});

describe('imports that lead nowhere', () => {
  test('are left out, with the base, and its modifiers are guards that nobody knows', async () => {
    const found = await one(`import {Ownable} from "./lib/Ownable.sol";
import "nowhere/Guard.sol";
contract A is Ownable, Guard {
    uint x;
    constructor() Ownable(msg.sender) { x = 2; }
    function set(uint next) external onlyOwner { x = next; }
    function pay(uint next) external nonReentrant onlyRole(keccak256("A")) returns (uint) { x = next; return x; }
    function own() external override returns (address) { return address(this); }
    function uses() external view returns (address) { return owner(); }
}`);
    expect(found.leftOut).toEqual(
      expect.arrayContaining([
        '3: the import of "./lib/Ownable.sol"',
        '4: the import of "nowhere/Guard.sol"',
        '5: the base Ownable of contract A',
        '8: the modifier onlyOwner of function set',
        '11: the body of function uses',
      ]),
    );
    expect(found.whole).toEqual(['constructor', 'set', 'pay', 'own']);
    const known = Object.fromEntries(found.callables.map((node) => [nameOf(node), node[unknownModifiers]]));
    expect(known).toMatchObject({ set: ['onlyOwner'] });
    expect([...(known['pay'] as string[])].sort()).toEqual(['nonReentrant', 'onlyRole']);
  });

  test('one name that a file does not have leaves the others', async () => {
    const found = await read({
      'A.sol': `${header}import {B, Nothing} from "./B.sol";\ncontract A is B { function f() external { g(); } function n() external { new Nothing(); } }`,
      'B.sol': `${header}contract B { function g() internal {} }`,
    });
    expect(found).toMatchObject({ whole: ['f', 'g'], bodiless: ['n'] });
  });
});

describe('files that do not go together', () => {
  test('are read one by one where their pragmas contradict each other', async () => {
    const found = await read({
      'Old.sol': 'pragma solidity ^0.4.24;\ncontract Old { function o() public {} }',
      'New.sol': `${header}contract New { function n() external {} }`,
      'None.sol': 'pragma solidity 0.3.0;\ncontract None { function p() public {} }',
    });
    expect(found).toMatchObject({ parts: 2, whole: ['n', 'o'] });
    expect(found.leftOut).toEqual(['1: the whole file']);
    expect(found.reasons[0]).toContain('no bundled compiler satisfies');
  });

  test('when none can be read the error is that of the whole', async () => {
    await expect(read({ 'A.sol': 'pragma solidity 0.3.0; contract A {}' })).rejects.toMatchObject({
      code: 'pragma-unsatisfied',
    });
    expect(await read({ 'A.sol': `${header}contract A { function f( }` })).toMatchObject({ parts: 0 });
    expect(await read({ 'A.sol': `${header}this is no Solidity at all` })).toMatchObject({ parts: 0 });
  });
});

describe('limits', () => {
  const faulty = (count: number) => `contract A {
${Array.from({ length: count }, (_, at) => `    function f${at}() external { if ${at} { } }`).join('\n')}
    function good() external {}
}
contract B { function fine() external {} }`;

  test('errors that the compiler tells one by one are left out one by one, up to the last rounds', async () => {
    const few = await one(faulty(limits.partialRoundsMax - 10));
    expect(few.whole).toEqual(['good', 'fine']);
    expect(few.leftOut).toHaveLength(limits.partialRoundsMax - 10);
    const many = await one(faulty(limits.partialRoundsMax + 10));
    expect(many.whole).toEqual(['fine']);
    expect(many.leftOut).toContain('3: contract A');
  }, 60_000);

  test('imports that lead nowhere are left out up to a number', async () => {
    const missing = (count: number) =>
      one(
        `${Array.from({ length: count }, (_, at) => `import "./M${at}.sol";`).join('\n')}\ncontract A { function f() external {} }`,
      );
    expect((await missing(limits.missingImportsMax)).leftOut).toHaveLength(limits.missingImportsMax);
    await expect(missing(limits.missingImportsMax + 1)).rejects.toMatchObject({ code: 'import-not-found' });
  }, 60_000);

  test('what the compiler crashes on is found by taking each contract alone, up to a number', async () => {
    const crashing: Pick<Compiler, 'ast'> = {
      ast(prepared, options) {
        const { content = '' } = prepared.input.sources['A.sol'] ?? {};
        if (/\bCrash\b/.test(content)) throw fail('compiler-crashed', { detail: 'as it does' });
        return compiler.ast(prepared, options);
      },
    };
    const source = (count: number) => `${header}
contract Crash { function c() external {} }
contract UsesIt is Crash { function u() external {} }
contract Base { function b() external {} }
contract Uses is Base { function d() external {} }
${Array.from({ length: count - 4 }, (_, at) => `contract C${at} { function f${at}() external {} }`).join('\n')}`;
    const read = (count: number) =>
      readPreparedParts(crashing, compiler.prepare({ sources: { 'A.sol': source(count) } }));
    const found = await read(limits.contractsApartMax);
    expect(found.parts).toHaveLength(limits.contractsApartMax - 2);
    expect(found.leftOut.map(({ what }) => what)).toEqual(['contract Crash', 'contract UsesIt']);
    await expect(read(limits.contractsApartMax + 1)).rejects.toMatchObject({ code: 'compiler-crashed' });
  }, 60_000);
});

describe('compilers of every age', () => {
  test.each(['0.4.26', '0.5.17', '0.6.12', '0.7.6', '0.8.37'])('%s', async (version) => {
    const found = await read({
      'A.sol': `pragma solidity ${version};
contract I { function go() public; }
contract A is Nowhere {
    uint x;
    modifier broken() { unknown = 1; _; }
    function bad() public returns (uint) { return unknown; }
    function calls() public broken { bad(); }
    function good() public { x = 1; }
}`,
    });
    expect(found.whole).toEqual(expect.arrayContaining(['calls', 'good']));
    expect(found.bodiless).toEqual(expect.arrayContaining(['broken', 'bad']));
  });
});

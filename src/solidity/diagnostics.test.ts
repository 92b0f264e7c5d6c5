import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { readDiagnostics } from './diagnostics.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler, Diagnostic, DiagnosticPlace, Sources } from './types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
});
afterAll(() => compiler.close());

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

async function diagnose(sources: Sources | string): Promise<Diagnostic[]> {
  const request = { sources: typeof sources === 'string' ? { 'A.sol': sources } : sources };
  return (await compiler.check(compiler.prepare(request))).diagnostics;
}

const shown = (place: DiagnosticPlace | undefined) =>
  place &&
  `${place.file}:${place.line}:${place.column}-${place.endLine}:${place.endColumn}\n${place.excerpt}`;
const placeOf = async (source: string) => shown((await diagnose(source))[0]?.place);

describe('places of what the real compiler says', () => {
  test('behind characters of two, three and four bytes, in lines before and in its own', async () => {
    const source = `${header}// ä 漢 🦄\ncontract A { string s = unicode"ä漢🦄"; uint y = z; }`;
    expect(await placeOf(source)).toMatchInlineSnapshot(`
      "A.sol:4:49-4:50
      contract A { string s = unicode"ä漢🦄"; uint y = z; }
                                                      ^"
    `);
  });

  test('behind tabs, which keep their width in the line of carets', async () => {
    expect(await placeOf(`${header}contract A {\n\t\tuint\ty = z;\n}`)).toMatchInlineSnapshot(`
      "A.sol:4:12-4:13
      		uint	y = z;
      		    	    ^"
    `);
  });

  test('in a file with CRLF line ends, which no excerpt shows', async () => {
    const source = `${header}contract A {\r\n  uint y = z;\r\n}\r\n`;
    expect(await placeOf(source)).toMatchInlineSnapshot(`
      "A.sol:4:12-4:13
        uint y = z;
                 ^"
    `);
  });

  test('at the end of the file, with and without a last line feed', async () => {
    expect(await placeOf(`${header}contract A {`)).toMatchInlineSnapshot(`
      "A.sol:3:13-3:13
      contract A {
                  ^"
    `);
    expect(await placeOf(`${header}contract A {\n`)).toMatchInlineSnapshot(`
      "A.sol:4:1-4:1

      ^"
    `);
  });

  test('in the middle of a line of a megabyte', async () => {
    const source = `${header}contract A { ${'/*🦄*/'.repeat(100_000)} uint y = z; ${'/*漢*/'.repeat(100_000)} }`;
    const place = (await diagnose(source))[0]?.place;
    expect([place?.line, place?.column, place?.endColumn]).toEqual([3, 600_024, 600_025]);
    const [line = '', carets = ''] = place?.excerpt.split('\n') ?? [];
    expect(line[carets.indexOf('^')]).toBe('z');
    expect(line.length + carets.length).toBeLessThan(limits.excerptCharactersMax);
  });

  test('a range over several lines is marked to the end of its first', async () => {
    const source = `${header}contract A { function f() public pure returns (uint) {\n  return g(\n    1,\n    2\n  );\n} function g(uint) internal pure returns (uint) {} }`;
    const found = await diagnose(source);
    expect(shown(found.find(({ code }) => code === '6160')?.place)).toMatchInlineSnapshot(`
      "A.sol:4:10-7:4
        return g(
               ^^"
    `);
  });

  test('in a file of a bundled library', async () => {
    const source = `${header}import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";\ncontract A is ERC20 { constructor() ERC20("A", "A") {} function name() public pure returns (uint256) {} }`;
    const found = await diagnose(source);
    const override = found.find(({ code }) => code === '9456');
    expect(override?.place).toMatchObject({ file: 'A.sol', line: 4 });
    expect(override?.secondary).toMatchObject([
      {
        message: 'Overridden function is here:',
        place: {
          file: '@openzeppelin/contracts/token/ERC20/ERC20.sol',
          excerpt: expect.stringContaining('function name() public view virtual returns (string memory) {'),
        },
      },
    ]);
  });

  test('in a file of a library, when the caller took the place of one it needs', async () => {
    const found = await diagnose({
      'A.sol': `${header}import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";\ncontract A is Ownable { constructor() Ownable(msg.sender) {} }`,
      '@openzeppelin/contracts/utils/Context.sol': `${header}contract Other {}`,
    });
    expect(found[0]).toMatchObject({
      code: '2904',
      place: {
        file: '@openzeppelin/contracts/access/Ownable.sol',
        excerpt:
          'import {Context} from "../utils/Context.sol";\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
      },
      hint: expect.stringContaining('The file does not declare that name'),
    });
  });

  test('other places of it, each with its message, in the file it is in', async () => {
    const found = await diagnose({
      'A.sol': `${header}import "./B.sol";\ncontract A is B { function f() public override {} }`,
      'B.sol': `${header}// ü\ncontract B { function f() public {} }`,
    });
    const [first] = found;
    expect(
      first?.secondary.map(({ message, place }) => `${message}\n${shown(place)}`),
    ).toMatchInlineSnapshot(`
      [
        "Overriding function is here:
      A.sol:4:19-4:50
      contract A is B { function f() public override {} }
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      ]
    `);
  });

  test('none for what is about settings', async () => {
    const request = { sources: { 'A.sol': header }, settings: { evmVersion: 'atlantis' } };
    const { diagnostics } = await compiler.check(compiler.prepare(request));
    expect(diagnostics).toMatchObject([{ severity: 'error', type: 'JSONError', secondary: [] }]);
    expect(diagnostics[0]).not.toHaveProperty('place');
  });
});

describe('messages', () => {
  const compiled = {
    compiler: '0.8.37',
    ownFiles: ['A.sol'],
    input: compilerInput({ 'A.sol': 'contract A {}' }),
  };
  const said = (message: string, more: object = {}) =>
    readDiagnostics([{ severity: 'error', type: 'TypeError', message, ...more }], compiled)[0];

  test('of any length are cut, but never through a character', () => {
    expect(said('🦄'.repeat(1_000))?.message).toBe('🦄'.repeat(1_000));
    const cut = said(`x${'🦄'.repeat(5_000)}`)?.message ?? '';
    expect(cut).toHaveLength(2_000);
    expect(cut.endsWith('…')).toBe(true);
    expect(cut.isWellFormed()).toBe(true);
    const other = { message: 'y'.repeat(9_000), file: 'A.sol', start: 0, end: 8 };
    expect(said('x', { secondarySourceLocations: [other] })?.secondary[0]?.message).toHaveLength(2_000);
  });

  test('do not say where in its own code the compiler gave up', () => {
    const message = 'Compiler error (/solidity/libsolidity/codegen/LValue.cpp:54): Stack too deep.';
    expect(said(message, { type: 'CompilerError' })?.message).toBe('Stack too deep.');
    expect(said('Yul exception:Too deep.', { type: 'YulException' })?.message).toBe('Too deep.');
  });

  test('a reason behind a list of any length still decides the hint', () => {
    const message = `Cannot swap: too deep in the stack by 1 slots in [ ${'var '.repeat(9_000)}]\nNo memoryguard was present.`;
    const settings = { ...compiled.input.settings, viaIR: true };
    const found = readDiagnostics([{ severity: 'error', type: 'YulException', message }], {
      ...compiled,
      input: { ...compiled.input, settings },
    });
    expect(found[0]?.hint).toContain('memory-safe');
  });

  test('a place in a file that nobody gave, or none at all, is left out', () => {
    for (const sourceLocation of [
      { file: 'toString', start: 0, end: 1 },
      { file: 'A.sol', start: -1, end: -1 },
    ])
      expect(said('x', { sourceLocation })).not.toHaveProperty('place');
  });

  test('a warning in a library is not the business of whoever imports it; an error is', async () => {
    const sources = {
      'A.sol': `${header}import "solady/tokens/ERC20.sol"; contract A { function f() public { uint x; } }`,
    };
    const { diagnostics } = await compiler.check(compiler.prepare({ sources }));
    expect(diagnostics.map(({ place }) => place?.file)).toEqual(['A.sol', 'A.sol']);
    const sourceLocation = { file: 'lib/L.sol', start: 0, end: 1 };
    expect(said('x', { sourceLocation })?.message).toBe('x');
    expect(said('x', { severity: 'warning', sourceLocation })).toBeUndefined();
  });

  test('errors come first, and no more than are shown', () => {
    const one = (severity: 'error' | 'warning', index: number) => ({
      severity,
      type: 'T',
      message: `${index}`,
    });
    const many = Array.from({ length: limits.diagnosticsMax }, (_, index) => one('warning', index));
    const found = readDiagnostics([...many, one('error', -1)], compiled);
    expect(found).toHaveLength(limits.diagnosticsMax);
    expect(found.slice(0, 3).map(({ message }) => message)).toEqual(['-1', '0', '1']);
  });
});

function compilerInput(sources: Record<string, string>) {
  return {
    language: 'Solidity' as const,
    sources: Object.fromEntries(Object.entries(sources).map(([file, content]) => [file, { content }])),
    settings: { optimizer: { enabled: true, runs: 200 } },
  };
}

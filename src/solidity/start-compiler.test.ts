import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../lib/app-error.ts';
import { bundledVersions } from './bundled-compilers.ts';
import { startCompiler } from './start-compiler.ts';
import type { CompileRequest, Compiler, Diagnostic } from './types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

const compile = (request: CompileRequest) => compiler.compile(compiler.prepare(request));
const one = (source: string, more: Partial<CompileRequest> = {}) =>
  compile({ sources: { 'A.sol': source }, ...more });
const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

/** A diagnostic as it would be printed. */
function printed(diagnostic: Diagnostic): string {
  const { severity, code, type, message, place, hint, secondary } = diagnostic;
  const where = place && `${place.file}:${place.line}:${place.column}-${place.endLine}:${place.endColumn}`;
  const others = secondary.map((other) => `${other.message} ${other.place?.file}:${other.place?.line}`);
  return [`${severity} ${type} ${code}: ${message}`, where, place?.excerpt, ...others, hint].join('\n');
}

describe('every bundled compiler', () => {
  test.each(bundledVersions())('%s gives a whole artifact and a typed tree', async (version) => {
    const source = `pragma solidity ${version}; contract Base { function f() public; } `.replace(
      /contract Base.*/,
      version < '0.6' ? '$&' : 'abstract contract Base { function f() public virtual; }',
    );
    const contract = 'contract Counter { uint public count; function add(uint by) public { count += by; } }';
    const prepared = compiler.prepare({ sources: { 'A.sol': source + contract } });
    const outcome = await compiler.compile(prepared);
    expect(outcome).toMatchObject({
      ok: true,
      chosen: { file: 'A.sol', contract: 'Counter' },
      candidates: ['A.sol:Counter'],
    });
    expect(outcome.compilerLong).toContain(`${version}+commit.`);
    const artifact = outcome.artifacts.find(({ contract: name }) => name === 'Counter');
    expect(artifact?.abi.map((item) => item.name).sort()).toEqual(['add', 'count']);
    expect(artifact?.creationBytecode).toMatch(/^0x6080[0-9a-f]+$/);
    expect(artifact?.methodIdentifiers).toEqual({ 'add(uint256)': '1003e2d2', 'count()': '06661abd' });
    expect(JSON.parse(artifact?.metadata ?? '')).toMatchObject({ language: 'Solidity' });
    expect(artifact?.gasEstimates).toHaveProperty('creation');

    const trees = await compiler.ast(prepared);
    expect(trees.asts['A.sol']).toMatchObject({ nodeType: 'SourceUnit' });
    expect(JSON.stringify(trees.asts)).toContain('"typeString":"uint256"');
  });
});

describe('OpenZeppelin', () => {
  test.each([
    ['5.7.0', 'constructor() ERC20("T", "T") Ownable(msg.sender) { _mint(msg.sender, 1); }'],
    ['4.9.6', 'constructor() ERC20("T", "T") { _mint(msg.sender, 1); }'],
  ])('an ERC-20 over %s', async (version, body) => {
    const outcome = await one(`${header}
      import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
      import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
      contract Token is ERC20, Ownable { ${body} }`);
    expect(outcome.diagnostics).toEqual([]);
    expect(outcome.prepared.libraries[0]?.version).toBe(version);
    expect(outcome.artifacts.map((artifact) => artifact.contract)).toEqual(['Token']);
    expect(outcome.artifacts[0]?.runtimeBytes).toBeGreaterThan(1_000);
    expect(outcome.artifacts[0]?.storageLayout).toHaveProperty('storage');
  });
});

describe('which contract', () => {
  const sources = {
    'Main.sol': `${header}import "./Other.sol"; interface I {} abstract contract Half {} contract First {}
      contract Last { uint immutable x = block.timestamp; function f() public view returns (uint) { return x; } } library L {}`,
    'Other.sol': `${header}contract Other {} contract Double {}`,
    'Third.sol': `${header}contract Double {}`,
  };
  const entry = 'Main.sol';

  test('by default the last concrete one of the entry file', async () => {
    const outcome = await compile({ sources, entry });
    expect(outcome.chosen).toEqual({ file: 'Main.sol', contract: 'Last' });
    expect(outcome.candidates).toEqual([
      'Main.sol:First',
      'Main.sol:Last',
      'Other.sol:Other',
      'Other.sol:Double',
    ]);
    expect(outcome.artifacts).toHaveLength(7);
    const last = outcome.artifacts.find((artifact) => artifact.contract === 'Last');
    expect(Object.values(last?.immutableReferences ?? {})).toHaveLength(1);
  });

  test('the one named, in any file, and code for it alone', async () => {
    const outcome = await compile({ sources, entry, contract: 'Other' });
    expect(outcome.chosen).toEqual({ file: 'Other.sol', contract: 'Other' });
    expect(outcome.artifacts.map((artifact) => artifact.contract)).toEqual(['Other']);
    expect(outcome.candidates).toHaveLength(4);
    expect((await compile({ sources, entry, contract: 'Main.sol:First' })).chosen?.contract).toBe('First');
  });

  test('a name that is not there gets the candidates', async () => {
    const error = await compile({ sources, entry, contract: 'Lst' }).catch((caught: AppError) => caught);
    expect(error).toMatchObject({ code: 'contract-not-found', status: 422 });
    expect((error as AppError).message).toMatchInlineSnapshot(
      `"There is no contract Lst in the sources. Did you mean Last?"`,
    );
    expect((error as AppError).hint).toMatchInlineSnapshot(
      `"The contracts are: Main.sol:First, Main.sol:Last, Other.sol:Other, Other.sol:Double."`,
    );
    await expect(compile({ sources, contract: 'Double' })).resolves.toMatchObject({
      chosen: { file: 'Other.sol', contract: 'Double' },
    });
    const twice = { ...sources, 'Zed.sol': '' };
    await expect(compile({ sources: twice, entry: 'Zed.sol', contract: 'Double' })).rejects.toMatchObject({
      code: 'contract-not-found',
    });
  });

  test('when the sources are broken, their errors come before the name', async () => {
    const outcome = await one(`${header}contract A { uint x = "y"; }`, { contract: 'Nowhere' });
    expect(outcome).toMatchObject({ ok: false, artifacts: [] });
    expect(outcome.diagnostics[0]?.code).toBe('7407');
  });
});

describe('diagnostics', () => {
  test('a type error, with place, excerpt and hint', async () => {
    const { ok, diagnostics } = await one(`${header}contract A {\n\tuint8 x = 300; address y = z;\n}`);
    expect(ok).toBe(false);
    expect(diagnostics.map(printed).join('\n\n')).toMatchInlineSnapshot(`
      "error DeclarationError 7576: Undeclared identifier.
      A.sol:4:29-4:30
      	uint8 x = 300; address y = z;
      	                           ^
      Declare it, import the file that does, or correct its spelling."
    `);
  });

  test('columns are right behind characters of several bytes', async () => {
    const { diagnostics } = await one(`${header}contract A { /* ä 🦄 */ uint y = z; }`);
    expect(diagnostics.map(printed).join('\n\n')).toMatchInlineSnapshot(`
      "error DeclarationError 7576: Undeclared identifier.
      A.sol:3:34-3:35
      contract A { /* ä 🦄 */ uint y = z; }
                                       ^
      Declare it, import the file that does, or correct its spelling."
    `);
  });

  test('a syntax error, and a place elsewhere', async () => {
    const syntax = await one(`${header}contract A {\n  uint x = 1\n}`);
    expect(syntax.diagnostics.map(printed).join('\n\n')).toMatchInlineSnapshot(`
      "error ParserError 2314: Expected ';' but got '}'
      A.sol:5:1-5:2
      }
      ^
      Look at the mark and just before it: a semicolon, bracket or keyword is missing there, or one is too many."
    `);
    const twice = await one(`${header}contract A {}\n\ncontract A {}`);
    expect(twice.diagnostics.map(printed).join('\n\n')).toMatchInlineSnapshot(`
      "error DeclarationError 2333: Identifier already declared.
      A.sol:5:1-5:14
      contract A {}
      ^^^^^^^^^^^^^
      The previous declaration is here: A.sol:3
      Rename one of the two, or remove the second; the other place is shown with it."
    `);
  });

  test('errors come first, and the trees of refused sources stay out', async () => {
    const prepared = compiler.prepare({ sources: { 'A.sol': 'contract A { uint x = "y"; }' } });
    const { diagnostics } = await compiler.compile(prepared);
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['error', 'warning', 'warning']);
    expect(await compiler.ast(prepared)).toMatchObject({ ok: false, asts: {} });
  });

  test('code over EIP-170 and EIP-3860 is a warning of ours, once', async () => {
    const data = 'ab'.repeat(25_000);
    const { ok, diagnostics } = await one(
      `${header}contract Big { function f() public pure returns (bytes memory) { return hex"${data}"; }
       constructor() { bytes memory b = hex"${data}"; assembly { log0(add(b, 32), mload(b)) } } }`,
    );
    expect(ok).toBe(true);
    expect(diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)).toEqual([
      'runtime-code-too-large 3:10',
      'creation-code-too-large 3:10',
    ]);
  });

  test('wrong settings are a result too', async () => {
    const outcome = await one(`${header}contract A {}`, { settings: { evmVersion: 'atlantis' } });
    expect(outcome.ok).toBe(false);
    expect(outcome.diagnostics[0]?.hint).toContain('Leave evmVersion out');
  });
});

describe('settings', () => {
  test('libraries are linked, others leave their place open', async () => {
    const source = `${header}library L { function f() public {} } contract A { function g() public { L.f(); } }`;
    const open = await one(source, { contract: 'A' });
    expect(open.artifacts[0]?.creationBytecode).toContain('__$');
    expect(Object.keys(open.artifacts[0]?.creationLinkReferences ?? {})).toEqual(['A.sol']);
    const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
    const linked = await one(source, { contract: 'A', settings: { libraries: { 'A.sol': { L: address } } } });
    expect(linked.artifacts[0]?.creationBytecode).toContain(address.slice(2).toLowerCase());
  });

  test('viaIR and the EVM version change the code', async () => {
    const source = `${header}contract A { mapping(uint => uint) m; function f(uint a) public { m[a] += 7; } }`;
    const code = async (settings: CompileRequest['settings']) =>
      (await one(source, settings ? { settings } : {})).artifacts[0]?.runtimeBytecode;
    const all = await Promise.all([
      code({}),
      code({ viaIR: true }),
      code({ evmVersion: 'paris' }),
      code({ optimizer: { enabled: false } }),
    ]);
    expect(new Set(all).size).toBe(4);
  });
});

/** Through the wrapper's string interface, input of this size breaks: past 1.28 MB before 0.8.30, past 4.1 MB since. */
test.each([
  ['0.8.37', 4_300],
  ['0.8.28', 1_500],
  ['0.7.6', 1_500],
  ['0.6.12', 1_500],
  ['0.5.17', 1_500],
  ['0.4.26', 1_500],
])('%s takes %i kB of input', async (version, kilobytes) => {
  const filler = `// ${'x'.repeat(997)}\n`.repeat(kilobytes);
  const outcome = await one(`pragma solidity ${version};\n${filler}contract A { uint public x; }`);
  expect(outcome.ok).toBe(true);
  expect(outcome.artifacts[0]?.contract).toBe('A');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { declaredContracts } from './choose-contract.ts';
import { estimateCost } from './estimate-cost.ts';
import { libraries } from './libraries/index.ts';
import type { OutputSelection } from './output-selection.ts';
import { planShards } from './plan-shards.ts';
import { runBuild } from './run-build.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler, Sources } from './types.ts';

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
let two: Compiler;
let one: Compiler;
beforeAll(async () => {
  [two, one] = await Promise.all([startCompiler({ workers: 2 }), startCompiler({ workers: 1 })]);
});
afterAll(() => Promise.all([two.close(), one.close()]));

/** Tokens over OpenZeppelin as somebody's own sources. */
function tokens(count: number): Sources {
  const library = libraries.find(({ name, version }) => name === '@openzeppelin/contracts' && version > '5');
  const paths = [...(library?.paths() ?? [])];
  const own = Object.fromEntries(paths.map((path) => [path, library?.read(path)?.content ?? '']));
  const contracts = Array.from({ length: count }, (_, index) => {
    const kind = index % 2 === 0 ? 'ERC20' : 'ERC721';
    return `contract Token${index} is ${kind} { constructor() ${kind}("T${index}", "T") {} }`;
  });
  const imports = 'import "./token/ERC20/ERC20.sol"; import "./token/ERC721/ERC721.sol";';
  return { ...own, 'All.sol': `${header}${imports}\n${contracts.join('\n')}` };
}

test('a large build in several runs gives the very bytes of a build in one', async () => {
  const sources = tokens(12);
  const prepared = two.prepare({ sources, entry: 'All.sol' });
  const declared = declaredContracts(prepared);
  const shards = planShards(declared, estimateCost(prepared), 2);
  expect(shards).toHaveLength(2);
  expect(new Set(shards.flat().map(({ file, contract }) => `${file}:${contract}`)).size).toBe(
    declared.length,
  );
  const [apart, whole] = await Promise.all([two.compile(prepared), one.compile(prepared)]);
  expect(apart.ok).toBe(true);
  const byName = (a: { file: string; contract: string }, b: { file: string; contract: string }) =>
    `${a.file}:${a.contract}` < `${b.file}:${b.contract}` ? -1 : 1;
  expect(JSON.stringify([...apart.artifacts].sort(byName))).toBe(
    JSON.stringify([...whole.artifacts].sort(byName)),
  );
  expect(apart.artifacts.map((artifact) => `${artifact.file}:${artifact.contract}`)).toEqual(
    whole.artifacts.map((artifact) => `${artifact.file}:${artifact.contract}`),
  );
  expect(apart.diagnostics).toEqual(whole.diagnostics);
  expect({ ...apart, compileMs: 0, artifacts: [] }).toEqual({ ...whole, compileMs: 0, artifacts: [] });
});

const filler = `function f() public {} /* ${'x'.repeat(30_000)} */`;
/** Enough of them to be worth several runs. */
const many = (body: string) =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `C${index}.sol`,
      `${header}contract C${index} { uint public x = ${index}; ${filler} }${index === 0 ? body : ''}`,
    ]),
  );

test('errors of several runs are told once', async () => {
  const sources = many('contract Bad { uint y = "text"; }');
  const { ok, diagnostics } = await two.compile(two.prepare({ sources }));
  expect(ok).toBe(false);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(1);
});

const deep = (name: string) => {
  const names = Array.from({ length: 20 }, (_, index) => `v${index}`);
  return `contract ${name} { function f(uint a) public pure returns (uint) {
    ${names.map((variable, index) => `uint ${variable} = a + ${index};`).join(' ')}
    return ${names.join(' + ')}; } }`;
};

test('a contract that is too deep is named, and is the only one', async () => {
  const sources = many(deep('Deep'));
  const { ok, diagnostics } = await two.compile(
    two.prepare({ sources, settings: { optimizer: { enabled: false } } }),
  );
  expect(ok).toBe(false);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ place }) => place?.file)).toEqual(['C0.sol']);
  expect(errors[0]?.message).toContain('Stack too deep');
});

test('what fails together and not alone is compiled apart', async () => {
  const prepared = one.prepare({ sources: many('') });
  const declared = declaredContracts(prepared);
  const asked: number[] = [];
  const text = (output: object) => ({
    output: Buffer.from(JSON.stringify(output)),
    compilerLong: '0.8.37+commit.0',
    compileMs: 1,
  });
  // No real input does this at will: this stands for a compiler whose choices depend on what is compiled together.
  const { output } = await runBuild({
    ...{ prepared, declared, named: undefined, shards: 2 },
    async run(selection) {
      const names = Object.entries(selection).flatMap(([file, contracts]) =>
        Object.keys(contracts).flatMap((name) => (name === '*' ? [] : [[file, name] as const])),
      );
      asked.push(names.length);
      if (names.length > 2) {
        const error = { severity: 'error', type: 'CompilerError', message: 'Stack too deep.' };
        return text({ errors: [error] });
      }
      const contracts = Object.fromEntries(names.map(([file, name]) => [file, { [name]: { evm: {} } }]));
      return text({ contracts });
    },
  });
  expect(Object.keys(output.contracts ?? {})).toHaveLength(10);
  expect(output.errors).toBeUndefined();
  expect(Math.max(...asked)).toBe(5);
});

test('contracts that all fail alone cost a few runs, not one each', async () => {
  const sources = many('');
  const prepared = one.prepare({ sources });
  const asked: OutputSelection[] = [];
  const { output } = await runBuild({
    ...{ prepared, declared: declaredContracts(prepared), named: undefined, shards: 1 },
    async run(selection) {
      asked.push(selection);
      const message = 'Variable var_x is 1 too deep inside the stack';
      const error = { severity: 'error', type: 'YulException', message };
      return {
        output: Buffer.from(JSON.stringify({ errors: [error] })),
        compilerLong: '0.8.37+commit.0',
        compileMs: 1,
      };
    },
  });
  expect(output.errors).toHaveLength(1);
  // The whole, halves of ten down to the first contract, and the census.
  expect(asked).toHaveLength(6);
});

test('a contract that our reading of the sources missed is there nonetheless', async () => {
  const prepared = one.prepare({ sources: many('') });
  const declared = declaredContracts(prepared).filter(({ name }) => name !== 'C3');
  const { artifacts } = await one.compile(prepared);
  const { output } = await runBuild({
    ...{ prepared, declared, named: undefined, shards: 2 },
    // A compiler that gives what it is asked for.
    async run(selection) {
      const contracts: Record<string, Record<string, object>> = {};
      for (const { file, contract } of artifacts) {
        const outputs = selection[file]?.[contract] ?? selection[file]?.['*'];
        if (outputs) contracts[file] = { [contract]: outputs.length > 1 ? { evm: {} } : {} };
      }
      return {
        output: Buffer.from(JSON.stringify({ contracts })),
        compilerLong: '0.8.37+commit.0',
        compileMs: 1,
      };
    },
  });
  expect(output.contracts?.['C3.sol']).toEqual({ C3: { evm: {} } });
});

test('a chain of bases that is thousands long is planned in no time', () => {
  const chain = Array.from(
    { length: 50_000 },
    (_, index) => `contract C${index}${index ? ` is C${index - 1}` : ''} {}`,
  );
  const prepared = one.prepare({ sources: { 'Chain.sol': header + chain.join('\n') } });
  const declared = declaredContracts(prepared);
  const cost = estimateCost(prepared);
  const begin = process.cpuUsage();
  expect(planShards(declared, cost, 2).flat()).toHaveLength(50_000);
  // Each contract over all its bases would be 1,250,000,000 steps.
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(10);
});

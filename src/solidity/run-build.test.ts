import { afterAll, beforeAll, expect, test } from 'vitest';
import { declaredContracts } from './choose-contract.ts';
import { npmLibrary } from './npm-library.ts';
import type { OutputSelection } from './output-selection.ts';
import { planShards } from './plan-shards.ts';
import { runBuild } from './run-build.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler, Sources } from './types.ts';

let two: Compiler;
let one: Compiler;
beforeAll(async () => {
  [two, one] = await Promise.all([startCompiler({ workers: 2 }), startCompiler({ workers: 1 })]);
});
afterAll(() => Promise.all([two.close(), one.close()]));

/** OpenZeppelin as somebody's own sources, with a file that uses these of it. */
function libraryWith(...used: string[]): Sources {
  const library = npmLibrary({
    package: '@openzeppelin/contracts',
    name: '@openzeppelin/contracts',
    licence: 'MIT',
    sign: () => undefined,
  } as Parameters<typeof npmLibrary>[0]);
  const own = Object.fromEntries(
    [...library.paths()].map((path) => [path, library.read(path)?.content ?? '']),
  );
  return { ...own, 'All.sol': used.map((path) => `import "./${path}";`).join('\n') };
}

test('a large build in several runs gives the very bytes of a build in one', async () => {
  const extensions = ['Burnable', 'Capped', 'FlashMint', 'Pausable', 'Permit', 'Votes', 'Wrapper', '4626'];
  const sources = libraryWith(
    ...extensions.map((name) => `token/ERC20/extensions/ERC${name === '4626' ? name : `20${name}`}.sol`),
    'token/ERC721/extensions/ERC721Votes.sol',
    'access/manager/AccessManager.sol',
  );
  const prepared = two.prepare({ sources, entry: 'All.sol' });
  const declared = declaredContracts(prepared);
  const shards = planShards(prepared, declared, 2);
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

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
const filler = `/* ${'x'.repeat(30_000)} */`;
/** Enough of them to be worth several runs. */
const many = (body: string) =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `C${index}.sol`,
      `${header}${filler}contract C${index} { uint public x = ${index}; }${index === 0 ? body : ''}`,
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
  // The whole, and halves of ten down to the first contract.
  expect(asked).toHaveLength(5);
});

test('a contract that our reading of the sources missed is there nonetheless', async () => {
  const prepared = one.prepare({ sources: many('') });
  const declared = declaredContracts(prepared).filter(({ name }) => name !== 'C3');
  const found = await runBuild({
    ...{ prepared, declared, named: undefined, shards: 2 },
    run: async (selection) => {
      const wanted = { ...prepared, input: prepared.input };
      const whole = '*' in (Object.values(selection)[0] ?? {}) && !JSON.stringify(selection).includes('C1"');
      const outcome = await one.compile(wanted);
      const contracts: Record<string, Record<string, object>> = {};
      for (const { file, contract } of outcome.artifacts) {
        const asked = Object.hasOwn(selection[file] ?? {}, contract) || whole;
        const census = Object.hasOwn(selection[file] ?? {}, '*');
        if (asked || census) contracts[file] = { [contract]: asked ? { evm: {} } : {} };
      }
      return {
        output: Buffer.from(JSON.stringify({ contracts })),
        compilerLong: outcome.compilerLong,
        compileMs: 1,
      };
    },
  });
  expect(found.output.contracts?.['C3.sol']).toEqual({ C3: { evm: {} } });
});

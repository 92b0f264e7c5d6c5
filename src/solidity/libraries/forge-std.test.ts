import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../start-compiler.ts';
import type { CompileRequest, Compiler } from '../types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

const folder = join(import.meta.dirname, '../../../test/corpus/forge-std');
const check = async (request: CompileRequest) => compiler.check(compiler.prepare(request));

describe('tests and scripts as people write them', () => {
  const compilers: Record<string, string[]> = {
    'Vault.t.sol': ['0.8.37'],
    'Invariants.t.sol': ['0.8.15'],
    'Storage.t.sol': ['0.8.10'],
    'Deploy.s.sol': ['0.8.37'],
    'Helpers.t.sol': ['0.8.37'],
    'Old.t.sol': ['0.7.6', '0.6.12'],
    'DsTest.t.sol': ['0.8.37', '0.7.6', '0.5.17'],
  };

  test('each is in this table', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(compilers).sort());
  });

  const cases = Object.entries(compilers).flatMap(([file, versions]) =>
    versions.map((version) => [file, version] as const),
  );
  test.each(cases)('%s compiles with %s, and nothing is complained of', async (file, version) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const outcome = await check({ sources: { [file]: source }, compiler: version });
    expect(outcome.diagnostics.map(({ message, place }) => `${place?.file}: ${message}`)).toEqual([]);
    expect(outcome.prepared.compiler).toBe(version);
  });

  test('every file compiles, in both editions', async () => {
    const files = readdirSync(join(import.meta.dirname, 'forge-std'), { recursive: true, encoding: 'utf8' });
    for (const [version, abi] of [
      ['0.8.37', ''],
      ['0.6.6', 'pragma experimental ABIEncoderV2;'],
    ]) {
      const imports = files
        .filter((file) => file.endsWith('.sol'))
        .map((file) => `import "forge-std/${file}";`);
      const all = `pragma solidity ${version}; ${abi} ${imports.join('\n')} contract A is Test {}`;
      const outcome = await check({ sources: { 'A.sol': all } });
      expect(outcome.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });
});

test('the edition is the one that the compiler takes', () => {
  const used = (pragma: string, asked?: string) => {
    const sources = { 'A.sol': `pragma solidity ${pragma}; import "forge-std/Vm.sol";` };
    const { libraries, compiler: version } = compiler.prepare({
      sources,
      ...(asked === undefined ? {} : { compiler: asked }),
    });
    return `${libraries[0]?.version} ${version}`;
  };
  expect(used('>=0.6.0')).toBe('1.8.0 0.8.37');
  expect(used('^0.8.0')).toBe('1.8.0 0.8.37');
  expect(used('0.8.9')).toBe('1.8.0 0.8.9');
  expect(used('0.8.7')).toBe('1.6.0 0.8.7');
  expect(used('>=0.6.0', '0.7.6')).toBe('1.6.0 0.7.6');
});

test('the cheatcodes of Foundry are declared with their selectors', async () => {
  const source = `pragma solidity ^0.8.20; import {Vm} from "forge-std/Vm.sol";
    abstract contract A is Vm {}`;
  const { artifacts } = await compiler.compile(compiler.prepare({ sources: { 'A.sol': source } }));
  const selectors = artifacts.find(({ contract }) => contract === 'A')?.methodIdentifiers ?? {};
  expect(Object.keys(selectors).length).toBeGreaterThan(350);
  const names = new Set(Object.keys(selectors).map((signature) => signature.replace(/\(.*/, '')));
  expect(names.size).toBeGreaterThan(200);
  // As runners of cheatcodes publish them.
  expect(selectors).toMatchObject({
    'warp(uint256)': 'e5d6bf02',
    'roll(uint256)': '1f7b4f30',
    'prank(address)': 'ca669fa7',
    'startPrank(address)': '06447d56',
    'stopPrank()': '90c5013b',
    'deal(address,uint256)': 'c88a5e6d',
    'etch(address,bytes)': 'b4d6c782',
    'load(address,bytes32)': '667f9d70',
    'store(address,bytes32,bytes32)': '70ca10bb',
    'expectRevert()': 'f4844814',
    'expectRevert(bytes4)': 'c31eb0e0',
    'expectRevert(bytes)': 'f28dceb3',
    'expectEmit(bool,bool,bool,bool)': '491cc7c2',
    'assume(bool)': '4c63e562',
    'addr(uint256)': 'ffa18649',
    'sign(uint256,bytes32)': 'e341eaa4',
    'label(address,string)': 'c657c718',
    'mockCall(address,bytes,bytes)': 'b96213e4',
  });
  expect(names).not.toContain('ffi');
});

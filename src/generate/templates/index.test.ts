import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { Compiler } from '../../solidity/types.ts';
import { findTemplate, generateContract } from '../generate-contract.ts';
import { templates } from './index.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 2 });
});
afterAll(() => compiler.close());

describe('the list of templates', () => {
  test('holds every file of the folder', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((file) => !file.startsWith('index.'));
    expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual(templates.map(({ id }) => id).sort());
  });

  test.each(templates.map((one) => [one.id, one] as const))(
    '%s describes its options as JSON Schema',
    (_, one) => {
      const schema = z.toJSONSchema(one.options) as { additionalProperties?: boolean; properties?: object };
      expect(schema.additionalProperties).toBe(false);
      for (const property of Object.values(schema.properties ?? {})) {
        expect(property).toMatchObject({ description: expect.any(String) });
      }
    },
  );
});

/** Pairwise is not enough for override lists: each sample walks through all combinations with a stride. */
const samples: { template: string; options: Record<string, unknown> }[] = [
  { template: 'erc20', options: {} },
  { template: 'erc721', options: {} },
  { template: 'storage', options: {} },
  { template: 'erc20', options: { name: 'Ownable "q" \\ 日本', symbol: '€', votes: true } },
  { template: 'erc20', options: { initialSupply: '2.5', decimals: 1, cap: 3 } },
  { template: 'erc20', options: { initialSupply: 0, mintable: true, decimals: 255 } },
  { template: 'erc721', options: { mintable: false, maxSupply: 20, enumerable: true, access: 'roles' } },
  ...combine(['mintable', 'burnable', 'pausable', 'permit', 'votes', 'flashMint', 'capped'], 11).map(
    (flags, index) => {
      const { capped, ...options } = flags;
      const access = ['ownable', 'roles'][index % 2];
      return { template: 'erc20', options: { ...options, access, ...(capped ? { cap: '2000000.5' } : {}) } };
    },
  ),
  ...combine(['burnable', 'enumerable', 'uriStorage', 'pausable', 'limited'], 3).map((flags, index) => {
    const { limited, ...options } = flags;
    const access = ['ownable', 'roles'][index % 2];
    return {
      template: 'erc721',
      options: { ...options, access, ...(limited ? { maxSupply: 10_000, baseURI: 'ipfs://x/' } : {}) },
    };
  }),
  ...['none', 'ownable', 'roles'].flatMap((access) =>
    ['uint256', 'string'].flatMap((type) => [
      { template: 'storage', options: { access, valueType: type } },
      { template: 'storage', options: { access, kind: 'mapping', keyType: type, valueType: type } },
    ]),
  ),
];

/** Every `stride`-th combination of flags, and the one with all of them. */
function combine(names: string[], stride: number): Record<string, boolean>[] {
  const count = 2 ** names.length;
  const chosen = Array.from({ length: Math.ceil(count / stride) }, (_, index) => index * stride);
  return [...new Set([...chosen, count - 1])].map((bits) =>
    Object.fromEntries(names.map((name, place) => [name, Boolean((bits >> place) & 1)])),
  );
}

describe('every template compiles without a warning', () => {
  test.each(samples)('$template $options', async ({ template, options }) => {
    const generated = generateContract({ template, options });
    const outcome = await compiler.compile(
      compiler.prepare({ sources: generated.sources, entry: generated.entry, contract: generated.contract }),
    );
    const own = outcome.diagnostics.filter((one) => !one.place?.file.startsWith('@openzeppelin/'));
    expect(own.map((one) => one.message)).toEqual([]);
    const artifact = outcome.artifacts.find((one) => one.contract === generated.contract);
    expect(artifact?.runtimeBytes).toBeGreaterThan(0);
    const inputs = artifact?.abi.find((item) => item.type === 'constructor')?.inputs ?? [];
    expect(generated.constructorArguments.map((one) => one.parameter)).toEqual(inputs);
  });

  test('asks for the bundled library, at the version it was written for', () => {
    const { sources, entry } = generateContract({ template: 'erc20' });
    expect(compiler.prepare({ sources, entry }).libraries).toMatchObject([
      { name: '@openzeppelin/contracts', version: expect.stringMatching(/^5\./) },
    ]);
    expect(findTemplate('erc20').version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

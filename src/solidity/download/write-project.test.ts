import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipFiles } from '../../lib/zip.ts';
import { readProjectArchive } from '../project/read-project.ts';
import { startCompiler } from '../start-compiler.ts';
import type { CompileOutcome, CompileRequest, Compiler } from '../types.ts';
import type { DownloadedBuild, DownloadLayout } from './types.ts';
import { writeProject } from './write-project.ts';

let compiler: Compiler;

beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
});
afterAll(() => compiler.close());

const head = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
const ownable = (path: string) =>
  `${head}import {Ownable} from "${path}";\ncontract Box is Ownable { constructor() Ownable(msg.sender) {} }`;
const solady = (path: string) =>
  `${head}import {Ownable} from "${path}";\ncontract Box is Ownable { constructor() { _initializeOwner(msg.sender); } }`;
const mathLibrary = `${head}library M { function one() external pure returns (uint256) { return 1; } }`;
const usesMath = (path: string) =>
  `${head}import {M} from "${path}";\ncontract Box { function a() external pure returns (uint256) { return M.one(); } }`;

/** Everything that a name or a setting may be. All of them were compiled by Hardhat 2.29.1 and forge 1.7.1 too. */
const cases: Record<string, CompileRequest> = {
  'a file at the top': { sources: { 'Box.sol': ownable('@openzeppelin/contracts/access/Ownable.sol') } },
  'files in one folder, by the IR': {
    sources: { 'contracts/a/Box.sol': usesMath('../M.sol'), 'contracts/M.sol': mathLibrary },
    settings: { viaIR: true, optimizer: { runs: 7 } },
  },
  'files in two folders': {
    sources: { 'src/Box.sol': usesMath('../shared/m/M.sol'), 'shared/m/M.sol': mathLibrary },
    settings: { optimizer: { enabled: false }, evmVersion: 'paris' },
  },
  'a library that is linked': {
    sources: { 'src/Box.sol': usesMath('src/M.sol'), 'src/M.sol': mathLibrary },
    settings: { libraries: { 'src/M.sol': { M: `0x${'11'.repeat(20)}` } } },
  },
  'a library that is not linked': {
    sources: { 'src/Box.sol': usesMath('src/M.sol'), 'src/M.sol': mathLibrary },
  },
  'a version in the path': {
    sources: {
      'Box.sol': `${head}import {Ownable} from "@openzeppelin/contracts@4.9.6/access/Ownable.sol";\ncontract Box is Ownable {}`,
    },
  },
  'a remapping': {
    sources: { 'src/Box.sol': ownable('oz/access/Ownable.sol') },
    settings: { remappings: ['oz/=@openzeppelin/contracts/'] },
  },
  'a remapping for some files, and a file with two names': {
    sources: {
      'src/a/Box.sol': usesMath('m/M.sol'),
      'src/b/Fox.sol': usesMath('../../shared/M.sol').replace('Box', 'Fox'),
      'shared/M.sol': mathLibrary,
    },
    settings: { remappings: ['src/a/:m/=shared/'] },
  },
  'a library by its name on npm': { sources: { 'src/Box.sol': solady('solady/src/auth/Ownable.sol') } },
  'a library by another name': { sources: { 'src/Box.sol': solady('solady/auth/Ownable.sol') } },
  'an own file in the place of a library’s': {
    sources: {
      'Box.sol': ownable('@openzeppelin/contracts/access/Ownable.sol'),
      '@openzeppelin/contracts/utils/Context.sol': `${head}abstract contract Context { function _msgSender() internal view virtual returns (address) { return msg.sender; } }`,
    },
    entry: 'Box.sol',
  },
  'an old compiler': {
    sources: { 'Box.sol': 'pragma solidity ^0.6.0;\ncontract Box { uint256 public a = 1; }' },
  },
};

async function build(request: CompileRequest): Promise<DownloadedBuild> {
  const outcome = await compiler.compile(compiler.prepare(request));
  expect(outcome.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { prepared, compilerLong, artifacts } = outcome;
  return { ...prepared, buildId: 'b', contract: prepared.contract ?? null, compilerLong, artifacts };
}

const codeOf = ({ artifacts }: Pick<CompileOutcome, 'artifacts'> | DownloadedBuild, file: string) =>
  artifacts
    .filter((artifact) => artifact.file === file)
    .map(({ contract, creationBytecode, runtimeBytecode }) => [contract, creationBytecode, runtimeBytecode]);

describe.each(Object.entries(cases))('%s', (_, request) => {
  test.each(['hardhat', 'foundry'] as const)(
    'as a project for %s gives the same bytecode',
    async (layout) => {
      const made = await build(request);
      const zip = await zipFiles(writeProject(made, { layout }));
      const read = await readProjectArchive(zip);
      expect(read.layout).toBe(layout);
      const again = await compiler.compile(compiler.prepare(read.request));
      expect(again.compilerLong).toBe(made.compilerLong);
      for (const { file } of made.artifacts) {
        expect(codeOf(made, file)).not.toEqual([]);
        expect(codeOf(again, file)).toEqual(codeOf(made, file));
      }
    },
  );
});

describe('Hardhat', () => {
  const files = async (request: CompileRequest | undefined, layout: DownloadLayout = 'hardhat') =>
    writeProject(await build(request as CompileRequest), { layout });
  const dependencies = (project: Record<string, string>) =>
    JSON.parse(project['package.json'] ?? '{}').dependencies;
  const sourcesOf = (project: Record<string, string>) =>
    Object.keys(project).filter((name) => name.endsWith('.sol'));

  test('gets a library from npm at its exact version, and carries none of it', async () => {
    const project = await files(cases['a file at the top']);
    expect(dependencies(project)).toEqual({ '@openzeppelin/contracts': '5.7.0' });
    expect(sourcesOf(project)).toEqual(['Box.sol']);
    const twice = await files(cases['a library by its name on npm']);
    expect(dependencies(twice)).toEqual({ solady: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  test.each([
    'a version in the path',
    'a library by another name',
    'a remapping',
    'an own file in the place of a library’s',
  ])('carries what npm does not have under its name: %s', async (name) => {
    const project = await files(cases[name]);
    expect(dependencies(project)).toEqual({});
    expect(sourcesOf(project).length).toBeGreaterThan(1);
  });

  test('has the EVM version that the compiler took by itself, where Hardhat would take another', async () => {
    const project = await files(cases['a file at the top']);
    expect(project['hardhat.config.ts']).toContain('"evmVersion": "osaka"');
  });
});

test('a source is never replaced by a file of ours that is called the same', async () => {
  const made = await build({ sources: { 'README.md': `${head}contract Odd {}` } });
  for (const layout of ['hardhat', 'foundry'] as const)
    expect(writeProject(made, { layout, documents: { 'README.md': 'x' } })['README.md']).toContain(
      'contract Odd',
    );
});

test.each([
  ['foundry', 'foundry.toml', 'Foundry.toml'],
  ['foundry', 'remappings.txt', 'remappings.txt'],
  ['hardhat', 'package.json', 'package.json'],
  ['hardhat', 'slipway-build.json', 'slipway-build.json'],
] as const)('a %s project is not made where a source would stand in for %s', async (layout, file, source) => {
  const made = await build({ sources: { [source]: `${head}contract Odd {}` } });
  expect(() => writeProject(made, { layout })).toThrow(
    `The source ${source} has the name of ${file}, which a ${layout} project is configured by.`,
  );
  const other = layout === 'hardhat' ? 'foundry' : 'hardhat';
  if (file !== 'slipway-build.json') expect(writeProject(made, { layout: other })).toHaveProperty(source);
});

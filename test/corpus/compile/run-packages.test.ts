import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../../../src/solidity/start-compiler.ts';
import type { Artifact, Compiler } from '../../../src/solidity/types.ts';
import type { CorpusPackage } from './corpus-package.ts';
import { solmate } from './packages/solmate.ts';
import { reportPackages } from './report.ts';
import { runPackages } from './run-packages.ts';

const installed = join(import.meta.dirname, '../../../node_modules');

let compiler: Compiler;
let modules: string;
beforeAll(async () => {
  compiler = await startCompiler();
  modules = mkdtempSync(join(tmpdir(), 'slipway-corpus-'));
});
afterAll(async () => {
  await compiler.close();
  rmSync(modules, { recursive: true });
});

describe('a real package: Solmate without the library that its tests need', () => {
  test('every file is compiled, or has failed with its cause', async () => {
    const [report] = await runPackages({ packages: [solmate], modules: installed, compiler });
    expect(report).toMatchObject({
      name: 'solmate',
      ...{ files: 59, compiled: 37, failed: 22 },
      ...{ bytecodeCompared: 0, bytecodeEqual: 0, stale: [] },
    });
    expect(report?.contracts).toBeGreaterThan(37);
    expect(report?.remarks).toHaveLength(22);
    for (const remark of report?.remarks ?? []) {
      expect(remark).toEqual({
        of: 'failure',
        at: expect.stringMatching(/^src\/test\/.*\.sol$/),
        says: 'src/test/utils/DSTestPlus.sol imports ds-test/test.sol, which is in no package',
      });
    }
  }, 60_000);
});

/** What of a package with libraries to link, immutables, and a contract that carries the code of another. */
const sources = (comment: string) => ({
  'contracts/Ledger.sol': `// SPDX-License-Identifier: MIT
    pragma solidity 0.8.26;
    import "./Sums.sol";
    // ${comment}
    contract Ledger {
      uint256 public immutable limit;
      constructor(uint256 most) { limit = most; }
      function total(uint256[] memory values) external view returns (uint256) {
        uint256 sum = Sums.sum(values);
        require(sum <= limit, "too much");
        return sum;
      }
    }
    contract Ledgers { function open(uint256 most) external returns (Ledger) { return new Ledger(most); } }`,
  'contracts/Sums.sol': `// SPDX-License-Identifier: MIT
    pragma solidity ^0.8.0;
    library Sums {
      function sum(uint256[] memory values) external pure returns (uint256 all) {
        for (uint256 i = 0; i < values.length; i++) all += values[i];
      }
    }`,
});

const tiny: CorpusPackage = {
  name: 'tiny',
  package: 'tiny',
  version: '1.0.0',
  source: 'made up by this test',
  sources: { contracts: 'contracts' },
  groups: [{ compilers: ['0.8.26'], settings: { optimizer: { enabled: true, runs: 200 } } }],
  artifacts: { folder: 'artifacts', form: 'hardhat' },
};

/** Writes the package with artifacts of the same sources under another comment, so that only the metadata differs. */
async function publish(name: string, change: (artifact: Artifact) => Artifact): Promise<void> {
  const built = await compiler.compile(
    compiler.prepare({
      sources: sources('as published'),
      compiler: '0.8.26',
      settings: { optimizer: { runs: 200 } },
    }),
  );
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(modules, name, path)), { recursive: true });
    writeFileSync(join(modules, name, path), text);
  };
  for (const [path, text] of Object.entries(sources('as shipped'))) write(path, text);
  for (const artifact of built.artifacts.map(change)) {
    const { file, contract, creationBytecode, runtimeBytecode, creationLinkReferences } = artifact;
    const json = {
      ...{
        sourceName: file,
        contractName: contract,
        bytecode: creationBytecode,
        deployedBytecode: runtimeBytecode,
      },
      ...{ linkReferences: creationLinkReferences, deployedLinkReferences: linksIn(runtimeBytecode) },
    };
    write(`artifacts/${file}/${contract}.json`, JSON.stringify(json));
  }
}

function linksIn(code: string) {
  const places = [...code.slice(2).matchAll(/__\$/g)].map(({ index }) => ({ start: index / 2, length: 20 }));
  return places.length > 0 ? { 'contracts/Sums.sol': { Sums: places } } : {};
}

async function runTiny(name: string, more: Partial<CorpusPackage> = {}) {
  const [report] = await runPackages({ packages: [{ ...tiny, package: name, ...more }], modules, compiler });
  if (!report) throw new Error('no report');
  return report;
}

describe('a package that ships its code', () => {
  test('is equal when nothing but comments changed', async () => {
    await publish('same', (artifact) => artifact);
    const report = await runTiny('same');
    expect(report).toMatchObject({ files: 2, compiled: 2, contracts: 3, remarks: [] });
    expect(report).toMatchObject({ bytecodeCompared: 3, bytecodeEqual: 3 });
    expect(reportPackages([report], 1)).toMatchObject({ shortfalls: [], result: { bytecodeEqual: 3 } });
  });

  test('one wrong byte in one artifact is found, and falls short', async () => {
    await publish('wrong', (artifact) =>
      artifact.contract === 'Ledgers'
        ? { ...artifact, runtimeBytecode: flip(artifact.runtimeBytecode) }
        : artifact,
    );
    const report = await runTiny('wrong');
    expect(report).toMatchObject({ bytecodeCompared: 3, bytecodeEqual: 2 });
    const [remark] = report.remarks;
    expect(remark).toMatchObject({ of: 'difference', at: 'contracts/Ledger.sol:Ledgers' });
    expect(remark?.says).toMatch(/^runtime code differs from byte 20 on/);
    expect(reportPackages([report], 1).shortfalls).toEqual([
      expect.stringContaining('tiny: contracts/Ledger.sol:Ledgers differs from the shipped code'),
    ]);

    // An explanation excuses what it names and nothing else, and one that excuses nothing is itself found.
    const because = { of: 'difference', at: /Ledgers$/, reason: 'this test made it so' } as const;
    const excused = await runTiny('wrong', { explained: [{ ...because, says: /^runtime code/ }] });
    expect(reportPackages([excused], 1).shortfalls).toEqual([]);
    expect(excused.bytecodeEqual).toBe(2);
    const missed = await runTiny('wrong', { explained: [{ ...because, says: /^creation code/ }] });
    expect(reportPackages([missed], 1).shortfalls).toEqual([
      expect.stringContaining('differs from the shipped code'),
      'tiny: an explanation explains nothing any more: difference at Ledgers$',
    ]);
  });

  test('code whose source is not shipped is named', async () => {
    await publish('lost', (artifact) =>
      artifact.contract === 'Sums' ? { ...artifact, file: 'contracts/Gone.sol' } : artifact,
    );
    const report = await runTiny('lost');
    expect(report).toMatchObject({ bytecodeCompared: 2, bytecodeEqual: 2 });
    expect(report.remarks).toMatchObject([{ of: 'no source', at: 'contracts/Gone.sol:Sums' }]);
  });
});

describe('files that do not compile', () => {
  test('one bad file leaves the others alone, and so does a compiler that is not there', async () => {
    const report = await runBare('mixed', {
      'Good.sol': 'pragma solidity ^0.8.0; contract Good {}',
      'Bad.sol': 'pragma solidity ^0.8.0; import "./Good.sol"; contract Bad is Good { uint x = "no"; }',
      'Old.sol': 'pragma solidity 0.8.1; contract Old {}',
      'Far.sol': 'pragma solidity >=0.9.0; contract Far {}',
    });
    expect(report).toMatchObject({ files: 4, compiled: 1, checked: 0, failed: 3, contracts: 1 });
    expect(report.remarks.map(({ at, says }) => `${at} | ${says}`).sort()).toEqual([
      expect.stringMatching(/^contracts\/Bad\.sol \| contracts\/Bad\.sol:1: TypeError: /),
      'contracts/Far.sol | none of 0.8.26, 0.8.1 fits its pragmas (>=0.9.0)',
      'contracts/Old.sol | there is no compiler 0.8.1',
    ]);
  });

  test('of a file that the stack is too small for, the contract is named, and the others are compiled', async () => {
    const names = Array.from({ length: 18 }, (_, index) => `a${index}`);
    const sum = `function f(${names.map((name) => `uint ${name}`).join(', ')}) external pure returns (uint) {
      return ${names.join(' + ')}; }`;
    const report = await runBare('deep', {
      'Deep.sol': `pragma solidity ^0.8.0; contract Deep { ${sum} } contract Flat {}`,
      'Other.sol': 'pragma solidity ^0.8.0; contract Other {}',
    });
    expect(report).toMatchObject({ files: 2, compiled: 1, failed: 1, contracts: 2 });
    expect(report.remarks).toMatchObject([
      { of: 'failure', at: 'contracts/Deep.sol:Deep', says: expect.stringContaining('Stack too deep') },
    ]);
  });
});

describe('tests of a project', () => {
  const files = {
    'Coin.sol': 'pragma solidity ^0.8.0; contract Coin {}',
    'Coin.t.sol':
      'pragma solidity ^0.8.0; import "./Coin.sol"; contract CoinTest { Coin coin = new Coin(); }',
    'Sum.t.sol': 'pragma solidity ^0.8.0; contract SumTest { uint x = "no"; }',
  };

  test('are checked for errors, and compiled when all is asked for', async () => {
    const report = await runBare('tested', files, { pkg: { tests: /\.t\.sol$/ } });
    expect(report).toMatchObject({ files: 3, compiled: 1, checked: 1, failed: 1, contracts: 1 });
    expect(report.remarks).toMatchObject([
      { at: 'contracts/Sum.t.sol', says: expect.stringContaining('TypeError') },
    ]);
    const whole = await runBare('tested', files, { pkg: { tests: /\.t\.sol$/ }, tests: true });
    expect(whole).toMatchObject({ files: 3, compiled: 2, checked: 0, failed: 1, contracts: 2 });
  });

  test('with code that the package ships are counted apart, and compared when all is asked for', async () => {
    await publish('shipped-tests', (artifact) => artifact);
    const pkg = { ...tiny, package: 'shipped-tests', tests: /Ledger\.sol$/ };
    const [report] = await runPackages({ packages: [pkg], modules, compiler });
    expect(report).toMatchObject({
      compiled: 1,
      checked: 1,
      bytecodeCompared: 1,
      bytecodeOfTests: 2,
      remarks: [],
    });
    expect(reportPackages(report ? [report] : [], 1).remarks).toEqual([
      'tiny: the shipped code of 2 contracts of tests was not compared; --tests does it',
    ]);
    const [whole] = await runPackages({ packages: [pkg], modules, compiler, tests: true });
    expect(whole).toMatchObject({
      compiled: 2,
      checked: 0,
      bytecodeCompared: 3,
      bytecodeEqual: 3,
      bytecodeOfTests: 0,
    });
  });
});

/** Runs a package of these files that ships no code. */
async function runBare(
  name: string,
  files: Record<string, string>,
  { pkg = {}, tests = false }: { pkg?: Partial<CorpusPackage>; tests?: boolean } = {},
) {
  mkdirSync(join(modules, name, 'contracts'), { recursive: true });
  for (const [path, text] of Object.entries(files))
    writeFileSync(join(modules, name, 'contracts', path), text);
  const { artifacts: _, ...bare } = tiny;
  const groups = [{ compilers: ['0.8.26', '0.8.1'], settings: {} }];
  const packages = [{ ...bare, package: name, groups, ...pkg }];
  const [report] = await runPackages({ packages, modules, compiler, tests });
  if (!report) throw new Error('no report');
  return report;
}

/** Another value for byte 20. */
function flip(code: Artifact['runtimeBytecode']): Artifact['runtimeBytecode'] {
  const at = 2 + 20 * 2;
  return `0x${code.slice(2, at)}${code[at] === '0' ? '1' : '0'}${code.slice(at + 1)}`;
}

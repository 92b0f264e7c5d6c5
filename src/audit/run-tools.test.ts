import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAnalysers } from '../ops/analysers.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { auditNamed, bestIsolation, type FakePrograms, fakePrograms, purse } from './tools/test-support.ts';
import { type ToolName, toolNames } from './tools/types.ts';

let compiler: Compiler;
let fakes: FakePrograms;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());
beforeEach(() => {
  fakes = fakePrograms();
});
afterEach(() => fakes.remove());

const audit = async (
  names: ToolName[],
  options: { seconds?: number; sources?: Record<string, string> } = {},
) =>
  auditNamed(options.sources ?? { 'Purse.sol': purse }, {
    compiler,
    names,
    machine: await fakes.analysers(options.seconds === undefined ? {} : { seconds: options.seconds }),
  });

const version = (text: string) =>
  `case " $* " in *" --version "*|*" version "*) echo '${text}'; exit 0;; esac`;

const node = (line: number, name: string) => ({
  type: 'node',
  name,
  source_mapping: { filename_relative: 'Purse.sol', lines: [line], starting_column: 9, ending_column: 40 },
});
const slitherReport = (detectors: object[]) =>
  JSON.stringify({ success: true, error: null, results: { detectors } });
const detector = (check: string, elements: object[], more: object = {}) => ({
  ...{ check, impact: 'High', confidence: 'High', description: `${check} it is`, elements },
  ...more,
});

/** As the real one: it asks `--solc` for the version and the combined JSON, and ends with the number of findings. */
const slither = `${version('0.11.3')}
while [ $# -gt 0 ]; do [ "$1" = --solc ] && solc=$2; shift; done
"$solc" --version | grep -q 'Version: 0.8' || { echo '{"success":false,"error":"no solc","results":{}}'; exit 255; }
"$solc" Purse.sol --combined-json abi,ast > "$HOME/combined.json" || exit 3
grep -q 'Purse.sol:Purse' "$HOME/combined.json" && grep -q '"AST"' "$HOME/combined.json" || exit 4
[ -f Purse.sol ] || exit 5
cat "$(dirname "$0")/slither.json"
exit 2`;

describe('findings of an external analyser', () => {
  test('are merged with ours at the same place, and else stand by themselves', async () => {
    fakes.add('slither', slither, {
      'slither.json': slitherReport([
        detector('reentrancy-eth', [node(9, 'msg.sender.call{value: amount}()')]),
        detector('tx-origin', [node(14, 'tx.origin == owner')], { impact: 'Medium' }),
        detector('weak-prng', [node(8, 'amount')]),
        detector('immutable-states', [node(5, 'owner')], { impact: 'Optimization' }),
      ]),
    });
    const report = await audit(['slipway', 'slither']);
    expect(report.tools).toMatchObject([
      { tool: 'slipway', status: 'findings' },
      { tool: 'slither', version: '0.11.3', status: 'findings', problems: [] },
    ]);
    const seen = report.findings.map(({ detector: id, location, tool, corroboratedBy }) => [
      ...[id, location.line, tool, corroboratedBy],
    ]);
    expect(seen).toContainEqual(['reentrancy', 9, undefined, ['slither']]);
    expect(seen).toContainEqual(['tx-origin', 14, undefined, ['slither']]);
    expect(seen.filter(([id]) => id === 'reentrancy')).toHaveLength(1);
    const alone = report.findings.filter(({ tool }) => tool === 'slither');
    expect(alone).toMatchObject([
      {
        detector: 'weak-randomness',
        confidence: 'medium',
        contract: 'Purse',
        function: 'take()',
        location: { line: 8, column: 9 },
        message: 'weak-prng it is',
      },
      { detector: 'slither:immutable-states', severity: 'gas', contract: 'Purse' },
    ]);
    expect(alone[0]?.why).toContain('Block fields');
    expect(alone[1]?.references[0]).toContain('#immutable-states');
  });

  test('keep their fingerprint when lines move, and a comment in the source disables them', async () => {
    fakes.add('slither', slither, {
      'slither.json': slitherReport([detector('odd-thing', [node(8, 'amount')])]),
    });
    const before = (await audit(['slither'])).findings;
    fakes.add('slither', slither, {
      'slither.json': slitherReport([detector('odd-thing', [node(9, 'amount')])]),
    });
    const line = '        uint256 amount';
    const moved = purse.replace(
      line,
      `        // slipway-disable-next-line slither:odd-thing -- known\n${line}`,
    );
    const after = await audit(['slipway', 'slither'], { sources: { 'Purse.sol': moved } });
    const found = after.findings.find(({ tool }) => tool === 'slither');
    expect(found).toMatchObject({
      fingerprint: before[0]?.fingerprint,
      suppressed: { reason: 'known', line: 8 },
    });
    expect(after.tools[0]?.problems).toEqual([]);
  });

  test('in files that nobody handed over, or on lines that are not there, make it partial', async () => {
    const elsewhere = { ...node(1, 'x').source_mapping, filename_relative: 'Other.sol' };
    fakes.add('slither', slither, {
      'slither.json': slitherReport([
        detector('a', [{ ...node(1, 'x'), source_mapping: elsewhere }]),
        detector('b', [node(4_000, 'x')]),
      ]),
    });
    const { tools, findings } = await audit(['slither']);
    expect(findings).toEqual([]);
    expect(tools[0]).toMatchObject({
      status: 'partial',
      problems: [
        { message: '1 of its findings are in files that are not there' },
        { message: '1 of its findings name lines that the files do not have' },
      ],
    });
  });
});

describe('what an external analyser does', () => {
  const statusOf = async (script: string, seconds?: number) => {
    fakes.add('slither', `${version('0.11.3')}\n${script}`);
    const report = await audit(['slipway', 'slither'], seconds === undefined ? {} : { seconds });
    // Whatever it does, ours stands.
    expect(report.tools[0]).toMatchObject({ tool: 'slipway', status: 'findings' });
    expect(report.findings.some(({ detector: id }) => id === 'reentrancy')).toBe(true);
    return report.tools[1];
  };

  test('nothing found is a pass', async () => {
    const report = slitherReport([]);
    expect(await statusOf(`echo '${report}'`)).toMatchObject({ status: 'passed', problems: [] });
  });

  test.each([
    ['dies', 'kill -9 $$', 'it wrote no report (it ended with '],
    ['prints garbage', 'echo Traceback; exit 1', 'no JSON'],
    ['prints nothing', 'exit 0', 'no report'],
    ['prints another shape', `echo '{"success":true,"error":null,"results":[]}'`, 'shape that is not known'],
    ['never ends its output', 'yes', 'said more than it may'],
  ])('one that %s has failed', async (_what, script, message) => {
    const report = await statusOf(script);
    expect(report).toMatchObject({ status: 'failed', version: '0.11.3' });
    expect(report?.problems[0]?.message).toContain(message);
  });

  test('one that hangs, with a child, is ended', async () => {
    const report = await statusOf('(setsid sleep 300 &); sleep 300', 5);
    expect(report).toMatchObject({ status: 'failed', problems: [{ message: 'it was ended after 5 s' }] });
  });

  // Each program that is started costs seconds on a busy machine.
  const patience = { timeout: 120_000 };
  test(
    'one that is not there, too old, too new, or without a version is unavailable, never a pass',
    patience,
    async () => {
      const machine = await fakes.analysers();
      const status = async () => {
        const fresh = await fakes.analysers();
        const sources = { 'Purse.sol': purse };
        return (await auditNamed(sources, { compiler, machine: fresh, names: ['slither'] })).tools[0];
      };
      expect(await status()).toMatchObject({
        status: 'unavailable',
        version: '',
        problems: [{ message: 'Slither (`slither`) is not on the PATH' }],
      });
      for (const [said, words] of [
        ['0.8.3', 'Slither 0.8.3 is outside of >=0.9.0 <1.0.0. Before 0.9.0'],
        ['1.0.0', 'Slither 1.0.0 is outside of'],
        ['hello', 'does not say which version it is'],
      ]) {
        fakes.add('slither', `echo ${said}`);
        expect((await status())?.problems[0]?.message).toContain(words);
      }
      // What could not be used is looked for again a minute later, not at once.
      expect((await machine.list()).find(({ name }) => name === 'slither')?.available).toBe(false);
    },
  );

  test('gets no files that it takes orders from, and the sources cannot be written', async () => {
    fakes.add('slither', `${version('0.11.3')}\nls -A; cp Purse.sol slither.config.json && echo written`);
    const sources = { 'Purse.sol': purse, '.solhintignore': '*', 'slither.config.json': '{}' };
    const machine = openAnalysers({
      auditTools: { allowed: toolNames, paths: {}, isolation: await bestIsolation(), seconds: 20 },
      searchPath: fakes.folder,
      secretPaths: [],
    });
    const run = await machine.execute(join(fakes.folder, 'slither'), {
      words: () => [],
      files: { 'Purse.sol': sources['Purse.sol'] },
      seconds: 20,
    });
    expect(run.output.trim()).toBe('Purse.sol');
  });

  test('is ended when the audit is', async () => {
    fakes.add('slither', `${version('0.11.3')}\nsleep 300`);
    const stop = new AbortController();
    const running = auditNamed(
      { 'Purse.sol': purse },
      { compiler, machine: await fakes.analysers(), names: ['slither'], signal: stop.signal },
    );
    setTimeout(() => stop.abort(new Error('cancelled')), 300);
    await expect(running).rejects.toThrow('cancelled');
  });
});

test('Aderyn and Mythril: their words, compilers where they look for them, reports where they write them', async () => {
  fakes.add(
    'aderyn',
    `${version('aderyn 0.5.13')}
[ -x "$HOME"/.svm/0.8.*/solc-0.8.* ] || exit 3
while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done
echo '{"language":"Solidity"}' | "$HOME"/.svm/0.8.*/solc-0.8.* --standard-json | grep -q '"contracts"' || exit 4
cat "$(dirname "$0")/aderyn.json" > "$out"; echo 'Report printed'`,
    {
      'aderyn.json': JSON.stringify({
        high_issues: {
          issues: [
            {
              title: 'Changes after a call',
              description: 'Order matters.',
              detector_name: 'reentrancy-state-change',
              instances: [{ contract_path: 'Purse.sol', line_no: 9 }],
            },
          ],
        },
        low_issues: { issues: [] },
      }),
    },
  );
  fakes.add(
    'myth',
    `${version('Mythril version v0.24.8')}
[ "$1" = analyze ] && [ "$2" = Purse.sol:Purse ] || exit 3
echo '{}' | "$HOME"/.solcx/solc-v0.8.* --standard-json | grep -q '"sourceMap"' || exit 4
cat "$(dirname "$0")/myth.json"; exit 1`,
    {
      'myth.json': JSON.stringify({
        success: true,
        error: null,
        issues: [
          {
            title: 'State access after external call',
            'swc-id': '107',
            contract: 'Purse',
            description: 'Write after a call.',
            function: 'take()',
            severity: 'Medium',
            filename: 'Purse.sol',
            lineno: 9,
          },
        ],
      }),
    },
  );
  const report = await audit(['slipway', 'aderyn', 'mythril']);
  expect(report.tools.map(({ tool, version: v, status }) => [tool, v, status]).slice(1)).toEqual([
    ['aderyn', '0.5.13', 'findings'],
    ['mythril', '0.24.8', 'findings'],
  ]);
  expect(report.findings.find(({ detector: id }) => id === 'reentrancy')).toMatchObject({
    corroboratedBy: ['aderyn', 'mythril'],
  });
});

describe('Solhint, the real one', () => {
  const real = async () => {
    const program = join(
      dirname(createRequire(import.meta.url).resolve('solhint/package.json')),
      'solhint.js',
    );
    // As npm links it: a program, whatever the package's own file mode is.
    fakes.add('solhint', `exec '${process.execPath}' '${program}' "$@"`);
    return fakes.analysers();
  };
  const own = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('solhint/package.json'), 'utf8'),
  ) as { version: string };

  test('finds what its rules of security are about, as hints', async () => {
    const sources = {
      'Purse.sol': purse,
      'lib/Odd.sol': `pragma solidity ^0.8.0;
contract Odd {
    function now_() external view returns (uint256 t) { assembly { t := timestamp() } }
    function stake() external view returns (bool) { return block.timestamp > 5; }
}`,
    };
    const report = await auditNamed(sources, {
      compiler,
      machine: await real(),
      names: ['slipway', 'solhint'],
    });
    expect(report.tools[1]).toMatchObject({ tool: 'solhint', version: own.version, status: 'findings' });
    const hints = report.findings.filter(({ tool }) => tool === 'solhint');
    expect(hints.every(({ confidence }) => confidence === 'low')).toBe(true);
    expect(hints.every(({ severity }) => severity === 'low' || severity === 'info')).toBe(true);
    expect(hints).toContainEqual(
      expect.objectContaining({
        detector: 'solhint:no-inline-assembly',
        severity: 'info',
        location: expect.objectContaining({ file: 'lib/Odd.sol', line: 3 }),
      }),
    );
    const origin = report.findings.filter(({ detector: id }) => id === 'tx-origin');
    expect(origin).toMatchObject([{ corroboratedBy: ['solhint'] }]);
    expect(origin[0]?.tool).toBeUndefined();
  });

  test('clean code is a pass', async () => {
    const clean = {
      'Clean.sol':
        'pragma solidity ^0.8.0;\ncontract Clean { uint256 private x; constructor() { x = 1; } }\n',
    };
    const { tools } = await auditNamed(clean, { compiler, machine: await real(), names: ['solhint'] });
    expect(tools).toMatchObject([{ tool: 'solhint', status: 'passed', problems: [] }]);
  });

  test('a program that is no program is unavailable', async () => {
    const path = join(fakes.folder, 'file');
    writeFileSync(path, 'text');
    const machine = await fakes.analysers({ paths: { solhint: path } });
    const { tools } = await auditNamed({ 'P.sol': purse }, { compiler, machine, names: ['solhint'] });
    expect(tools[0]).toMatchObject({
      status: 'unavailable',
      problems: [{ message: `${path} is no program` }],
    });
    rmSync(path);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { libraries } from '../solidity/libraries/index.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { AstNode } from '../solidity/types.ts';
import { type AnalyserOptions, startAnalyser } from './analyser.ts';
import { descendants } from './ir/ast.ts';
import { runAudit } from './run-audit.ts';
import { unitOf } from './test-support.ts';
import type { AuditUnit } from './types.ts';

/** Detectors that do what none should. The list's files are not among them: these are read by the thread. */
const hostile = `
const detector = (id, run) => ({ id, category: 'time', severity: 'low', confidence: 'low', title: '', why: '', exploit: '', fix: '', references: [], bad: [], good: [], run });
const report = ({ program }, say) => say({ node: program.contracts[0].node, message: 'found' });
export const detectors = [
  detector('first', report),
  detector('throws', () => { throw new Error('out of order'); }),
  detector('endless', () => { for (;;); }),
  detector('between', report),
  detector('hungry', () => { const held = []; for (;;) held.push(new Array(100000).fill(held.length)); }),
  detector('deep', () => { const call = () => call() + 1; call(); }),
  detector('quick', () => { const until = performance.now() + 1500; while (performance.now() < until); }),
  detector('last', report),
];
`;
const ids = ['first', 'throws', 'endless', 'between', 'hungry', 'deep', 'quick', 'last'];

let unit: AuditUnit;
const folder = mkdtempSync(join(tmpdir(), 'slipway-analyser-'));
const from = join(folder, 'hostile.mjs');

beforeAll(async () => {
  writeFileSync(from, hostile);
  const compiler = await startCompiler({ workers: 1 });
  unit = await unitOf(compiler, {
    'A.sol': 'pragma solidity ^0.8.0; contract A { function f() external {} }',
  });
  await compiler.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function audit(options: AnalyserOptions, only = ids, audited = unit) {
  const analyser = startAnalyser({ ...options, detectors: { from, ids: only } });
  try {
    const { tools, findings } = await analyser.audit([audited]);
    return { ...tools[0], found: findings.map(({ detector }) => detector) };
  } finally {
    await analyser.close();
  }
}

describe('a detector', () => {
  test('that throws, does not end or takes all memory fails alone', async () => {
    const { status, detectors, problems, found } = await audit({
      detectorSeconds: 6,
      memoryMegabytesMax: 96,
    });
    expect(status).toBe('partial');
    expect(detectors).toEqual(['first', 'between', 'quick', 'last']);
    expect(found?.sort()).toEqual(['between', 'first', 'last']);
    expect(problems).toEqual([
      { detector: 'throws', message: 'out of order' },
      { detector: 'endless', message: 'ran longer than 6 seconds and was ended' },
      { detector: 'hungry', message: 'needed more than 96 MB of memory' },
      { detector: 'deep', message: expect.stringContaining('call stack') },
    ]);
  }, 30_000);

  test('is ended at its limit, and not before it', async () => {
    expect(await audit({ detectorSeconds: 15 }, ['quick'])).toMatchObject({ status: 'passed', problems: [] });
    expect(await audit({ detectorSeconds: 0.7 }, ['quick', 'last'])).toMatchObject({
      ...{ status: 'partial', detectors: ['last'] },
      problems: [{ detector: 'quick', message: 'ran longer than 0.7 seconds and was ended' }],
    });
  });

  test('for which the whole unit has no time left is named', async () => {
    const found = await audit({ unitSeconds: 6, detectorSeconds: 60 }, ['first', 'endless', 'last']);
    expect(found).toMatchObject({
      ...{ status: 'partial', detectors: ['first'] },
      problems: [
        { detector: 'endless', message: 'there was no time left for it' },
        { detector: 'last', message: 'there was no time left for it' },
      ],
    });
  }, 30_000);
});

test('sources that take too long to read are no pass', async () => {
  expect(await audit({ readSeconds: 0.001 }, ['first'])).toMatchObject({
    ...{ status: 'failed', detectors: [] },
    problems: [{ message: 'reading the sources ran longer than 0.001 seconds and was ended' }],
  });
});

describe('the thread', () => {
  test('gives what the analyser gives in this thread, again and again, for several at once', async () => {
    const analyser = startAnalyser();
    const plain = runAudit(unit, { now: () => 0 });
    const all = await Promise.all(Array.from({ length: 3 }, () => analyser.audit([unit])));
    all.push(await analyser.audit([unit]));
    for (const report of all) expect({ ...report, tools: [] }).toEqual({ ...plain, tools: [] });
    expect(all.map(({ tools }) => tools[0]?.status)).toEqual(Array(4).fill('passed'));
    await analyser.close();
  });

  test('ends when nobody waits any more', async () => {
    const analyser = startAnalyser({ detectors: { from, ids: ['endless'] } });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(analyser.audit([unit], { signal: stop.signal })).rejects.toThrow('enough');
    await expect(analyser.audit([unit], { signal: stop.signal })).rejects.toThrow('enough');
    await analyser.close();
  });

  test('that cannot be given a tree says so', async () => {
    const root: AstNode = { id: 1, nodeType: 'SourceUnit', src: '0:1:0', nodes: [] };
    for (let at = root, count = 0; count < 200_000; count++) {
      const next: AstNode = { id: count + 2, nodeType: 'Block', src: '0:1:0' };
      at['body'] = next;
      at = next;
    }
    const deep = { ...unit, asts: { 'A.sol': root } };
    const found = await audit({}, ['last'], deep);
    expect(found).toMatchObject({ status: 'failed', detectors: [] });
    expect(found.problems?.[0]?.message).toMatch(/reading the sources .*stack/i);
  }, 30_000);
});

describe('an AST that the analyser has not seen', () => {
  test('is gone through without what it does not know, which is named with its place', async () => {
    const compiler = await startCompiler({ workers: 1 });
    const source = `pragma solidity ^0.8.0; contract A { uint x;
  function f(address payable to) external { x = 1; selfdestruct(to); }
}`;
    const newer = await unitOf(compiler, { 'A.sol': source });
    await compiler.close();
    const [statement] = descendants(newer.asts['A.sol'] as AstNode, 'ExpressionStatement');
    if (statement) statement.nodeType = 'ParallelStatement';
    const report = runAudit(newer, { now: () => 0 });
    expect(report.tools[0]).toMatchObject({
      status: 'partial',
      problems: [
        {
          file: 'A.sol',
          line: 2,
          message: 'the analyser does not know nodes of the type ParallelStatement and went on without them',
        },
      ],
    });
    expect(report.findings.map(({ detector }) => detector)).toContain('unprotected-selfdestruct');
  });
});

test('an unchanged copy of a library’s contract is followed and not reported on; a changed one is', async () => {
  const solady = libraries.find(({ name }) => name === 'solady');
  const copy = solady?.read('utils/UUPSUpgradeable.sol')?.content ?? '';
  const callable = solady?.read('utils/CallContextChecker.sol')?.content ?? '';
  const base = `${callable}\n${copy.replace(/^(import|pragma|\/\/ SPDX).*$/gm, '')}`;
  const target =
    'contract Mine is UUPSUpgradeable { function _authorizeUpgrade(address) internal override { revert(); } }';
  const compiler = await startCompiler({ workers: 1 });
  const analyser = startAnalyser();
  try {
    const found = async (source: string) => {
      const report = await analyser.audit([await unitOf(compiler, { 'Flat.sol': source })]);
      return {
        copies: report.tools[0]?.copies?.map(({ contract }) => contract) ?? [],
        contracts: [...new Set(report.findings.map(({ contract }) => contract))],
      };
    };
    const plain = await found(`${base}\n${target}`);
    expect(plain.copies).toContain('UUPSUpgradeable');
    expect(plain.contracts).not.toContain('UUPSUpgradeable');
    const changed = await found(`${base.replace('_authorizeUpgrade(newImplementation);', '')}\n${target}`);
    expect(changed.copies).not.toContain('UUPSUpgradeable');
    // Without a contract of somebody's own, the library is what is to be audited.
    expect((await found(base)).copies).toEqual([]);
  } finally {
    await analyser.close();
    await compiler.close();
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { mergeTools } from './merge-tools.ts';
import { runAudit } from './run-audit.ts';
import { summarise } from './summarise.ts';
import { unitOf } from './test-support.ts';
import { tools } from './tools/index.ts';
import { purse } from './tools/test-support.ts';
import type { Alarm, Proofs, ToolName } from './tools/types.ts';
import type { AuditReport, AuditUnit } from './types.ts';

let compiler: Compiler;
let unit: AuditUnit;
let own: AuditReport;
beforeAll(async () => {
  compiler = await startCompiler();
  unit = await unitOf(compiler, { 'Purse.sol': purse });
  own = runAudit(unit, { now: () => 0 });
});
afterAll(() => compiler.close());

const none = summarise([], []);
const alarm = (check: string, line: number, more: Partial<Alarm> = {}): Alarm => ({
  ...{ check, severity: 'high', confidence: 'high', message: 'it is', place: { file: 'Purse.sol', line } },
  ...more,
});
function run(name: ToolName, alarms: Alarm[], proofs?: Proofs) {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  const report = {
    ...{ tool: name, version: '1', status: 'passed' as const },
    ...{ seconds: 0, problems: [], detectors: [] },
  };
  return { tool, report, looks: [{ unit, alarms }], proofs };
}

describe('one class at one place is one finding', () => {
  test('an alarm for a whole function corroborates what is in it, of the same fault only', () => {
    const whole = { file: 'Purse.sol', line: 7, endLine: 12 };
    const merged = mergeTools(own, [run('slither', [alarm('reentrancy-eth', 7, { place: whole })])]);
    expect(merged.findings).toHaveLength(own.findings.length);
    expect(merged.findings.find(({ detector }) => detector === 'reentrancy')?.corroboratedBy).toEqual([
      'slither',
    ]);
    // Of the same class, but it could be about anything in the function.
    const wide = mergeTools(own, [run('slither', [alarm('reentrancy-events', 7, { place: whole })])]);
    expect(wide.findings).toHaveLength(own.findings.length + 1);
    expect(mergeTools(own, [run('slither', [alarm('reentrancy-events', 9)])]).findings).toHaveLength(
      own.findings.length,
    );
  });

  test('two names of one tool for one fault are one, the more severe; two tools corroborate each other', () => {
    const reentrancies = [alarm('reentrancy-benign', 9, { severity: 'low' }), alarm('reentrancy-eth', 9)];
    const merged = mergeTools(none, [
      run('slither', reentrancies),
      run('aderyn', [alarm('reentrancy-state-change', 9)]),
    ]);
    expect(merged.findings).toMatchObject([
      {
        detector: 'reentrancy',
        severity: 'high',
        confidence: 'medium',
        tool: 'slither',
        corroboratedBy: ['aderyn'],
      },
    ]);
    expect(merged.tools.map(({ status }) => status)).toEqual(['findings', 'findings']);
    expect(merged).toMatchObject({ overall: 'high', counts: { high: 1 } });
  });

  test('elsewhere, or of another class, it is another one', () => {
    const merged = mergeTools(own, [run('slither', [alarm('reentrancy-eth', 6), alarm('weak-prng', 9)])]);
    expect(merged.findings).toHaveLength(own.findings.length + 2);
  });
});

test('the milder severity counts, and a name of another tool is never ours', () => {
  const { findings } = mergeTools(none, [
    run('slither', [alarm('tx-origin', 14, { severity: 'critical' }), alarm('constructor', 6)]),
  ]);
  const severity = own.findings.find(({ detector }) => detector === 'tx-origin')?.severity;
  expect(findings.find(({ detector }) => detector === 'tx-origin')?.severity).toBe(severity);
  expect(findings.find(({ location }) => location.line === 6)?.detector).toBe('slither:constructor');
});

test('equal places of one function have fingerprints of their own', () => {
  const places = [3, 20].map((column) => ({ file: 'Purse.sol', line: 9, column }));
  const { findings } = mergeTools(none, [
    run(
      'slither',
      places.map((place) => alarm('odd', 9, { place })),
    ),
  ]);
  expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
});

test('of thousands of alarms the most severe are kept, and the tool is partial', () => {
  const many = Array.from({ length: limits.findingsMax + 1 }, (_, at) =>
    alarm(`odd-${at}`, 9, { severity: at === 0 ? 'info' : 'low' }),
  );
  const { tools: reports, findings } = mergeTools(none, [run('slither', many)]);
  expect(findings).toHaveLength(limits.findingsMax);
  expect(findings.some(({ severity }) => severity === 'info')).toBe(false);
  expect(reports[0]?.status).toBe('partial');
});

test('what is proved while other steps are open stays as a remark', () => {
  const location = {
    ...{ file: 'Purse.sol', line: 8, column: 9 },
    ...{ endLine: 8, endColumn: 20, excerpt: '' },
  };
  const [first] = own.findings;
  if (!first) throw new Error('no finding');
  const before = summarise([], [{ ...first, detector: 'integer-overflow', location }]);
  const settle = (proofs: Partial<Proofs>) =>
    mergeTools(before, [
      run('smtchecker', [], { proved: [], settled: [location], allSettled: false, ...proofs }),
    ]).findings;
  expect(settle({})).toMatchObject([{ severity: 'low', confidence: 'low' }]);
  expect(settle({ allSettled: true })).toEqual([]);
  expect(settle({ allSettled: true, settled: [{ ...location, column: 10 }] })).toEqual(before.findings);
});

import { describe, expect, test } from 'vitest';
import { readAderyn } from './aderyn.ts';
import { readMythril } from './mythril.ts';
import { readSlither } from './slither.ts';
import { readSolhint } from './solhint.ts';
import type { Ended, ToolReading } from './types.ts';

const ended = (more: Partial<Ended> = {}): Ended => ({
  code: 0,
  output: '',
  errors: '',
  fault: null,
  report: null,
  ...more,
});

const mapping = (lines: number[], columns: [number, number] = [9, 57]) => ({
  start: 300,
  length: 48,
  filename_relative: 'Purse.sol',
  filename_absolute: '/somewhere/Purse.sol',
  filename_short: 'Purse.sol',
  is_dependency: false,
  lines,
  starting_column: columns[0],
  ending_column: columns[1],
});
const contract = { type: 'contract', name: 'Purse', source_mapping: mapping([3, 4, 5]) };
const take = {
  type: 'function',
  name: 'take',
  source_mapping: mapping([7, 8, 9, 10, 11, 12], [5, 6]),
  type_specific_fields: { parent: contract, signature: 'take()' },
};
/** As its documentation says a report looks, for a contract of ours. */
const slitherReport = (more: object = {}) => ({
  success: true,
  error: null,
  results: {
    detectors: [
      {
        elements: [
          take,
          {
            type: 'node',
            name: '(ok,None) = msg.sender.call{value: amount}()',
            source_mapping: mapping([9]),
            type_specific_fields: { parent: take },
            additional_fields: { underlying_type: 'external_calls' },
          },
          {
            type: 'node',
            name: 'balances[msg.sender] = 0',
            source_mapping: mapping([11], [9, 33]),
            type_specific_fields: { parent: take },
            additional_fields: { underlying_type: 'variables_written' },
          },
        ],
        description: 'Reentrancy in Purse.take() (Purse.sol#7-12):\n\tExternal calls: …\n',
        markdown: '…',
        first_markdown_element: 'Purse.sol#L7-L12',
        id: 'a1',
        check: 'reentrancy-eth',
        impact: 'High',
        confidence: 'Medium',
      },
    ],
  },
  ...more,
});

describe('Slither', () => {
  // The number of findings, nothing, or 255: it says nothing about whether there is a report.
  test.each([0, 1, 255])('exit status %i: what counts is `success`', (code) => {
    const reading = readSlither(ended({ code, output: JSON.stringify(slitherReport()) }), 9);
    expect(reading).toMatchObject({
      ok: true,
      complete: true,
      alarms: [
        {
          check: 'reentrancy-eth',
          severity: 'high',
          confidence: 'medium',
          place: { file: 'Purse.sol', line: 9, endLine: 9, column: 9, endColumn: 57 },
          contract: 'Purse',
          function: 'take()',
        },
      ],
    });
    expect(alarms(reading)[0]?.others?.map(({ line, endLine }) => [line, endLine])).toEqual([
      [7, 12],
      [11, 11],
    ]);
  });

  test('no detectors is a report without findings', () => {
    const output = JSON.stringify(slitherReport({ results: {} }));
    expect(readSlither(ended({ output }), 9)).toMatchObject({ ok: true, complete: true, alarms: [] });
  });

  test('`success: false` is a failure, whatever the exit status', () => {
    const failed = { success: false, error: 'Traceback …\nInvalidCompilation: no such file', results: {} };
    const reading = readSlither(ended({ output: JSON.stringify(failed) }), 9);
    expect(reading).toEqual({ ok: false, message: 'InvalidCompilation: no such file' });
  });

  test('a finding without a place makes it partial', () => {
    const report = slitherReport();
    const [first] = report.results.detectors;
    const output = JSON.stringify({
      ...report,
      results: { detectors: [first, { ...first, check: 'solc-version', elements: [] }] },
    });
    expect(readSlither(ended({ output }), 9)).toMatchObject({
      ok: true,
      complete: false,
      problems: [{ message: '1 of its findings name no place' }],
    });
  });

  test.each([
    ['', 'it wrote no report (it ended with 0)'],
    ['{"success": tr', 'what it wrote is no JSON (it ended with 0)'],
    [
      '{"success":true,"error":null,"results":{"detectors":[{"check":1}]}}',
      expect.stringContaining('a shape that is not known: results.detectors.0.check'),
    ],
  ])('%j is a failure', (output, message) => {
    expect(readSlither(ended({ output }), 9)).toEqual({ ok: false, message });
  });

  test('what was killed has failed, even with a report', () => {
    const output = JSON.stringify(slitherReport());
    expect(readSlither(ended({ output, fault: 'time', code: 'SIGKILL' }), 9)).toEqual({
      ok: false,
      message: 'it was ended after 9 s',
    });
  });
});

const aderynReport = {
  files_summary: { total_source_units: 1, total_sloc: 14 },
  files_details: { files_details: [{ file_path: 'Purse.sol', n_sloc: 14 }] },
  issue_count: { high: 1, low: 1 },
  high_issues: {
    issues: [
      {
        title: 'State change after a call',
        description: 'What a called contract does comes first.',
        detector_name: 'reentrancy-state-change',
        instances: [{ contract_path: './Purse.sol', line_no: 9, src: '300:48', src_char: '300:48' }],
      },
    ],
  },
  low_issues: {
    issues: [
      {
        title: 'Open pragma',
        description: 'Name one version.',
        detector_name: 'unspecific-solidity-pragma',
        instances: [{ contract_path: 'Purse.sol', line_no: 2, src: '32:23', src_char: '32:23' }],
      },
    ],
  },
  detectors_used: ['reentrancy-state-change', 'unspecific-solidity-pragma'],
};

describe('Aderyn', () => {
  test('its report is read from the file', () => {
    const reading = readAderyn(ended({ report: JSON.stringify(aderynReport) }), 9);
    expect(reading).toMatchObject({
      ok: true,
      complete: true,
      checks: ['reentrancy-state-change', 'unspecific-solidity-pragma'],
      alarms: [
        {
          check: 'reentrancy-state-change',
          severity: 'high',
          confidence: 'medium',
          place: { file: 'Purse.sol', line: 9 },
        },
        { check: 'unspecific-solidity-pragma', severity: 'low', confidence: 'low' },
      ],
    });
  });

  test('a report with another exit status is partial; none is a failure', () => {
    const panic = { code: 101, errors: "thread 'main' panicked at src/main.rs" };
    const report = JSON.stringify(aderynReport);
    expect(readAderyn(ended({ ...panic, report }), 9)).toMatchObject({ ok: true, complete: false });
    expect(readAderyn(ended(panic), 9)).toEqual({
      ok: false,
      message: "it wrote no report (it ended with 101: thread 'main' panicked at src/main.rs)",
    });
    expect(readAderyn(ended({ report: '{"high_issues":[]}' }), 9)).toMatchObject({ ok: false });
  });
});

const mythrilIssue = {
  title: 'Dependence on tx.origin',
  'swc-id': '115',
  contract: 'Purse',
  description: 'Use of tx.origin as a part of authorization control.',
  function: 'close()',
  severity: 'Low',
  address: 317,
  debug: '',
  min_gas_used: 500,
  max_gas_used: 700,
  sourceMap: '420:9:0',
  filename: 'Purse.sol',
  lineno: 14,
  code: 'tx.origin',
};

describe('Mythril', () => {
  test.each([0, 1])('exit status %i: what counts is `success`', (code) => {
    const output = JSON.stringify({ success: true, error: null, issues: [mythrilIssue] });
    expect(readMythril(ended({ code, output }), 9)).toMatchObject({
      ok: true,
      complete: true,
      alarms: [
        { check: '115', severity: 'low', place: { file: 'Purse.sol', line: 14 }, function: 'close()' },
      ],
    });
  });

  test('a finding in code that has no line is told of', () => {
    const { filename: _f, lineno: _l, ...rest } = mythrilIssue;
    const output = JSON.stringify({ success: true, error: null, issues: [rest] });
    expect(readMythril(ended({ output }), 9)).toMatchObject({
      ok: true,
      alarms: [],
      problems: [{ message: '1 of its findings name no line of the sources' }],
    });
  });

  test('its own error is a failure', () => {
    const output = JSON.stringify({ success: false, error: 'Solc experienced a fatal error', issues: [] });
    expect(readMythril(ended({ output, code: 1 }), 9)).toEqual({
      ok: false,
      message: 'Solc experienced a fatal error',
    });
  });
});

describe('Solhint', () => {
  const warning = {
    line: 14,
    column: 17,
    severity: 'Warning',
    message: 'Avoid to use tx.origin',
    ruleId: 'avoid-tx-origin',
    fix: null,
    filePath: 'Purse.sol',
  };

  test('an empty list is a pass, an empty output is not', () => {
    expect(readSolhint(ended({ output: '[]' }), 9)).toMatchObject({ ok: true, complete: true, alarms: [] });
    expect(readSolhint(ended(), 9)).toMatchObject({ ok: false });
  });

  test('a linter is never more than a hint', () => {
    const output = JSON.stringify([warning, { conclusion: '1 problem/s (0 error/s, 1 warning/s)' }]);
    expect(readSolhint(ended({ output, code: 1 }), 9)).toMatchObject({
      alarms: [{ check: 'avoid-tx-origin', severity: 'low', confidence: 'low' }],
    });
  });

  test('a file that it cannot parse makes it partial, once', () => {
    const broken = { line: 2, column: 1, severity: 'Error', message: 'Parse error: …', filePath: 'B.sol' };
    const output = JSON.stringify([warning, broken, { ...broken, line: 3 }]);
    expect(readSolhint(ended({ output, code: 1 }), 9)).toMatchObject({
      complete: false,
      alarms: [{ check: 'avoid-tx-origin' }],
      problems: [{ file: 'B.sol', message: 'Parse error: …' }],
    });
  });

  test('exit status 255 is a failure', () => {
    expect(readSolhint(ended({ code: 255, errors: 'No files to lint!' }), 9)).toEqual({
      ok: false,
      message: 'it wrote no report (it ended with 255: No files to lint!)',
    });
    expect(readSolhint(ended({ code: 255, output: '[]' }), 9)).toMatchObject({ ok: false });
  });
});

function alarms(reading: ToolReading) {
  return reading.ok ? reading.alarms : [];
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { mergeReports } from './make-report.ts';
import { auditOf } from './test-support.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
});
afterAll(() => compiler.close());

const audited = () =>
  auditOf(compiler, {
    'A.sol': `pragma solidity ^0.8.0;
contract A {
    receive() external payable {}
    function leak(address payable to) external { require(msg.sender != to); to.send(1); }
}
contract Locked { receive() external payable {} }`,
  });
const leftOut = {
  ...{ file: 'A.sol', line: 9, contract: 'Locked', function: 'pay' },
  what: 'the body of function pay',
  reason: 'Undeclared identifier.',
};

describe('a report of parts', () => {
  test('is the report itself when there is one part and nothing was left out', async () => {
    const report = await audited();
    expect(mergeReports([report], [])).toBe(report);
  });

  test('is partial, names what was left out, and trusts little of what is said of wholes', async () => {
    const report = await audited();
    const confidences = ({ findings }: typeof report) =>
      Object.fromEntries(findings.map(({ detector, confidence }) => [detector, confidence]));
    expect(confidences(report)).toMatchObject({ 'locked-ether': 'high', 'unchecked-send': 'high' });
    const merged = mergeReports([report], [leftOut]);
    expect(confidences(merged)).toMatchObject({ 'locked-ether': 'low', 'unchecked-send': 'high' });
    expect(merged.tools).toMatchObject([
      {
        status: 'partial',
        problems: [
          {
            ...{ file: 'A.sol', line: 9, contract: 'Locked', function: 'pay' },
            message: 'the body of function pay was left out: Undeclared identifier.',
          },
        ],
      },
    ]);
    const elsewhere = mergeReports([report], [{ ...leftOut, file: 'B.sol' }]);
    expect(confidences(elsewhere)).toMatchObject({ 'locked-ether': 'high' });
  });

  test('has what several parts found once, and failed when there is none', async () => {
    const report = await audited();
    const merged = mergeReports([report, report], []);
    expect(merged.findings).toHaveLength(report.findings.length);
    expect(merged.tools[0]?.status).toBe('partial');
    expect(mergeReports([], [leftOut]).tools[0]).toMatchObject({ status: 'failed', detectors: [] });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { Compiler, Sources } from '../../solidity/types.ts';
import { auditNamed, type FakePrograms, fakePrograms } from './test-support.ts';
import type { ToolName } from './types.ts';

let compiler: Compiler;
let fakes: FakePrograms;
beforeAll(async () => {
  compiler = await startCompiler();
  fakes = fakePrograms();
});
afterAll(async () => {
  fakes.remove();
  await compiler.close();
});

const audit = async (
  sources: Sources,
  {
    names = ['smtchecker'],
    seconds = 250,
    version,
  }: { names?: ToolName[]; seconds?: number; version?: string } = {},
) => {
  const machine = await fakes.analysers({ seconds });
  return auditNamed(sources, { compiler, machine, names, ...(version ? { version } : {}) });
};

// The solver takes seconds, and many more where others use the machine.
const patience = 280_000;

const score = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Score {
    uint256 public points;
    function add(uint256 more) external { require(more < 50); points = more; }
    function half(uint256 by) external pure returns (uint256) { return 100 / by; }
    function claim() external view { assert(points != 11); }
}
`;

describe('the model checker', () => {
  test('gives the values that break an assertion, and says what it proved', {
    timeout: patience,
  }, async () => {
    const report = await audit({ 'Score.sol': score });
    expect(report.tools).toMatchObject([{ tool: 'smtchecker', status: 'findings', version: '0.8.37' }]);
    const broken = report.findings.find(({ detector }) => detector === 'smtchecker:assert');
    expect(broken).toMatchObject({
      severity: 'medium',
      confidence: 'high',
      contract: 'Score',
      function: 'claim()',
      location: { line: 7 },
      counterexample: { values: { points: '11' } },
    });
    expect(broken?.counterexample?.trace.map(({ call }) => call)).toEqual([
      'Score.constructor()',
      'Score.add(11)',
      'Score.claim()',
    ]);
    const division = report.findings.find(({ detector }) => detector === 'smtchecker:division-by-zero');
    expect(division).toMatchObject({ severity: 'info', counterexample: { values: { by: '0' } } });
  });

  test('is not for compilers whose checker cannot be bounded', async () => {
    const old = 'pragma solidity ^0.4.24; contract Old { uint x; }';
    const { tools } = await audit({ 'Old.sol': old });
    expect(tools).toMatchObject([{ tool: 'smtchecker', status: 'not_applicable' }]);
    expect(tools[0]?.problems[0]?.message).toMatch(/^the model checker of compiler 0\.4\./);
  });

  test('sources without a contract of their own have nothing to prove', async () => {
    const { tools } = await audit({
      'I.sol': 'pragma solidity ^0.8.0; interface I { function f() external; }',
    });
    expect(tools).toMatchObject([{ status: 'passed', problems: [] }]);
  });

  test('what takes it too long is no pass, and the process is gone', { timeout: patience }, async () => {
    const powers = Array.from({ length: 8 }, (_, at) => {
      return `function f${at}(uint256 a, uint256 b) external { require(b > 1 && b < 1000); x = (a * b + x) % b ** ${at + 2}; y = x * y / b; }`;
    });
    const hard = `pragma solidity ^0.8.0;
contract Hard { uint256 x; uint256 y; ${powers.join('\n')} function g() external view { assert(x * y % 7 != 3); } }`;
    const { tools } = await audit({ 'Hard.sol': hard }, { seconds: 5 });
    expect(['failed', 'partial']).toContain(tools[0]?.status);
    expect(tools[0]?.problems.map(({ message }) => message).join()).toMatch(/time, no answer in/);
  });
});

describe('what is proved takes findings back', () => {
  const ledger = (guard: string) => `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Ledger {
    uint256 public left = 1000;
    function spend(uint256 amount) external {
        ${guard}
        unchecked {
            left -= amount;
        }
    }
}
`;
  const overflows = async (source: string, names: ToolName[]) => {
    const report = await audit({ 'Ledger.sol': source }, { names });
    return { report, found: report.findings.filter(({ detector }) => detector === 'integer-overflow') };
  };

  test('a step that can wrap around is corroborated with values', { timeout: patience }, async () => {
    const { found } = await overflows(ledger(''), ['slipway', 'smtchecker']);
    expect(found).toMatchObject([
      { location: { line: 8 }, corroboratedBy: ['smtchecker'], counterexample: { trace: expect.any(Array) } },
    ]);
    expect(found[0]?.counterexample?.trace.at(-1)?.call).toMatch(/^Ledger\.spend\(\d+\)/);
  });

  // Bounded by another variable, which our own analysis of ranges does not follow.
  test('a step that never can is no finding any more', { timeout: patience }, async () => {
    const guard = 'if (amount * 2 > left + left) return;';
    const before = await overflows(ledger(guard), ['slipway']);
    expect(before.found).toHaveLength(1);
    const { report, found } = await overflows(ledger(guard), ['slipway', 'smtchecker']);
    expect(found).toEqual([]);
    expect(report.tools[1]?.proved).toContainEqual(
      expect.objectContaining({ property: 'underflow', contract: 'Ledger' }),
    );
  });
});

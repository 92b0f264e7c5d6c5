import { describe, expect, test } from 'vitest';
import { evaluateGate } from './gate.ts';
import { policies, stricterOf } from './policies.ts';
import type { AuditReport, Finding, ToolStatus } from './types.ts';

describe('policies', () => {
  test('the stricter one wins, whichever side it stands on', () => {
    expect(stricterOf(policies.local, policies.mainnet).name).toBe('mainnet');
    expect(stricterOf(policies.mainnet, policies.local).name).toBe('mainnet');
    expect(stricterOf(policies.testnet, policies.testnet).name).toBe('testnet');
  });
});

describe('the gate', () => {
  const none = { acknowledgements: [], confirmed: true };

  test('local needs no audit and blocks nothing', () => {
    const critical = report('findings', [finding({ severity: 'critical' })]);
    expect(evaluateGate({ policy: policies.local, audit: null, ...none }).decision).toBe('pass');
    expect(evaluateGate({ policy: policies.local, audit: critical, ...none }).decision).toBe('pass');
  });

  test('testnet blocks critical, mainnet high as well', () => {
    const high = report('findings', [finding({})]);
    expect(evaluateGate({ policy: policies.testnet, audit: high, ...none }).decision).toBe('pass');
    expect(evaluateGate({ policy: policies.mainnet, audit: high, ...none })).toMatchObject({
      decision: 'blocked',
      blocking: [{ detector: 'reentrancy' }],
      reasons: [{ code: 'finding-blocks', message: 'high reentrancy at Vault.sol:7: it is wrong' }],
    });
    const critical = report('findings', [finding({ severity: 'critical' })]);
    expect(evaluateGate({ policy: policies.testnet, audit: critical, ...none }).decision).toBe('blocked');
  });

  test('hints of low confidence and suppressed findings do not block', () => {
    const audit = report('findings', [
      finding({ confidence: 'low' }),
      finding({ suppressed: { reason: 'known', line: 6 } }),
    ]);
    expect(evaluateGate({ policy: policies.mainnet, audit, ...none }).decision).toBe('pass');
  });

  test('an acknowledged finding lets the deployment pass and is kept with its reason', () => {
    const audit = report('findings', [finding({ fingerprint: 'aa' })]);
    const acknowledgements = [{ fingerprint: 'aa', reason: 'a demonstration' }];
    expect(evaluateGate({ policy: policies.mainnet, audit, acknowledgements, confirmed: true })).toEqual({
      decision: 'pass',
      policy: 'mainnet',
      reasons: [],
      blocking: [],
      acknowledged: [
        { fingerprint: 'aa', reason: 'a demonstration', detector: 'reentrancy', severity: 'high' },
      ],
    });
  });

  test('an acknowledgement of something unknown is named and neither blocks nor helps', () => {
    const acknowledgements = [{ fingerprint: 'zz', reason: 'a typo' }];
    const clean = evaluateGate({
      policy: policies.mainnet,
      audit: report('passed'),
      acknowledgements,
      confirmed: true,
    });
    expect(clean).toMatchObject({
      decision: 'pass',
      reasons: [{ code: 'acknowledgement-unknown' }],
      acknowledged: [],
    });
    const audit = report('findings', [finding({})]);
    expect(
      evaluateGate({ policy: policies.mainnet, audit, acknowledgements, confirmed: true }).decision,
    ).toBe('blocked');
  });

  test('mainnet asks for an explicit confirmation', () => {
    const input = { policy: policies.mainnet, audit: report('passed'), acknowledgements: [] };
    expect(evaluateGate({ ...input, confirmed: false }).reasons).toEqual([
      {
        code: 'confirmation-missing',
        message: 'A deployment under the mainnet policy must be confirmed explicitly.',
      },
    ]);
    expect(evaluateGate({ ...input, confirmed: true }).decision).toBe('pass');
  });

  test.each([
    ['audit-not-run', null],
    ['audit-not-run', report('unavailable')],
    ['audit-failed', report('failed')],
    ['audit-partial', report('partial')],
  ] as const)('%s: an audit that is not whole is no pass', (code, audit) => {
    const decision = evaluateGate({
      policy: policies.testnet,
      audit,
      auditProblem: 'it did not compile',
      ...none,
    });
    expect(decision.decision).toBe('blocked');
    expect(decision.reasons.map((reason) => reason.code)).toEqual([code]);
    expect(decision.reasons[0]?.message).toContain('it did not compile');
    expect(evaluateGate({ policy: policies.local, audit, ...none }).decision).toBe('pass');
  });

  test('another analyser that is not installed does not hold up a deployment', () => {
    const audit = report('passed');
    const tools = [...audit.tools, { ...tool('unavailable'), tool: 'slither' }];
    expect(evaluateGate({ policy: policies.mainnet, audit: { ...audit, tools }, ...none }).decision).toBe(
      'pass',
    );
  });
});

function report(status: ToolStatus, findings: Finding[] = []): AuditReport {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 };
  return { tools: [tool(status)], findings, overall: null, counts };
}

function tool(status: ToolStatus) {
  return { tool: 'slipway', version: '1', status, seconds: 0, problems: [], detectors: [] };
}

function finding(fields: Partial<Finding>): Finding {
  const location = { file: 'Vault.sol', line: 7, column: 1, endLine: 7, endColumn: 2, excerpt: '' };
  return {
    fingerprint: 'ff',
    detector: 'reentrancy',
    severity: 'high',
    confidence: 'high',
    title: '',
    message: 'it is wrong',
    location,
    path: [],
    why: '',
    exploit: '',
    fix: '',
    references: [],
    ...fields,
  };
}

import { describe, expect, test } from 'vitest';
import { chooseFaults, faults, type Misbehaviour } from './chain-faults.ts';
import { planDeployRun } from './deploy-plan.ts';
import { killPoints, outsidePoints, pointName } from './kill-points.ts';

describe('the plan of a run', () => {
  const runs = Array.from({ length: 4 * killPoints.length }, (_, at) => at + 1);
  const chains = runs.map((run) => planDeployRun(7, run).chains);

  test('is the same for the same seed and another for another', () => {
    expect(runs.map((run) => planDeployRun(7, run).chains)).toEqual(chains);
    expect(planDeployRun(8, 1)).not.toEqual(planDeployRun(7, 1));
  });

  test('has every kill point on every chain', () => {
    for (const chain of [0, 1])
      expect(new Set(chains.map((plans) => plans[chain]?.point))).toEqual(new Set(killPoints.flat()));
  });

  test('gives each point what it needs', () => {
    for (const { point, reorg, idleMs, wish } of chains.flat()) {
      if (point.needs === 'reorg') expect(reorg).not.toBeNull();
      if (point.needs === 'cancel' || point.needs === 'speed-up') {
        expect(wish).toBe(point.needs);
        expect(idleMs).not.toBeNull();
      }
    }
  });

  test('lets a chain mine nothing for so long that the platform offers more, now and then', () => {
    expect(Math.max(...[50, 100].map((run) => planDeployRun(7, run).chains[0].idleMs ?? 0))).toBeGreaterThan(
      30_000,
    );
  });
});

test('every kill point has a name of its own', () => {
  const names = [...killPoints.flat(), ...outsidePoints].map(pointName);
  expect(new Set(names).size).toBe(names.length);
});

describe('the choice of faults', () => {
  const how: Misbehaviour = { seed: 'one', rate: 0.3, silent: true, lag: null };
  const send = 'eth_sendRawTransaction';
  const fate = (given: Misbehaviour, methods: string[]) => {
    const choose = chooseFaults(given);
    return methods.map((method) => choose(method));
  };
  const many = (method: string) => Array.from({ length: 300 }, () => method);

  test('does not depend on what else is asked', () => {
    const mixed = many('eth_call').flatMap((method) => [method, send, 'eth_getCode']);
    const alone = fate(how, many('eth_call'));
    expect(fate(how, mixed).filter((_, at) => at % 3 === 0)).toEqual(alone);
    expect(fate({ ...how, seed: 'two' }, many('eth_call'))).not.toEqual(alone);
  });

  test('has every fault for sends, and for reads only what harms reads', () => {
    expect(new Set(fate(how, many(send)))).toEqual(new Set([...faults, null]));
    expect(new Set(fate(how, many('eth_call')))).toEqual(
      new Set(['no reply', '429', '500', 'garbage', null]),
    );
  });

  test('leaves nobody without any reply where that would take too long', () => {
    expect(fate({ ...how, silent: false }, many(send))).not.toContain('taken, silent');
  });

  test('has none at a rate of 0', () => {
    expect(new Set(fate({ ...how, rate: 0 }, many(send)))).toEqual(new Set([null]));
  });
});

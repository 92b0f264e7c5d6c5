import { expect, test } from 'vitest';
import { deploy } from './deploy.ts';
import { planDeployRun } from './parts/deploy-plan.ts';
import { killPoints, pointName } from './parts/kill-points.ts';

/** Its runs have what is asked for below, and little that makes them long. */
const seed = 8870;
const runs = killPoints.length;
const plans = () => Array.from({ length: runs }, (_, at) => planDeployRun(seed, at + 1));

test('the plan of a seed is the same each time, and has what the proof is about', () => {
  expect(plans()).toEqual(plans());
  const chains = plans().flatMap((plan) => plan.chains);
  expect(chains.map(({ point }) => point)).toEqual(killPoints.flat());
  expect(chains.some(({ reorg }) => reorg !== null && reorg.depth >= 3)).toBe(true);
  expect(chains.some(({ idleMs, wish }) => idleMs !== null && wish === null)).toBe(true);
  expect(chains.some(({ faults }) => faults.rate > 0)).toBe(true);
  expect(chains.some(({ faults }) => faults.lag !== null)).toBe(true);
});

test('deployments end once and well, wherever their workers are killed', async () => {
  const notes: string[] = [];
  const { report, shortfalls } = await deploy.run({ runs, seed, note: (text) => notes.push(text) });
  expect(shortfalls).toEqual([]);
  expect(report).toMatchObject({ runs, lost: 0, duplicated: 0, stuck: 0, untrue: 0, manualRepairs: 0, seed });
  expect(report.finished).toBe(report.accepted);
  expect(report['noncesUsedOutside']).toBe(1);
  const killed = Object.keys(report['killsByPoint'] as Record<string, number>);
  expect(killed).toEqual(expect.arrayContaining(killPoints.flat().map(pointName)));
  const depths = Object.keys(report['reorgsByDepth'] as Record<string, number>).map(Number);
  expect(Math.max(...depths)).toBeGreaterThanOrEqual(3);
}, 240_000);

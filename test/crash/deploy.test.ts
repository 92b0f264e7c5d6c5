import { expect, test } from 'vitest';
import { deploy } from './deploy.ts';
import { planDeployRun } from './parts/deploy-plan.ts';
import { killPoints } from './parts/faulty-chain.ts';

/** Among its runs are reorgs, chains that mine nothing for a while, and nodes that make every mistake. */
const seed = 2;
const runs = killPoints.length;

test('the plan of a seed kills at every point, and has what the proof is about', () => {
  const plans = Array.from({ length: runs }, (_, at) => planDeployRun(seed, at + 1));
  expect(plans.map(({ point }) => point)).toEqual(killPoints);
  expect(plans).toEqual(Array.from({ length: runs }, (_, at) => planDeployRun(seed, at + 1)));
  expect(plans.some(({ reorg }) => reorg)).toBe(true);
  expect(plans.some(({ idleMs }) => idleMs !== null)).toBe(true);
});

test('deployments end once and well, wherever their workers are killed', async () => {
  const notes: string[] = [];
  const { report, shortfalls } = await deploy.run({ runs, seed, note: (text) => notes.push(text) });
  expect(shortfalls).toEqual([]);
  expect(report).toMatchObject({ runs, lost: 0, duplicated: 0, stuck: 0, untrue: 0, manualRepairs: 0, seed });
  expect(report.killsWithWorkUnfinished).toBeGreaterThanOrEqual(runs);
  expect(report.finished).toBe(report.accepted);
  expect(report['reorgDepthMax']).toBeGreaterThanOrEqual(3);
}, 240_000);

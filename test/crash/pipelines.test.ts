import { expect, test } from 'vitest';
import { pipelines } from './pipelines.ts';

/** Among the first runs of this seed are kills of the chain, of the database and of a server on its way up. */
const seed = 2000;

test('pipelines that are killed again and again end once and well', async () => {
  const notes: string[] = [];
  const { report, shortfalls } = await pipelines.run({ runs: 2, seed, note: (text) => notes.push(text) });
  expect(shortfalls).toEqual([]);
  expect(report).toMatchObject({
    runs: 2,
    lost: 0,
    duplicated: 0,
    stuck: 0,
    untrue: 0,
    manualRepairs: 0,
    seed,
  });
  expect(report.killsWithWorkUnfinished).toBeGreaterThanOrEqual(2);
  expect(report.finished).toBe(report.accepted);
  expect([report['chainKills'], report['databaseKills'], report['killsWhileStarting']]).toEqual([1, 1, 1]);
}, 180_000);

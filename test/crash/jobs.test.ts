import { expect, test } from 'vitest';
import type { Engine } from './frame.ts';
import { jobs } from './jobs.ts';

/**
 * The first two runs of these seeds kill the database and a worker with the engine `postgres`, a worker and Redis with
 * the engine `redis`.
 */
const seeds: Record<Engine, number> = { postgres: 58, redis: 95 };

test.each(['postgres', 'redis'] as const)(
  'jobs on %s that lose their workers end once and well',
  async (engine) => {
    const notes: string[] = [];
    const note = (text: string) => notes.push(text);
    const options = { runs: 2, seed: seeds[engine], processes: 4, engine, judgeTimes: false, note };
    const missing = jobs.missing?.(options);
    if (missing) {
      console.error(`NOT RUN: ${missing}`);
      expect(process.env['CI'], 'this machine has to have every part').not.toBe('true');
      return;
    }
    const { report, shortfalls } = await jobs.run(options);
    expect(shortfalls).toEqual([]);
    expect(report).toMatchObject({
      ...{ runs: 2, engine, processes: 4, seed: seeds[engine] },
      ...{ lost: 0, duplicated: 0, stuck: 0, untrue: 0, eventGaps: 0, manualRepairs: 0 },
    });
    expect(report.killsWithWorkUnfinished).toBeGreaterThanOrEqual(2);
    expect(report.finished).toBe(report.accepted);
    expect(report['workerKills']).toBeGreaterThanOrEqual(1);
    const kills = engine === 'redis' ? report['redisKills'] : report['databaseKills'];
    expect(kills).toBeGreaterThanOrEqual(1);
  },
  300_000,
);

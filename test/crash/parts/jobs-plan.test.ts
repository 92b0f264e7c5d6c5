import { describe, expect, test } from 'vitest';
import { engines } from '../frame.ts';
import { type ActKind, planJobsRun } from './jobs-plan.ts';
import { markerPattern } from './jobs-workload.ts';

const runs = Array.from({ length: 400 }, (_, index) => index + 1);

describe.each(engines)('the schedule of the engine %s', (engine) => {
  const plans = runs.map((run) => planJobsRun(42, run, engine));

  test('is the same for the same seed and another for another', () => {
    expect(runs.map((run) => planJobsRun(42, run, engine))).toEqual(plans);
    expect(planJobsRun(43, 1, engine)).not.toEqual(plans[0]);
  });

  test('begins every run with a kill, and has every kind of act', () => {
    const kinds: ActKind[] = [
      ...(['worker', 'all workers', 'api', 'sessions', 'session process', 'database'] as const),
      ...(['drain worker', 'drain api', 'freeze'] as const),
      ...(engine === 'redis' ? (['redis', 'flush'] as const) : []),
    ];
    expect(new Set(plans.flatMap(({ acts }) => acts.map(({ kind }) => kind)))).toEqual(new Set(kinds));
    for (const { acts } of plans) expect(acts[0]?.kind).not.toMatch(/drain|flush|freeze/);
  });

  test('lets nothing be handed over to a database that is away', () => {
    const spoilt = plans.filter(({ acts: [first, second] }) => {
      return /session|database/.test(first?.kind ?? '') && second?.kind.startsWith('drain');
    });
    expect(spoilt).toEqual([]);
  });

  test('marks each job with something of its own', () => {
    const markers = plans.flatMap(({ before, after }) => [...before, ...after].map(({ marker }) => marker));
    expect(new Set(markers).size).toBe(markers.length);
    for (const marker of markers) expect(marker).toMatch(new RegExp(`^${markerPattern}$`));
  });
});

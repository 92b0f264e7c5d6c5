import { describe, expect, test } from 'vitest';
import { detectors } from './detectors/index.ts';
import { teach } from './teach.ts';

describe('every detector', () => {
  test('teaches: steps, an example with its lines, and a way to mend it', () => {
    for (const detector of detectors) {
      const { id, steps, example, patch } = teach(detector);
      expect([id, steps.length > 0, steps.join(' ')]).toEqual([id, true, detector.exploit]);
      expect([id, detector.bad.includes(example.source)]).toEqual([id, true]);
      expect([id, example.lines.length > 0]).toEqual([id, true]);
      expect([id, /^\+/m.test(patch) || /^-/m.test(patch)]).toEqual([id, true]);
    }
  });

  test('names losses that say when, how much and how', () => {
    const losses = detectors.flatMap((detector) => teach(detector).losses);
    expect(losses.length).toBeGreaterThan(30);
    for (const { name, year, usd, what } of losses) {
      expect([name, year >= 2015 && year <= 2030]).toEqual([name, true]);
      expect([name, usd === null || usd >= 1_000]).toEqual([name, true]);
      expect([name, what.endsWith('.')]).toEqual([name, true]);
    }
  });

  test('tells the same of an incident wherever it is named', () => {
    const byIncident = Map.groupBy(
      detectors.flatMap((detector) => teach(detector).losses),
      ({ name, year }) => `${name} ${year}`,
    );
    for (const [incident, group] of byIncident) {
      if (incident === 'Cream Finance 2021') continue; // There were two.
      expect([incident, new Set(group.map(({ usd }) => usd)).size]).toEqual([incident, 1]);
    }
  });
});

test('the lesson of reentrancy moves the balance before the call', () => {
  const detector = detectors.find(({ id }) => id === 'reentrancy');
  if (!detector) throw new Error('there is no such detector');
  const { patch, losses } = teach(detector);
  expect(losses[0]).toMatchObject({ name: 'The DAO', year: 2016, usd: 60_000_000 });
  expect(patch).toMatch(/^ /m);
});

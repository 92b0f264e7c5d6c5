import { expect, test } from 'vitest';
import type { Transition } from './job-ledger.ts';
import { measureRestarts } from './restarts.ts';

const kill = { owner: 'host:7', from: 1_000, at: 10_000 };

/** @param steps `<milliseconds> <state> [owner]` */
function history(...steps: string[]): Transition[] {
  return steps.map((step) => {
    const [at, state = '', leaseOwner = null] = step.split(' ');
    return { jobId: 'j1', state, leaseOwner, at: Number(at) };
  });
}

const nothing = { seconds: [] as number[], endedByLastWords: 0, never: [] as string[] };

function measure(list: Transition[], kills = [kill]) {
  const { restarts, ...others } = measureRestarts({ transitions: [list], kills, spans: [] });
  return { seconds: restarts.map(({ seconds }) => seconds), ...others };
}

test.each([
  [
    'taken back and running again',
    history('9000 queued', '9500 running host:7', '13200 queued', '13400 running host:8'),
    { ...nothing, seconds: [3.4] },
  ],
  [
    'taken over without being queued',
    history('9500 running host:7', '13400 running host:8'),
    { ...nothing, seconds: [3.4] },
  ],
  [
    'taken back and ended by somebody, without running again',
    history('9500 running host:7', '13200 queued', '13400 cancelled'),
    { ...nothing, seconds: [3.4] },
  ],
  [
    'claimed a moment after the kill, by a statement that was on its way',
    history('10020 running host:7', '13400 queued', '13500 running host:8'),
    { ...nothing, seconds: [3.5] },
  ],
  [
    'ended by its last words',
    history('9500 running host:7', '10010 succeeded'),
    { ...nothing, endedByLastWords: 1 },
  ],
  ['never taken back', history('9500 running host:7'), { ...nothing, never: ['j1'] }],
  ['taken back and never run', history('9500 running host:7', '13200 queued'), { ...nothing, never: ['j1'] }],
  ['ended before the kill', history('9500 running host:7', '9900 succeeded'), nothing],
  ['in other hands', history('9500 running host:8', '10010 succeeded'), nothing],
  ['in the hands of an earlier process of that number', history('900 running host:7'), nothing],
  ['in the hands of a later process of that number', history('12000 running host:7'), nothing],
])('%s', (_title, list, restarts) => {
  expect(measure(list)).toEqual(restarts);
});

test('a job that meets two kills is measured for each', () => {
  const list = history(
    '9500 running host:7',
    '13000 queued',
    '13500 running host:8',
    '17000 queued',
    '17500 running host:9',
    '17600 succeeded',
  );
  const second = { owner: 'host:8', from: 1_000, at: 14_000 };
  expect(measure(list, [kill, second])).toEqual({ ...nothing, seconds: [3.5, 3.5] });
});

test.each([
  ['nobody was up', [], 0],
  ['one was up all the time', [{ from: 0, to: Number.POSITIVE_INFINITY }], 4],
  ['one came up later', [{ from: 11_000, to: 90_000 }], 3],
  [
    'one came up, was killed, and another came',
    [
      { from: 13_500, to: 90_000 },
      { from: 10_500, to: 12_000 },
    ],
    2,
  ],
  [
    'two were up at the same time',
    [
      { from: 9_000, to: 12_000 },
      { from: 11_000, to: 13_000 },
      { from: 11_500, to: 11_600 },
    ],
    3,
  ],
  [
    'one was up before and one after',
    [
      { from: 0, to: 10_000 },
      { from: 14_000, to: 15_000 },
    ],
    0,
  ],
])('counts the seconds in which somebody could have taken it: %s', (_title, spans, attendedSeconds) => {
  const list = history('9500 running host:7', '13900 queued', '14000 running host:8');
  const { restarts } = measureRestarts({ transitions: [list], kills: [kill], spans });
  expect(restarts).toMatchObject([{ seconds: 4, attendedSeconds }]);
});

test('tells what happened to a job', () => {
  const list = history('9500 running host:7', '13200 queued', '13400 running host:8');
  expect(measureRestarts({ transitions: [list], kills: [kill], spans: [] }).restarts[0]?.story).toBe(
    'j1, seconds from the kill of host:7: -0.50 running (host:7), 3.20 queued, 3.40 running (host:8)',
  );
});

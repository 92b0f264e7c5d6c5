import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSchedule, smallMsMax } from './schedule.ts';

/** A schedule with a clock of its own; each compile runs until it is told to end. */
function makeSchedule(places: number) {
  const clock = { ms: 0 };
  const schedule = createSchedule({ places, now: () => clock.ms });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  function ask(name: string, costMs: number, signal?: AbortSignal): Promise<string> {
    return schedule.run({ costMs, signal }, async () => {
      started.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  }
  async function end(name: string): Promise<void> {
    ends.get(name)?.();
    await turn();
  }
  return { clock, started, ask, end };
}

const small = 100;
const long = smallMsMax + 1;

test('so many run at once, and the shortest that waits is next', async () => {
  const { started, ask, end } = makeSchedule(2);
  const first = ask('a', small);
  for (const [name, cost] of [
    ['b', small],
    ['middle', 2_000],
    ['short', small],
  ] as const) {
    void ask(name, cost);
  }
  expect(started).toEqual(['a', 'b']);
  await end('a');
  expect(await first).toBe('a');
  expect(started).toEqual(['a', 'b', 'short']);
  await end('b');
  expect(started).toEqual(['a', 'b', 'short', 'middle']);
});

test('a long one does not wait for ever behind short ones', async () => {
  const { clock, started, ask, end } = makeSchedule(1);
  void ask('running', small);
  void ask('long', long);
  // Later than twice what it is longer by: it has waited long enough.
  clock.ms = 2 * long;
  void ask('short', small);
  await end('running');
  expect(started.slice(0, 2)).toEqual(['running', 'long']);
});

test('while long ones have all places, one short one at a time runs beside them', async () => {
  const { started, ask, end } = makeSchedule(2);
  void ask('long 1', long);
  void ask('long 2', long);
  void ask('long 3', long);
  void ask('short 1', smallMsMax);
  void ask('short 2', small);
  expect(started).toEqual(['long 1', 'long 2', 'short 1']);
  await end('short 1');
  expect(started).toEqual(['long 1', 'long 2', 'short 1', 'short 2']);
  await end('long 1');
  expect(started).toEqual(['long 1', 'long 2', 'short 1', 'short 2']);
  await end('short 2');
  expect(started.at(-1)).toBe('long 3');
});

test('short ones get no more than their places', () => {
  const { started, ask } = makeSchedule(2);
  for (const name of ['a', 'b', 'c']) void ask(name, small);
  expect(started).toEqual(['a', 'b']);
});

test('what is aborted while it waits never runs, and what fails gives its place back', async () => {
  const { started, ask, end } = makeSchedule(1);
  void ask('running', small);
  const wait = new AbortController();
  const waiting = ask('waiting', small, wait.signal);
  const after = ask('after', 200);
  wait.abort(new Error('not wanted'));
  await expect(waiting).rejects.toThrow('not wanted');
  await expect(ask('late', small, wait.signal)).rejects.toThrow('not wanted');
  await end('running');
  await end('after');
  expect(await after).toBe('after');
  expect(started).toEqual(['running', 'after']);
  const schedule = createSchedule({ places: 1, now: () => 0 });
  const failing = schedule.run({ costMs: small }, () => Promise.reject(new Error('broken')));
  await expect(failing).rejects.toThrow('broken');
  expect(await schedule.run({ costMs: small }, async () => 'next')).toBe('next');
});

test('who is aborted is told at once, and its place is free when its compile has ended', async () => {
  const { started, ask, end } = makeSchedule(1);
  const abort = new AbortController();
  const running = ask('running', small, abort.signal);
  void ask('next', small);
  abort.abort(new Error('gone'));
  await expect(running).rejects.toThrow('gone');
  expect(started).toEqual(['running']);
  await end('running');
  expect(started).toEqual(['running', 'next']);
});

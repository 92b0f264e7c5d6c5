import { expect, test } from 'vitest';
import { repeat } from './repeat.ts';

test('work begins after the first pause, goes on after faults, and is told to end', async () => {
  const faults: unknown[] = [];
  const second = Promise.withResolvers<AbortSignal>();
  let turn = 0;
  const work = repeat(
    async (signal) => {
      turn += 1;
      if (turn === 1) throw new Error('broke');
      second.resolve(signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    { firstMs: 0, everyMs: 1, jitter: 0.5, onError: (error) => faults.push(error) },
  );
  const signal = await second.promise;
  expect(signal.aborted).toBe(false);
  await work.stop();
  expect(signal.aborted).toBe(true);
  expect(turn).toBe(2);
  expect(faults).toEqual([new Error('broke')]);
});

test('what is stopped in its first pause never works', async () => {
  let turns = 0;
  const work = repeat(
    async () => {
      turns += 1;
    },
    { everyMs: 60_000, onError: () => {} },
  );
  await work.stop();
  expect(turns).toBe(0);
});

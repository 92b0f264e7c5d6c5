import { expect, test } from 'vitest';
import { createBatches } from './batches.ts';

/** Batches whose work ends when the test says so. */
function slowBatches(itemsMax = 3) {
  const begun: { items: number[]; end(): void; fail(error: Error): void }[] = [];
  const faults: [string, number[]][] = [];
  let away = 0;
  const batches = createBatches<number>({
    itemsMax,
    work: (items) =>
      new Promise((resolve, reject) => {
        begun.push({ items, end: resolve, fail: reject });
      }),
    onFault: (error, items) => faults.push([(error as Error).message, items]),
    onAway: () => {
      away += 1;
    },
  });
  return { batches, begun, faults, away: () => away };
}

/** Lets everything that is ready run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked for in one turn is one batch, what comes meanwhile the next, and nothing is done twice', async () => {
  const { batches, begun } = slowBatches();
  for (const item of [1, 2, 1]) batches.ask(item);
  await turn();
  expect(begun.map(({ items }) => items)).toEqual([[1, 2]]);
  for (const item of [2, 3, 2, 4]) batches.ask(item);
  batches.forget(3);
  await turn();
  expect(begun.length).toBe(1);
  begun[0]?.end();
  await turn();
  expect(begun.map(({ items }) => items)).toEqual([
    [1, 2],
    [2, 4],
  ]);
  begun[1]?.end();
  await turn();
  batches.ask(5);
  await turn();
  expect(begun[2]?.items).toEqual([5]);
});

test('a batch has as many items as it may, and not one more', async () => {
  const { batches, begun } = slowBatches(3);
  for (const item of [1, 2, 3, 4]) batches.ask(item);
  await turn();
  begun[0]?.end();
  await turn();
  expect(begun.map(({ items }) => items)).toEqual([[1, 2, 3], [4]]);
});

test('while the database is away items keep their place, and it is said once', async () => {
  const { batches, begun, faults, away } = slowBatches();
  batches.ask(1);
  await turn();
  for (const attempt of [0, 1]) {
    begun[attempt]?.fail(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    await expect.poll(() => begun.length).toBe(attempt + 2);
    expect(begun[attempt + 1]?.items).toEqual([1]);
  }
  expect(away()).toBe(1);
  expect(faults).toEqual([]);
});

test('another fault is told to those whom it concerns, and the rest goes on', async () => {
  const { batches, begun, faults } = slowBatches(2);
  for (const item of [1, 2, 3]) batches.ask(item);
  await turn();
  begun[0]?.fail(new Error('broken'));
  await turn();
  expect(faults).toEqual([['broken', [1, 2]]]);
  expect(begun[1]?.items).toEqual([3]);
});

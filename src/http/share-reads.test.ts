import { expect, test } from 'vitest';
import { shareReads } from './share-reads.ts';
import type { SubjectSnapshot } from './subjects.ts';

/** A reader whose reads end when the test says so. */
function slowReader() {
  const begun: { end(): void; fail(): void }[] = [];
  const subjects = shareReads({
    read: () =>
      new Promise<SubjectSnapshot>((resolve, reject) => {
        const seq = begun.length;
        begun.push({
          end: () => resolve({ seq, subject: null, finished: false }),
          fail: () => reject(new Error(`read ${seq} failed`)),
        });
      }),
  });
  const read = (id = 'a', ownerId = 'me') => subjects.read('jobs', ownerId, id);
  return { begun, read };
}

/** Lets everything that is ready run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('those who come while a read runs share the next one, never the one that began before', async () => {
  const { begun, read } = slowReader();
  const first = read();
  const later = [read(), read(), read()];
  await turn();
  expect(begun.length).toBe(1);
  begun[0]?.end();
  expect((await first).seq).toBe(0);
  await turn();
  expect(begun.length).toBe(2);
  begun[1]?.end();
  expect((await Promise.all(later)).map(({ seq }) => seq)).toEqual([1, 1, 1]);
  const last = read();
  await turn();
  begun[2]?.end();
  expect((await last).seq).toBe(2);
});

test('a read that fails fails those who share it, and the next one is read', async () => {
  const { begun, read } = slowReader();
  const first = read();
  const second = read();
  begun[0]?.fail();
  await expect(first).rejects.toThrow('read 0 failed');
  await turn();
  begun[1]?.end();
  expect((await second).seq).toBe(1);
});

test('other subjects and other owners are read for themselves', async () => {
  const { begun, read } = slowReader();
  const reads = [read('a'), read('b'), read('a', 'another')];
  for (const { end } of begun) end();
  expect((await Promise.all(reads)).map(({ seq }) => seq)).toEqual([0, 1, 2]);
});

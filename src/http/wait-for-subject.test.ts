import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { shareReads } from './share-reads.ts';
import { createSubjectWaits, preferredWaitSeconds } from './wait-for-subject.ts';

/** A subject that the test changes, and everybody who waits for it. */
function subject() {
  const changes = new EventEmitter().setMaxListeners(0);
  const state = { finished: false, reads: 0, broken: false };
  const waits = createSubjectWaits({
    subjects: shareReads({
      async read() {
        state.reads += 1;
        await new Promise((resolve) => setImmediate(resolve));
        if (state.broken) throw new Error('away');
        return { seq: 0, subject: { reads: state.reads }, finished: state.finished };
      },
    }),
    signals: {
      onSubject(id, listener) {
        changes.on(id, listener);
        return () => changes.off(id, listener);
      },
    },
  });
  const wait = (seconds: number, signal = new AbortController().signal) =>
    waits.wait({ kind: 'jobs', ownerId: 'me', id: 'a', seconds, signal });
  return { state, wait, change: () => changes.emit('a'), listeners: () => changes.listenerCount('a') };
}

/** Lets reads that were begun come to their end. */
async function settle() {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('many who wait for one subject cost one read a change', async () => {
  const { state, wait, change, listeners } = subject();
  const waiting = Array.from({ length: 100 }, () => wait(60));
  await settle();
  expect(listeners()).toBe(1);
  const before = state.reads;
  change();
  await settle();
  expect(state.reads - before).toBe(1);
  state.finished = true;
  change();
  expect((await Promise.all(waiting)).every(({ finished }) => finished)).toBe(true);
  expect(state.reads - before).toBe(2);
  expect(listeners()).toBe(0);
});

test('whoever has waited long enough gets the subject as it is, and the others wait on', async () => {
  const { state, wait, change, listeners } = subject();
  const long = wait(60);
  expect(await wait(0.02)).toMatchObject({ finished: false });
  expect(await wait(0)).toMatchObject({ finished: false });
  expect(listeners()).toBe(1);
  state.finished = true;
  change();
  expect(await long).toMatchObject({ finished: true });
  expect(await wait(60)).toMatchObject({ finished: true });
  expect(listeners()).toBe(0);
});

test('whoever leaves does not wait, before the first read and after', async () => {
  const { wait, listeners } = subject();
  expect(await wait(60, AbortSignal.abort())).toMatchObject({ finished: false });
  const controller = new AbortController();
  const waiting = wait(60, controller.signal);
  await settle();
  controller.abort();
  expect(await waiting).toMatchObject({ finished: false });
  expect(listeners()).toBe(0);
});

test('a subject that cannot be read fails those who wait, and nothing stays behind', async () => {
  const { state, wait, listeners } = subject();
  state.broken = true;
  const outcomes = await Promise.allSettled([wait(60), wait(60)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(listeners()).toBe(0);
});

test.each([
  [undefined, 0],
  ['respond-async', 0],
  ['wait=0', 0],
  ['wait=10', 10],
  ['respond-async, wait=60', 60],
  ['wait=61', 60],
  ['wait = "5"', 5],
  [['wait=7'], 7],
] as const)('Prefer: %s waits %i seconds', (header, seconds) => {
  expect(preferredWaitSeconds(header as string | string[] | undefined)).toBe(seconds);
});

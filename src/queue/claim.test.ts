import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { newId } from '../lib/ids.ts';
import type { Store } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { claim } from './claim.ts';
import { enqueue } from './enqueue.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});
afterEach(() => store.read.deleteFrom('jobs').execute());
afterAll(() => close());

async function allow(running: number | null): Promise<void> {
  await store.read
    .updateTable('owners')
    .set({ tier: 'enterprise', running_jobs_max: running })
    .where('id', '=', owner.ownerId)
    .execute();
}

async function add(jobs: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < jobs; at += 1) {
    const job = { ...owner, kind: 'compile' as const, subjectId: newId(), requestId: 'test' };
    ids.push(await store.transaction((tx) => enqueue(tx, job)));
  }
  return ids;
}

/** Jobs that have had their turn and are due again. */
async function addRetries(jobs: number): Promise<string[]> {
  const ids = await add(jobs);
  await store.read.updateTable('jobs').set({ turn: 0 }).where('id', 'in', ids).execute();
  return ids;
}

function take(limit: number, how: { turnsFirst?: boolean; onlyTurns?: boolean } = {}) {
  return claim(store, { lane: 0, kinds: ['compile'], worker: 'test', leaseSeconds: 5, limit, ...how });
}

async function runningSlots(): Promise<(number | null)[]> {
  const rows = await store.read.selectFrom('jobs').select('slot').where('state', '=', 'running').execute();
  return rows.map((row) => row.slot).sort((one, other) => Number(one) - Number(other));
}

test.each([true, false])(
  'the slots of an owner go to retries and to new jobs alike (turns first: %s)',
  async (turnsFirst) => {
    await allow(4);
    const retries = await addRetries(20);
    const fresh = await add(3);
    const { jobs, left } = await take(16, { turnsFirst });
    expect(jobs.filter(({ id }) => retries.includes(id))).toHaveLength(2);
    expect(jobs.filter(({ id }) => fresh.includes(id))).toHaveLength(2);
    expect(left).toBe(true);
  },
);

test('where both kinds are due and few places are free, half of them go to each', async () => {
  await allow(null);
  const retries = await addRetries(10);
  await add(10);
  const { jobs } = await take(8);
  expect(jobs.filter(({ id }) => retries.includes(id))).toHaveLength(4);
});

test('an owner whose limit was lowered gets no job more than that, whatever slots its running jobs hold', async () => {
  await allow(10);
  await add(10);
  await take(8);
  await store.read
    .updateTable('jobs')
    .set({ state: 'succeeded', slot: null })
    .where('slot', '<', 7)
    .execute();
  await allow(3);
  expect(await runningSlots()).toEqual([7, 8]);
  const { jobs } = await take(4);
  expect(jobs).toHaveLength(1);
  expect(await runningSlots()).toEqual([1, 7, 8]);
  expect((await take(1)).jobs).toEqual([]);
});

test('who asks for more than a power of two is told to ask again, for either kind', async () => {
  await allow(null);
  await add(15);
  const first = await take(15, { onlyTurns: true });
  expect(first).toMatchObject({ more: true, left: true, timedDue: false });
  expect(first.jobs).toHaveLength(8);
  await addRetries(15);
  await store.read.updateTable('jobs').set({ state: 'succeeded' }).where('turn', '>', 0).execute();
  const retried = await take(15);
  expect(retried).toMatchObject({ more: true, left: true, timedDue: true });
  expect(retried.jobs).toHaveLength(8);
});

test('a look for turns alone says that retries are due, and one that finds nothing says so', async () => {
  await allow(null);
  expect(await take(4, { onlyTurns: true })).toEqual({ jobs: [], more: false, left: false, timedDue: false });
  await addRetries(1);
  expect(await take(4, { onlyTurns: true })).toEqual({ jobs: [], more: true, left: true, timedDue: true });
  expect((await take(4)).jobs).toHaveLength(1);
});

import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { newId } from '../lib/ids.ts';
import type { Store } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { type ClaimedJob, claim } from './claim.ts';
import { enqueue } from './enqueue.ts';
import { LeaseLostError } from './errors.ts';
import { finish } from './finish.ts';
import { heartbeat } from './lease.ts';
import { reconcile } from './reconcile.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;
const nothing = async () => {};

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});
afterEach(() => store.read.deleteFrom('jobs').execute());
afterAll(() => close());

const add = () =>
  store.transaction((tx) =>
    enqueue(tx, { ...owner, kind: 'compile', subjectId: newId(), requestId: 'test' }),
  );

async function take(worker = 'test'): Promise<ClaimedJob> {
  const { jobs } = await claim(store, { lane: 0, kinds: ['compile'], worker, leaseSeconds: 10, limit: 1 });
  const [job] = jobs;
  if (!job) throw new Error('nothing to claim');
  return job;
}

/** Moves every time of the job: what the database's clock did when it jumped the other way. */
const shift = (id: string, interval: string) =>
  sql`update jobs set lease_expires_at = lease_expires_at + ${interval}::interval,
    state_since = state_since + ${interval}::interval, run_at = run_at + ${interval}::interval
    where id = ${id}`.execute(store.read);

const row = (id: string) =>
  sql<{ state: string; lease: number | null; due: number }>`select state,
    extract(epoch from lease_expires_at - now())::float8 as lease,
    extract(epoch from run_at - now())::float8 as due from jobs where id = ${id}`
    .execute(store.read)
    .then((result) => result.rows[0]);

test('a clock set back by an hour makes no lease longer than it was asked for', async () => {
  const id = await add();
  await take();
  await shift(id, '1 hour');
  expect(await reconcile(store, nothing)).toEqual({ count: 0, more: false });
  const { state, lease } = (await row(id)) ?? {};
  expect(state).toBe('running');
  expect(lease).toBeGreaterThan(5);
  expect(lease).toBeLessThanOrEqual(10);
});

test('a clock set back by an hour makes no pause longer than it was meant to be', async () => {
  const id = await add();
  const job = await take();
  await store.transaction((tx) =>
    finish(tx, job, { state: 'waiting', afterMs: 30_000, stage: 'x' }, nothing),
  );
  await shift(id, '1 hour');
  await reconcile(store, nothing);
  const { due } = (await row(id)) ?? {};
  expect(due).toBeGreaterThan(20);
  expect(due).toBeLessThanOrEqual(30);
});

test('a clock set forward ends leases early, and the worker that had one can write nothing', async () => {
  const id = await add();
  const job = await take('first');
  await shift(id, '-1 hour');
  expect(await reconcile(store, nothing)).toEqual({ count: 1, more: false });
  const again = await take('second');
  expect(again.fence).toBeGreaterThan(job.fence);
  expect([...(await heartbeat(store, [job], 10)).keys()]).toEqual([]);
  const late = store.transaction((tx) => finish(tx, job, { state: 'succeeded' }, nothing));
  await expect(late).rejects.toBeInstanceOf(LeaseLostError);
  await store.transaction((tx) => finish(tx, again, { state: 'succeeded' }, nothing));
  expect((await row(id))?.state).toBe('succeeded');
});

test('a job of a kind that this release does not know stays for one that does, and breaks nothing', async () => {
  const id = await add();
  await store.read.updateTable('jobs').set({ kind: 'from-the-future' }).where('id', '=', id).execute();
  const other = await add();
  expect((await take()).id).toBe(other);
  await sql`update jobs set state = 'running', fence = 1, lease_seconds = 1, lease_expires_at = now() - interval '1 s'
    where id = ${id}`.execute(store.read);
  expect(await reconcile(store, nothing)).toEqual({ count: 1, more: false });
  expect((await row(id))?.state).toBe('queued');
});

test('two workers that take the last slot of an owner at the same moment: one gets it', async () => {
  await store.read
    .updateTable('owners')
    .set({ running_jobs_max: 1 })
    .where('id', '=', owner.ownerId)
    .execute();
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([add(), add(), add()]);
    const taken = await Promise.all(
      ['a', 'b', 'c'].map((worker) =>
        claim(store, { lane: 0, kinds: ['compile'], worker, leaseSeconds: 10, limit: 2 }),
      ),
    );
    expect(taken.flatMap(({ jobs }) => jobs)).toHaveLength(1);
    await store.read.deleteFrom('jobs').execute();
  }
});

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { toStoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { sleep } from '../lib/retry.ts';
import type { Store } from '../store/db.ts';
import { appendEvent, readEvents } from '../store/events.ts';
import type { Ownership } from '../store/generations.ts';
import { getJob, type Job } from '../store/jobs.ts';
import { type ClaimedJob, claim } from './claim.ts';
import { engines } from './engines/index.ts';
import { enqueue } from './enqueue.ts';
import { fail, LeaseLostError } from './errors.ts';
import { type EndedJob, finish, type Outcome } from './finish.ts';
import { heartbeat } from './lease.ts';
import { reconcile } from './reconcile.ts';
import { type JobHandler, startWorker, type Worker } from './worker.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;
const workers: Worker[] = [];
const nothing = async () => {};

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(1_000)));
  await store.read.deleteFrom('jobs').execute();
});

afterAll(() => close());

function add(delaySeconds = 0): Promise<string> {
  return store.transaction((tx) =>
    enqueue(tx, { ...owner, kind: 'compile', subjectId: newId(), requestId: 'test', delaySeconds }),
  );
}

function start(
  handler: JobHandler,
  options: { leaseSeconds?: number; onEnded?: (job: EndedJob) => void } = {},
): Worker {
  const worker = startWorker({
    store,
    engine: engines.postgres({ store, url: null, onError: () => {} }),
    lane: 'work',
    name: newId(),
    handlers: { compile: handler },
    onEnded: async (_tx, job) => options.onEnded?.(job),
    leaseSeconds: options.leaseSeconds ?? 5,
    concurrency: 4,
    pollMs: 50,
  });
  workers.push(worker);
  return worker;
}

async function until(id: string, state: Job['state']): Promise<Job> {
  for (let tries = 0; ; tries += 1) {
    const job = await getJob(store.read, owner.ownerId, id);
    if (job.state === state) return job;
    if (tries > 400) throw new Error(`job ${id} is ${job.state}, not ${state}`);
    await sleep(20);
  }
}

async function eventTypes(id: string): Promise<string[]> {
  const events = await readEvents(store.read, { ownerId: owner.ownerId, subjectId: id, since: 0 });
  expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
  return events.map((event) => event.type);
}

async function take(leaseSeconds = 5): Promise<ClaimedJob> {
  const {
    jobs: [job],
  } = await claim(store, { lane: 0, kinds: ['compile'], worker: 'test', leaseSeconds, limit: 1 });
  if (!job) throw new Error('nothing to claim');
  return job;
}

test('a job runs once, tells its progress, and its events have no gap', async () => {
  let runs = 0;
  const id = await add();
  start(async (_job, control) => {
    runs += 1;
    await control.progress(50, 'halfway');
    return { state: 'succeeded' };
  });
  const job = await until(id, 'succeeded');
  expect(job).toMatchObject({ progress: 100, stage: 'halfway', attempts: 1 });
  expect(await eventTypes(id)).toEqual(['queued', 'started', 'progress', 'succeeded']);
  expect(runs).toBe(1);
});

test('two workers share a hundred jobs and no job runs twice', async () => {
  const runs = new Map<string, number>();
  const handler: JobHandler = async (job) => {
    runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
    return { state: 'succeeded' };
  };
  const ids = await Promise.all(Array.from({ length: 100 }, () => add()));
  start(handler);
  start(handler);
  for (const id of ids) await until(id, 'succeeded');
  expect([...runs.values()].every((count) => count === 1)).toBe(true);
  expect(runs.size).toBe(100);
});

test('a retryable failure is tried again until the attempts are used up, then the reason stays', async () => {
  let runs = 0;
  const ended: EndedJob[] = [];
  const id = await add();
  start(
    async () => {
      runs += 1;
      throw fail('job-timeout', { kind: 'compile', seconds: 1 });
    },
    { onEnded: (job) => ended.push(job) },
  );
  const job = await until(id, 'failed');
  expect(runs).toBe(3);
  expect(job).toMatchObject({ attempts: 3, error: { code: 'job-timeout', retryable: true } });
  expect(ended).toMatchObject([{ id, state: 'failed', error: { code: 'job-timeout' } }]);
});

test('a failure that no retry can mend fails at once', async () => {
  let runs = 0;
  const id = await add();
  start(async () => {
    runs += 1;
    throw fail('job-finished', { state: 'x' });
  });
  await until(id, 'failed');
  expect(runs).toBe(1);
});

test('a waiting job gives its slot back and goes on when it is due', async () => {
  let runs = 0;
  const id = await add();
  start(async (job) => {
    runs += 1;
    if (job.resumed) return { state: 'succeeded' };
    return { state: 'waiting', afterMs: 200, stage: 'for a block' };
  });
  const job = await until(id, 'succeeded');
  expect(runs).toBe(2);
  expect(job.attempts).toBe(1);
  expect(await eventTypes(id)).toEqual(['queued', 'started', 'waiting', 'resumed', 'succeeded']);
});

test('a job whose worker fell silent is run by another, and the silent one can write nothing', async () => {
  const id = await add();
  const silent = await take(1);
  await sleep(1_100);
  expect(await reconcile(store, nothing)).toBe(1);
  const late = store.transaction((tx) => finish(tx, silent, { state: 'succeeded' }, nothing));
  await expect(late).rejects.toThrow(LeaseLostError);
  start(async () => ({ state: 'succeeded' }));
  await until(id, 'succeeded');
  expect(await eventTypes(id)).toEqual(['queued', 'started', 'lease-lost', 'started', 'succeeded']);
});

test('a heartbeat keeps a long job, and tells which are lost', async () => {
  await add();
  const job = await take(1);
  await sleep(600);
  expect((await heartbeat(store, [job], 5)).get(job.id)).toEqual({ cancelRequested: false });
  await sleep(600);
  expect(await reconcile(store, nothing)).toBe(0);
  expect((await heartbeat(store, [{ ...job, fence: job.fence - 1 }], 5)).size).toBe(0);
});

test('the tenth lost lease is a poison that fails the job and says so', async () => {
  const id = await add();
  const ended: EndedJob[] = [];
  await store.read.updateTable('jobs').set({ lease_losses: 9 }).where('id', '=', id).execute();
  await take(0);
  await sleep(20);
  await reconcile(store, async (_tx, job) => void ended.push(job));
  const job = await getJob(store.read, owner.ownerId, id);
  expect(job).toMatchObject({ state: 'failed', error: { code: 'job-poisoned' } });
  expect(ended).toHaveLength(1);
});

test('a cancel aborts the running handler, and nothing overwrites it', async () => {
  const id = await add();
  let began: () => void = () => {};
  const beginning = new Promise<void>((resolve) => {
    began = resolve;
  });
  start(async (_job, { signal }) => {
    began();
    await sleep(30_000, signal);
    return { state: 'succeeded' };
  });
  await beginning;
  await store.transaction(async (tx) => {
    await tx.sql.updateTable('jobs').set({ cancel_requested_at: new Date() }).where('id', '=', id).execute();
    await appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'cancel-requested', data: {} });
  });
  await until(id, 'cancelled');
  const overwrite = store.read.updateTable('jobs').set({ state: 'succeeded' }).where('id', '=', id).execute();
  await expect(overwrite).rejects.toThrow(/stays so/);
});

test('a worker that stops hands back what it could not finish, for the next one to run at once', async () => {
  const id = await add();
  const first = start(async (_job, { signal }) => {
    await sleep(30_000, signal);
    return { state: 'succeeded' };
  });
  await until(id, 'running');
  await first.stop(100);
  expect((await getJob(store.read, owner.ownerId, id)).state).toBe('queued');
  start(async () => ({ state: 'succeeded' }));
  await until(id, 'succeeded');
  expect(await eventTypes(id)).toEqual(['queued', 'started', 'handed-back', 'started', 'succeeded']);
});

test('work that is due later waits, and more urgent kinds go first', async () => {
  const later = await add(60);
  const compileId = await add();
  const deployId = await store.transaction((tx) =>
    enqueue(tx, { ...owner, kind: 'deploy', subjectId: newId(), requestId: 'test' }),
  );
  const { jobs: claimed } = await claim(store, {
    lane: 0,
    kinds: ['compile', 'deploy'],
    worker: 'test',
    leaseSeconds: 5,
    limit: 10,
  });
  expect(claimed.map((job) => job.id)).toEqual([deployId, compileId]);
  expect((await getJob(store.read, owner.ownerId, later)).state).toBe('queued');
});

test('what a finishing job writes is kept or lost with its end', async () => {
  const id = await add();
  const job = await take();
  const broken = store.transaction((tx) =>
    finish(
      tx,
      job,
      {
        state: 'succeeded',
        async write(inner) {
          await inner.sql
            .updateTable('owners')
            .set({ name: 'changed' })
            .where('id', '=', owner.ownerId)
            .execute();
          throw new Error('disk full');
        },
      },
      nothing,
    ),
  );
  await expect(broken).rejects.toThrow('disk full');
  const row = await store.read
    .selectFrom('owners')
    .select('name')
    .where('id', '=', owner.ownerId)
    .executeTakeFirstOrThrow();
  expect(row.name).toBe('Tester');
  expect((await getJob(store.read, owner.ownerId, id)).state).toBe('running');
});

test.each<Outcome>([
  { state: 'succeeded' },
  {
    state: 'queued',
    afterMs: 0,
    error: toStoredError(fail('job-timeout', { kind: 'compile', seconds: 1 })),
  },
  { state: 'waiting', afterMs: 0, stage: 'somewhere' },
])(
  'a cancel that came before work ended as $state counts: nothing follows from that work',
  async (outcome) => {
    const id = await add();
    const job = await take();
    await store.read
      .updateTable('jobs')
      .set({ cancel_requested_at: new Date() })
      .where('id', '=', id)
      .execute();
    const ended: string[] = [];
    const written: string[] = [];
    const write = async () => void written.push(id);
    const state = await store.transaction((tx) =>
      finish(tx, job, outcome.state === 'succeeded' ? { ...outcome, write } : outcome, async (_tx, one) => {
        ended.push(one.state);
      }),
    );
    expect(state).toBe('cancelled');
    expect([ended, written]).toEqual([['cancelled'], []]);
    expect(await getJob(store.read, owner.ownerId, id)).toMatchObject({ state: 'cancelled', error: null });
    expect(await eventTypes(id)).toEqual(['queued', 'started', 'cancelled']);
  },
);

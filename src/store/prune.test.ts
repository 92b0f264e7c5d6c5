import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertTestDeployment } from '../../test/support/deployment-rows.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import { pruneHistory } from '../actions/prune-history.ts';
import type { DeployStatus } from '../deploy/types.ts';
import { newId } from '../lib/ids.ts';
import type { JobKind } from '../queue/kinds.ts';
import type { Store } from './db.ts';
import type { Ownership } from './generations.ts';
import type { JobState } from './jobs.ts';
import { insertLiveTicket } from './live-tickets.ts';
import type { PipelineState } from './pipelines.ts';
import { pruneBatch } from './prune.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
});
afterAll(() => close());
beforeEach(async () => {
  for (const table of ['live_tickets', 'refresh_tokens', 'sessions', 'idempotency_keys', 'jobs'] as const) {
    await store.read.deleteFrom(table).execute();
  }
  owner = await testOwner(store);
});

const retentionDays = 90;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const minutes = (count: number) => count / 1_440;

/** A job with two events and a log line. `endedDaysAgo` is left out for a job that has not ended. */
async function insertJob(given: {
  state: JobState;
  id?: string;
  endedDaysAgo?: number;
  /** Age of its last event; else that of its end. */
  toldDaysAgo?: number;
  kind?: JobKind;
  subjectId?: string;
  pipelineId?: string;
  retryOf?: string;
}): Promise<string> {
  const id = given.id ?? newId();
  await store.read
    .insertInto('jobs')
    .values({
      id,
      owner_id: owner.ownerId,
      created_by: owner.userId,
      project_id: owner.projectId,
      kind: given.kind ?? 'generate',
      subject_id: given.subjectId ?? newId(),
      pipeline_id: given.pipelineId ?? null,
      state: given.state,
      attempts_max: 3,
      event_seq: 2,
      retry_of: given.retryOf ?? null,
      created_at: daysAgo(1_000),
      completed_at: given.endedDaysAgo === undefined ? null : daysAgo(given.endedDaysAgo),
    })
    .execute();
  const told = daysAgo(given.toldDaysAgo ?? given.endedDaysAgo ?? 0);
  for (const [seq, at] of [
    [1, daysAgo(1_000)],
    [2, told],
  ] as const) {
    await store.read
      .insertInto('events')
      .values({ subject_id: id, seq, owner_id: owner.ownerId, type: 'test', data: '{}', at })
      .execute();
  }
  await store.read
    .insertInto('job_logs')
    .values({ job_id: id, seq: 1, owner_id: owner.ownerId, at: daysAgo(1_000), level: 'info', message: 'x' })
    .execute();
  return id;
}

async function insertPipeline(state: PipelineState): Promise<string> {
  const id = newId();
  await store.read
    .insertInto('pipelines')
    .values({
      id,
      owner_id: owner.ownerId,
      created_by: owner.userId,
      project_id: owner.projectId,
      state,
      request: '{}',
      stages: '[]',
    })
    .execute();
  return id;
}

async function insertKey(given: {
  key: string;
  daysAgo: number;
  deploymentId?: string;
  pipelineId?: string;
}): Promise<void> {
  await store.read
    .insertInto('idempotency_keys')
    .values({
      owner_id: owner.ownerId,
      route: 'POST /x',
      key: given.key,
      body_hash: 'a',
      result: '{}',
      created_at: daysAgo(given.daysAgo),
      deployment_id: given.deploymentId ?? null,
      pipeline_id: given.pipelineId ?? null,
    })
    .execute();
}

/** What is left of the jobs, and whether their events and lines went or stayed with them. */
async function jobsLeft(ids: string[]): Promise<string[]> {
  const rows = await store.read.selectFrom('jobs').select('id').where('id', 'in', ids).execute();
  const left = rows.map((row) => row.id);
  const events = await store.read
    .selectFrom('events')
    .select('subject_id')
    .where('subject_id', 'in', ids)
    .execute();
  const lines = await store.read.selectFrom('job_logs').select('job_id').where('job_id', 'in', ids).execute();
  expect(events.map((event) => event.subject_id).sort()).toEqual(left.flatMap((id) => [id, id]).sort());
  expect(lines.map((line) => line.job_id).sort()).toEqual([...left].sort());
  return ids.filter((id) => left.includes(id));
}

test('jobs that ended before the time go with events and log lines; younger ones and open ones stay', async () => {
  const ended = ['succeeded', 'failed', 'cancelled'] as const;
  const old = await Promise.all(
    ended.map((state) => insertJob({ state, endedDaysAgo: retentionDays + minutes(5) })),
  );
  const young = await Promise.all(
    ended.map((state) => insertJob({ state, endedDaysAgo: retentionDays - minutes(5) })),
  );
  const open = await Promise.all(
    (['queued', 'running', 'waiting'] as const).map((state) => insertJob({ state })),
  );
  const pruned = await pruneHistory(store, { retentionDays });
  const { jobs, ...others } = pruned;
  expect(jobs).toBe(3);
  expect(Object.values(others).every((count) => count === 0)).toBe(true);
  expect(await jobsLeft([...old, ...young, ...open])).toEqual([...young, ...open]);
});

test('jobs of an open pipeline stay', async () => {
  const states = ['queued', 'running', 'blocked', 'succeeded', 'failed', 'cancelled'] as const;
  const jobs = [];
  for (const state of states) {
    jobs.push(
      await insertJob({
        state: 'succeeded',
        endedDaysAgo: 100,
        pipelineId: await insertPipeline(state),
      }),
    );
  }
  await pruneHistory(store, { retentionDays });
  expect(await jobsLeft(jobs)).toEqual(jobs.slice(0, 3));
});

test('jobs of an open deployment stay', async () => {
  const states: DeployStatus[] = [
    'queued',
    'preparing',
    'awaiting_signature',
    'signed',
    'broadcast',
    'mined',
  ];
  const over: DeployStatus[] = ['estimated', 'confirmed', 'failed', 'reverted', 'cancelled'];
  const jobs = [];
  for (const state of [...states, ...over]) {
    const subjectId = await insertTestDeployment(store, owner, { state });
    jobs.push(await insertJob({ state: 'failed', endedDaysAgo: 100, kind: 'deploy', subjectId }));
  }
  await pruneHistory(store, { retentionDays });
  expect(await jobsLeft(jobs)).toEqual(jobs.slice(0, states.length));
});

test('a retry outlives the job that it repeats', async () => {
  const first = await insertJob({ state: 'failed', endedDaysAgo: 100 });
  const second = await insertJob({ state: 'failed', endedDaysAgo: 10, retryOf: first });
  await pruneHistory(store, { retentionDays });
  expect(await jobsLeft([first, second])).toEqual([second]);
  const row = await store.read
    .selectFrom('jobs')
    .select('retry_of')
    .where('id', '=', second)
    .executeTakeFirstOrThrow();
  expect(row.retry_of).toBeNull();
});

test('keys go after a day, those of a living deployment or of a pipeline that deploys stay', async () => {
  const deploymentId = await insertTestDeployment(store, owner, { state: 'confirmed' });
  const gone = await insertTestDeployment(store, owner, { state: 'cancelled' });
  const pipelineId = await insertPipeline('failed');
  await insertKey({ key: 'old', daysAgo: 1 + minutes(5) });
  await insertKey({ key: 'young', daysAgo: 1 - minutes(5) });
  await insertKey({ key: 'deployed', daysAgo: 1_000, deploymentId });
  await insertKey({ key: 'ships', daysAgo: 1_000, pipelineId });
  await insertKey({ key: 'removed', daysAgo: 1_000, deploymentId: gone });
  await store.read.deleteFrom('deployments').where('id', '=', gone).execute();
  expect((await pruneHistory(store, { retentionDays })).idempotencyKeys).toBe(1);
  const left = await store.read.selectFrom('idempotency_keys').select('key').orderBy('key').execute();
  expect(left.map(({ key }) => key)).toEqual(['deployed', 'ships', 'young']);
});

test('tickets and sessions go some time after their end, sessions with their refresh tokens', async () => {
  const session = async (ends: { expires: number; revoked?: number }) => {
    const id = newId();
    await store.read
      .insertInto('sessions')
      .values({
        id,
        user_id: owner.userId,
        client: 'test',
        expires_at: daysAgo(ends.expires),
        revoked_at: ends.revoked === undefined ? null : daysAgo(ends.revoked),
      })
      .execute();
    const token = { token_hash: Buffer.from(id), session_id: id };
    await store.read.insertInto('refresh_tokens').values(token).execute();
    return id;
  };
  const stays = [
    await session({ expires: -10 }),
    await session({ expires: 29 }),
    await session({ expires: -10, revoked: 29 }),
  ];
  await session({ expires: 31 });
  await session({ expires: -10, revoked: 31 });
  for (const [hash, ago] of [
    ['a', minutes(2)],
    ['b', -minutes(2)],
  ] as const) {
    await store.read
      .insertInto('live_tickets')
      .values({
        ticket_hash: Buffer.from(hash),
        via_kind: 'session',
        via_id: newId(),
        expires_at: daysAgo(ago),
      })
      .execute();
  }
  const pruned = await pruneHistory(store, { retentionDays });
  expect(pruned).toMatchObject({ sessions: 2, liveTickets: 1 });
  const sessions = await store.read.selectFrom('sessions').select('id').orderBy('id').execute();
  expect(sessions.map(({ id }) => id)).toEqual(stays.toSorted());
  const tokens = await store.read.selectFrom('refresh_tokens').select('session_id').execute();
  expect(tokens.map((token) => token.session_id).sort()).toEqual(stays.toSorted());
});

test('whoever gets a ticket clears nothing away: that is done by age, once for all', async () => {
  const ticket = (seconds: number) => ({
    hash: Buffer.from(newId()),
    via: { kind: 'session' as const, id: newId() },
    seconds,
  });
  await insertLiveTicket(store.read, ticket(-3_600));
  await insertLiveTicket(store.read, ticket(30));
  const left = () => store.read.selectFrom('live_tickets').select('ticket_hash').execute();
  expect(await left()).toHaveLength(2);
  expect((await pruneHistory(store, { retentionDays })).liveTickets).toBe(1);
  expect(await left()).toHaveLength(1);
});

test('works in batches until nothing is left, and ends when it is told to', async () => {
  for (let count = 0; count < 7; count += 1) await insertJob({ state: 'failed', endedDaysAgo: 100 });
  const stopped = AbortSignal.abort();
  expect((await pruneHistory(store, { retentionDays, signal: stopped })).jobs).toBe(0);
  expect(await pruneBatch(store, 'jobs', { retentionDays, limit: 3 })).toBe(3);
  expect((await pruneHistory(store, { retentionDays, batchRows: 2, pauseMs: 1 })).jobs).toBe(4);
});

test('two at once: one works, the other leaves it to the first, and both together remove each row once', async () => {
  for (let count = 0; count < 10; count += 1) await insertJob({ state: 'failed', endedDaysAgo: 100 });
  const runs = await Promise.all(
    [1, 2, 3].map(() => pruneHistory(store, { retentionDays, batchRows: 2, pauseMs: 1 })),
  );
  const rest = await pruneHistory(store, { retentionDays });
  expect(runs.reduce((sum, run) => sum + run.jobs, rest.jobs)).toBe(10);
  await store.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(4280002)`.execute(tx.sql);
    expect(await pruneBatch(store, 'jobs', { retentionDays, limit: 10 })).toBeNull();
  });
});

test('a job that somebody holds is left for the next time', async () => {
  const held = await insertJob({ state: 'failed', endedDaysAgo: 100 });
  const free = await insertJob({ state: 'failed', endedDaysAgo: 100 });
  await store.transaction(async (tx) => {
    await tx.sql.selectFrom('jobs').select('id').where('id', '=', held).forUpdate().execute();
    expect((await pruneHistory(store, { retentionDays })).jobs).toBe(1);
  });
  expect(await jobsLeft([held, free])).toEqual([held]);
});

test('the database itself keeps what ended within a day, and lets nobody but the function remove events', async () => {
  const job = await insertJob({ state: 'failed', endedDaysAgo: 0.9 });
  for (const [age, batch] of [
    ['23 hours 59 minutes', 10],
    ['-1 day', 10],
    [null, 10],
    ['1 day', 0],
    ['1 day', 10_001],
    ['1 day', null],
  ] as const) {
    const call = sql`select prune_jobs(${age}::interval, ${batch}::integer)`.execute(store.read);
    await expect(call).rejects.toMatchObject({ code: '22023' });
  }
  const { rows } = await sql`select prune_jobs('1 day', 10000) as removed`.execute(store.read);
  expect(rows).toEqual([{ removed: 0 }]);
  const direct = store.read.deleteFrom('events').where('subject_id', '=', job).execute();
  await expect(direct).rejects.toThrow(/permission denied/);
  expect(await jobsLeft([job])).toEqual([job]);
});

test('a job that claims to be old keeps its events while one of them is young', async () => {
  const forged = await insertJob({ state: 'failed', endedDaysAgo: 1_000, toldDaysAgo: 1 - minutes(5) });
  const old = await insertJob({ state: 'failed', endedDaysAgo: 1_000, toldDaysAgo: 1 + minutes(5) });
  await sql`select prune_jobs('1 day', 10000)`.execute(store.read);
  expect(await jobsLeft([forged, old])).toEqual([forged]);
});

test('the events of a deployment or of a pipeline stay, also under a job that bears its id', async () => {
  const ids = [
    await insertTestDeployment(store, owner, { state: 'confirmed' }),
    await insertPipeline('succeeded'),
  ];
  for (const id of ids) await insertJob({ id, state: 'failed', endedDaysAgo: 1_000 });
  await sql`select prune_jobs('1 day', 10000)`.execute(store.read);
  expect(await jobsLeft(ids)).toEqual(ids);
});

test('when and as what a job ended is final; what counts may go on, and an open job may end', async () => {
  const set = (id: string, change: RawBuilder<unknown>) =>
    sql`update jobs set ${change} where id = ${id}`.execute(store.read);
  const forbidden = [
    sql`completed_at = '2000-01-01'`,
    sql`completed_at = null`,
    sql`id = gen_random_uuid()`,
    sql`subject_id = gen_random_uuid()`,
    sql`kind = 'webhook'`,
    sql`pipeline_id = ${await insertPipeline('succeeded')}`,
    sql`owner_id = ${(await testOwner(store)).ownerId}`,
  ];
  for (const state of ['succeeded', 'failed', 'cancelled'] as const) {
    const job = await insertJob({ state, endedDaysAgo: 1 });
    for (const change of forbidden) await expect(set(job, change)).rejects.toMatchObject({ code: '23514' });
    await set(
      job,
      sql`log_seq = log_seq + 1, event_seq = event_seq + 1, retry_of = null, completed_at = completed_at`,
    );
  }
  const open = await insertJob({ state: 'running' });
  await set(open, sql`state = 'succeeded', completed_at = now()`);
});

test('names of the caller’s own tables do not lead the function astray', async () => {
  const job = await insertJob({ state: 'failed', endedDaysAgo: 100 });
  await store.transaction(async (tx) => {
    await sql`create temporary table jobs (id uuid) on commit drop`.execute(tx.sql);
    await sql`create temporary table events (subject_id uuid) on commit drop`.execute(tx.sql);
    await sql`select prune_jobs('90 days', 10)`.execute(tx.sql);
  });
  expect(await jobsLeft([job])).toEqual([]);
});

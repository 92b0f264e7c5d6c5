import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/lib/ids.ts';
import type { Ownership } from '../../../src/store/generations.ts';
import { testOwner, testStore } from '../../support/store.ts';
import { countUnfinishedAt, installLedger, type Query, readLedger, readTransitions } from './job-ledger.ts';

let opened: Awaited<ReturnType<typeof testStore>>;
let pool: pg.Pool;
let owner: Ownership;
const query: Query = async (text, values) => (await pool.query(text, values)).rows;

beforeAll(async () => {
  opened = await testStore();
  pool = new pg.Pool({ connectionString: opened.url });
  owner = await testOwner(opened.store);
  await installLedger(query);
});

afterAll(async () => {
  await pool.end();
  await opened.close();
});

/** Does it as the platform's role, which may do nothing to the ledger itself. */
async function asPlatform(...statements: [text: string, values: unknown[]][]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set role slipway_app');
    for (const [text, values] of statements) await client.query(text, values);
  } finally {
    await client.query('reset role');
    client.release();
  }
}

async function newJob(): Promise<{ id: string; subjectId: string }> {
  const [id, subjectId] = [newId(), newId()];
  const { ownerId, userId, projectId } = owner;
  await asPlatform(
    [
      'insert into generations (id, owner_id, created_by, project_id, request) values ($1, $2, $3, $4, $5)',
      [subjectId, ownerId, userId, projectId, '{}'],
    ],
    [
      `insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, attempts_max)
      values ($1, $2, $3, $4, 'generate', $5, 3)`,
      [id, ownerId, userId, projectId, subjectId],
    ],
  );
  return { id, subjectId };
}

const start = `update jobs set state = 'running', lease_owner = $2 where id = $1`;
const end = `update jobs set state = 'succeeded', lease_owner = null where id = $1`;
const write = `update generations set status = 'succeeded' where id = $1`;

test('a job that ends once ends once', async () => {
  const { id, subjectId } = await newJob();
  const before = Date.now();
  await asPlatform([start, [id, 'host:1']], [end, [id]], [write, [subjectId]]);
  expect((await readLedger(query)).get(id)).toEqual({ endings: ['succeeded'], effects: 1 });
  const transitions = (await readTransitions(query)).get(id);
  expect(transitions?.map(({ state, leaseOwner }) => [state, leaseOwner])).toEqual([
    ['queued', null],
    ['running', 'host:1'],
    ['succeeded', null],
  ]);
  expect(Math.abs((transitions?.[1]?.at ?? 0) - before)).toBeLessThan(60_000);
});

test('a second end is seen, whatever lets it happen', async () => {
  const { id, subjectId } = await newJob();
  await asPlatform([start, [id, 'host:1']], [end, [id]], [write, [subjectId]]);
  await query('alter table jobs disable trigger jobs_keep_rules');
  try {
    await asPlatform([start, [id, 'host:2']], [end, [id]], [write, [subjectId]]);
  } finally {
    await query('alter table jobs enable trigger jobs_keep_rules');
  }
  expect((await readLedger(query)).get(id)).toEqual({ endings: ['succeeded', 'succeeded'], effects: 2 });
});

test('another worker on a running job is seen, and a transaction that is taken back is not', async () => {
  const { id } = await newJob();
  await asPlatform([start, [id, 'host:1']], [start, [id, 'host:2']]);
  await asPlatform(['begin', []], [end, [id]], ['rollback', []]);
  expect((await readLedger(query)).get(id)).toEqual({ endings: [], effects: 0 });
  const owners = (await readTransitions(query)).get(id)?.map(({ leaseOwner }) => leaseOwner);
  expect(owners).toEqual([null, 'host:1', 'host:2']);
});

test('counts what was there and had not ended at a moment', async () => {
  const open = async () => countUnfinishedAt(query, await databaseTime());
  const before = await open();
  const { id } = await newJob();
  const during = await databaseTime();
  expect(await open()).toBe(before + 1);
  await asPlatform([start, [id, 'host:1']], [end, [id]]);
  expect(await open()).toBe(before);
  expect(await countUnfinishedAt(query, during)).toBe(before + 1);
});

async function databaseTime(): Promise<number> {
  const [row] = await query<{ now: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
  );
  return row?.now ?? 0;
}

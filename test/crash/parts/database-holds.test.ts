import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enqueue } from '../../../src/queue/enqueue.ts';
import { insertTestDeployment } from '../../support/deployment-rows.ts';
import { testOwner, testStore } from '../../support/store.ts';
import {
  type DatabaseHold,
  endSession,
  type HeldSession,
  holdAt,
  installHolds,
  workersPast,
} from './database-holds.ts';
import { installLedger, type Query } from './job-ledger.ts';

let opened: Awaited<ReturnType<typeof testStore>>;
let pool: pg.Pool;
let deployment: string;
const query: Query = async (text, values) => (await pool.query(text, values)).rows;
/** The platform, on a connection of its own. */
let worker: pg.Pool;

beforeAll(async () => {
  opened = await testStore();
  pool = new pg.Pool({ connectionString: opened.url });
  worker = new pg.Pool({ connectionString: opened.url });
  // Its connection is ended by the test.
  worker.on('error', () => {});
  worker.on('connect', (client) => client.on('error', () => {}));
  await installLedger(query);
  await installHolds(query);
  const owner = await testOwner(opened.store);
  deployment = await insertTestDeployment(opened.store, owner, { state: 'broadcast' });
  await opened.store.transaction((tx) =>
    enqueue(tx, { ...owner, kind: 'deploy', subjectId: deployment, requestId: 'test' }),
  );
  await query(
    "update jobs set state = 'running', lease_owner = 'host:4711', lease_expires_at = now() where subject_id = $1",
    [deployment],
  );
});

afterAll(async () => {
  await Promise.all([pool.end(), worker.end()]);
  await opened.close();
});

const write = (seq: number, kind: string) =>
  worker.query('insert into deployment_journal (deployment_id, seq, message, fence) values ($1, $2, $3, 1)', [
    ...[deployment, seq, JSON.stringify({ kind })],
  ]);
const endJob = () => worker.query("update jobs set state = 'succeeded' where subject_id = $1", [deployment]);
const facts = async () =>
  (await query<{ kind: string }>("select message->>'kind' as kind from deployment_journal order by seq")).map(
    ({ kind }) => kind,
  );

async function untilHeld(hold: DatabaseHold): Promise<HeldSession> {
  for (;;) {
    const held = await hold.find();
    if (held) return held;
  }
}

test('a worker is held while it writes a fact, and nothing is written when it is killed there', async () => {
  const hold = await holdAt(query, { moment: 'write', fact: 'sent', network: 'local' });
  await write(1, 'signed');
  const writing = write(2, 'sent').then(
    () => 'written',
    () => 'broken',
  );
  const held = await untilHeld(hold);
  expect(held.worker).toBe(4711);
  await endSession(query, held);
  expect(await writing).toBe('broken');
  await hold.release();
  expect(await facts()).toEqual(['signed']);
});

test('whoever is held and not killed goes on when it is let go', async () => {
  const hold = await holdAt(query, { moment: 'write', fact: 'sent', network: 'local' });
  const writing = write(2, 'sent');
  await untilHeld(hold);
  await hold.release();
  await writing;
  expect(await facts()).toEqual(['signed', 'sent']);
});

test('another network is not held', async () => {
  const hold = await holdAt(query, { moment: 'write', fact: 'seen', network: 'elsewhere' });
  await write(3, 'seen');
  expect(await hold.find()).toBeNull();
  await hold.release();
});

test('who is past a fact is known by its lease', async () => {
  const since = new Date(0);
  expect(await workersPast(query, { fact: 'seen', network: 'local', since })).toEqual(['host:4711']);
  expect(await workersPast(query, { fact: 'confirmed', network: 'local', since })).toEqual([]);
  expect(await workersPast(query, { fact: 'seen', network: 'elsewhere', since })).toEqual([]);
  const later = new Date(Date.now() + 60_000);
  expect(await workersPast(query, { fact: 'seen', network: 'local', since: later })).toEqual([]);
});

test('a job whose deployment has the fact is held when it ends', async () => {
  const early = await holdAt(query, { moment: 'end', fact: 'confirmed', network: 'local' });
  const hold = await holdAt(query, { moment: 'end', fact: 'seen', network: 'local' });
  const ending = endJob().then(
    () => 'ended',
    () => 'broken',
  );
  await endSession(query, await untilHeld(hold));
  expect(await ending).toBe('broken');
  expect(await early.find()).toBeNull();
  await Promise.all([early.release(), hold.release()]);
  expect(await query('select state from jobs where subject_id = $1', [deployment])).toEqual([
    { state: 'running' },
  ]);
});

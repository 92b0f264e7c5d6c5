import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { newId } from '../lib/ids.ts';
import { sleep } from '../lib/retry.ts';
import { openStore, type Store } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { engines } from './engines/index.ts';
import { enqueue } from './enqueue.ts';
import { startWorker } from './worker.ts';

let store: Store;
let url: string;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, url, close } = await testStore());
  owner = await testOwner(store);
  await store.read.updateTable('owners').set({ tier: 'enterprise' }).execute();
  // An analysis of its own that falls between would plan anew, for the few rows there are just then.
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('alter table jobs set (autovacuum_enabled = off)');
  await client.end();
});
afterAll(() => close());

/** Jobs that have ended: so many rows does a statement read that reads the table from one end to the other. */
const endedJobs = 4_000;

async function addEnded(): Promise<void> {
  await sql`
    insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, attempts_max, priority, state, completed_at)
    select gen_random_uuid(), ${owner.ownerId}, ${owner.userId}, ${owner.projectId}, 'compile', gen_random_uuid(), 1, 1,
      'succeeded', now() from generate_series(1, ${endedJobs})`.execute(store.read);
}

async function rowsReadInSequence(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select seq_tup_read as count from pg_stat_user_tables where relname = 'jobs'`.execute(store.read);
  return rows[0]?.count ?? 0;
}

test('what was planned when there were few jobs reads none of those that have ended since', async () => {
  const theirs = openStore({ url, connectionsMax: 3 });
  let finished = 0;
  // Some end alone and some together, some fail, and some are in hand long enough for a heartbeat.
  const worker = startWorker({
    store: theirs,
    engine: engines.postgres({ store: theirs, url: null, onError: () => {} }),
    name: newId(),
    lane: 'work',
    handlers: {
      async compile() {
        await sleep(finished % 3 === 0 ? 400 : 1);
        if (finished % 5 === 0) throw new Error('planned');
        return { state: 'succeeded' };
      },
    },
    onEnded: Object.assign(async () => {}, { nothingFollows: 'true' }),
    leaseSeconds: 1,
    concurrency: 4,
    pollMs: 50,
    onEvent: (event) => {
      if (event.type === 'finished') finished += 1;
    },
  });
  async function run(jobs: number): Promise<void> {
    const until = finished + jobs;
    for (let at = 0; at < jobs; at += 1) {
      const job = { ...owner, kind: 'compile' as const, subjectId: newId(), requestId: 'test' };
      await theirs.transaction((tx) => enqueue(tx, job));
    }
    for (let tries = 0; finished < until; tries += 1) {
      if (tries > 1_000) throw new Error(`${finished} of ${until} jobs have ended`);
      await sleep(20);
    }
  }
  await run(40);
  await addEnded();
  const before = await rowsReadInSequence();
  await run(40);
  await worker.stop(1_000);
  // A connection that ends leaves its counts at once.
  await theirs.close();
  expect((await rowsReadInSequence()) - before).toBeLessThan(endedJobs);
});

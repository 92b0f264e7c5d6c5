import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRunningJob } from '../../test/support/running-job.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import { newId } from '../lib/ids.ts';
import { bound, type Store } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { appendJobLog, readJobLog } from '../store/job-logs.ts';
import type { ClaimedJob } from './claim.ts';
import type { OnEnded, Outcome } from './finish.ts';
import { createSettler, type KeepLog } from './settle.ts';

let store: Store;
let close: () => Promise<void>;
let owner: Ownership;
beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});
afterAll(() => close());

/** A job in hand whose end leaves a setting: `sent` when it went along, `written` when it had its own transaction. */
async function jobInHand() {
  const subjectId = newId();
  const { jobId, fence } = await insertRunningJob(store, owner, subjectId);
  const job = { ...owner, id: jobId, fence, kind: 'deploy', subjectId, pipelineId: null, requestId: 'r' };
  const leave = (mark: string, state: string) =>
    bound(
      `insert into service_settings (key, value)
        select $1, to_jsonb($2::text) from jobs where id = $3 and state = $4`,
      [jobId, mark, jobId, state],
    );
  let writes = 0;
  const outcome: Outcome = {
    state: 'succeeded',
    send: (tx) => void tx.send(leave('sent', 'succeeded')).catch(() => {}),
    async write(tx) {
      writes += 1;
      await tx.send(leave('written', 'succeeded'));
    },
  };
  return { job: job as unknown as ClaimedJob, outcome, writes: () => writes };
}

async function left(jobId: string): Promise<unknown> {
  const { rows } = await sql<{
    value: unknown;
  }>`select value from service_settings where key = ${jobId}`.execute(store.read);
  return rows.map(({ value }) => value);
}

async function log(jobId: string): Promise<string[]> {
  const { items } = await readJobLog(store.read, { ownerId: owner.ownerId, jobId, since: 0 });
  return items.map(({ message }) => message);
}

const line = (message: string) => ({ at: new Date(), level: 'info' as const, message });

function settlerOf(nothingFollows: 'true' | 'false', keepLog: KeepLog = appendJobLog) {
  const ended: string[] = [];
  const troubles: unknown[] = [];
  const onEnded: OnEnded = Object.assign(
    async (_tx: unknown, { id }: { id: string }) => void ended.push(id),
    {
      nothingFollows,
    },
  );
  const settler = createSettler({
    store,
    onEnded,
    isStopping: () => false,
    onCrash: (_job, error) => troubles.push(error),
    keepLog,
    onTrouble: (error) => troubles.push(error),
    pause: async () => {},
  });
  return { settler, ended, troubles };
}

test('ends that nothing follows from go together, with what is sent along and their logs', async () => {
  const { settler, ended } = settlerOf('true');
  const hands = await Promise.all(Array.from({ length: 5 }, jobInHand));
  const states = await Promise.all(
    hands.map(({ job, outcome }) => settler.settle(job, outcome, [line('one'), line('two')])),
  );
  expect(states).toEqual(Array(5).fill('succeeded'));
  for (const { job, writes } of hands) {
    expect(await left(job.id)).toEqual(['sent']);
    expect(await log(job.id)).toEqual(['one', 'two']);
    expect(writes()).toBe(0);
  }
  expect(ended).toEqual([]);
});

test('where something follows, the same is written in a transaction of its own, once', async () => {
  const { settler, ended } = settlerOf('false');
  const { job, outcome, writes } = await jobInHand();
  expect(await settler.settle(job, outcome, [line('one')])).toBe('succeeded');
  expect(await left(job.id)).toEqual(['written']);
  expect(await log(job.id)).toEqual(['one']);
  expect([writes(), ended]).toEqual([1, [job.id]]);
});

test('a cancel that came before drops what would be written, and keeps the log', async () => {
  const { settler } = settlerOf('true');
  const { job, outcome, writes } = await jobInHand();
  await sql`update jobs set cancel_requested_at = now() where id = ${job.id}`.execute(store.read);
  expect(await settler.settle(job, outcome, [line('late')])).toBe('cancelled');
  expect(await left(job.id)).toEqual([]);
  expect(await log(job.id)).toEqual(['late']);
  expect(writes()).toBe(0);
});

test('one that cannot be sent along is written by itself, and those beside it are not harmed', async () => {
  const { settler } = settlerOf('true');
  const bad = await jobInHand();
  const good = await jobInHand();
  const broken: Outcome = {
    ...bad.outcome,
    state: 'succeeded',
    send: (tx) => void tx.send(bound('select no_such_column', [])).catch(() => {}),
  };
  const states = await Promise.all([
    settler.settle(bad.job, broken, []),
    settler.settle(good.job, good.outcome, []),
  ]);
  expect(states).toEqual(['succeeded', 'succeeded']);
  expect([await left(bad.job.id), bad.writes()]).toEqual([['written'], 1]);
  expect(await left(good.job.id)).toHaveLength(1);
});

test('a log that cannot be kept is told of, and the job has ended all the same', async () => {
  const keepLog: KeepLog = async (tx) => void (await tx.send(bound('select no_such_column', [])));
  const { settler, troubles } = settlerOf('false', keepLog);
  const { job, outcome } = await jobInHand();
  expect(await settler.settle(job, outcome, [line('lost')])).toBe('succeeded');
  expect(await left(job.id)).toEqual(['written']);
  expect(String(troubles)).toContain('no_such_column');
});

test('whoever lost the job writes nothing', async () => {
  const { settler } = settlerOf('true');
  const { job, outcome, writes } = await jobInHand();
  await expect(settler.settle({ ...job, fence: 6 }, outcome, [])).rejects.toThrow('no longer');
  expect([await left(job.id), writes()]).toEqual([[], 0]);
});

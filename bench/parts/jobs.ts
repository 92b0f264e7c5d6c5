import pg from 'pg';
import { newId } from '../../src/lib/ids.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { type JobHandler, startWorker } from '../../src/queue/worker.ts';
import type { Store } from '../../src/store/db.ts';
import type { Ownership } from '../../src/store/generations.ts';
import { insertOwner } from '../../src/store/owners.ts';
import { insertProject } from '../../src/store/projects.ts';
import { insertUser } from '../../src/store/users.ts';

/** A rate of one queue: `jobs` of them put in by `inFlight` callers while `inFlight` at once are worked on. */
export type Drive = (options: { jobs: number; inFlight: number }) => Promise<number>;

/** @returns the row that jobs belong to */
export async function makeOwner(store: Store): Promise<Ownership> {
  const owner = { ownerId: newId(), userId: newId(), projectId: newId() };
  const { ownerId, userId, projectId } = owner;
  await store.transaction(async (tx) => {
    await insertOwner(tx, { id: ownerId, kind: 'person', name: 'Bench', tier: 'enterprise' });
    await insertUser(tx, {
      id: userId,
      ownerId,
      email: null,
      name: 'Bench',
      passwordHash: null,
      roles: ['user'],
    });
    await insertProject(tx, { id: projectId, ownerId, userId, name: 'Default', isDefault: true });
  });
  return owner;
}

/** Our queue with handlers that do nothing: row, events, lease, fence, subject and wake-ups are all there. */
export function ourQueue(store: Store, owner: Ownership) {
  const add = () =>
    store.transaction((tx) =>
      enqueue(tx, { ...owner, kind: 'compile', subjectId: newId(), requestId: 'bench' }),
    );
  const work = (inFlight: number, handler: JobHandler) =>
    startWorker({
      store,
      name: 'bench',
      handlers: { compile: handler },
      onEnded: async () => {},
      leaseSeconds: 30,
      concurrency: inFlight,
    });

  const drive: Drive = async ({ jobs, inFlight }) => {
    const { finished, count } = counter(jobs);
    const begin = performance.now();
    const worker = startWorker({
      store,
      name: 'bench',
      handlers: { compile: async () => ({ state: 'succeeded' }) },
      onEnded: async () => {},
      leaseSeconds: 30,
      concurrency: inFlight,
      onEvent: (event) => {
        if (event.type === 'finished') count();
        else if (event.type !== 'started') throw new Error(`the queue had trouble: ${JSON.stringify(event)}`);
      },
    });
    await atOnce(inFlight, jobs, add);
    await finished;
    const seconds = (performance.now() - begin) / 1000;
    await worker.stop(1_000);
    return jobs / seconds;
  };

  /** @returns milliseconds from the enqueuing call to the start of the handler, one job at a time on an idle queue */
  async function startMs(jobs: number): Promise<number[]> {
    const series: number[] = [];
    let started: () => void = () => {};
    const worker = work(4, async () => {
      started();
      return { state: 'succeeded' };
    });
    for (let at = 0; at < jobs; at += 1) {
      // The pause lets the job before come to its end, and the worker to its sleep.
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 10));
      const begin = performance.now();
      const runs = new Promise<void>((resolve) => {
        started = resolve;
      });
      await Promise.all([runs.then(() => series.push(performance.now() - begin)), add()]);
    }
    await worker.stop(1_000);
    return series;
  }

  return { drive, startMs };
}

/**
 * The least that can be called a durable queue: one table, a claim by SKIP LOCKED, a state when it is done. No
 * events, leases, fences, tenancy or wake-ups to other processes.
 */
export async function bareQueue(url: string): Promise<{ drive: Drive; close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: url, max: 33 });
  // A connection may still be closing while the server is stopped.
  pool.on('error', () => {});
  await pool.query(`create table bare_jobs (id bigint generated always as identity primary key,
    payload jsonb not null, state text not null default 'queued', run_at timestamptz not null default now())`);
  await pool.query(`create index bare_jobs_due on bare_jobs (run_at, id) where state = 'queued'`);

  const drive: Drive = async ({ jobs, inFlight }) => {
    let left = jobs;
    let sleepers: (() => void)[] = [];
    const wake = () => {
      const woken = sleepers;
      sleepers = [];
      for (const one of woken) one();
    };
    async function work(): Promise<void> {
      while (left > 0) {
        const woken = new Promise<void>((resolve) => sleepers.push(resolve));
        const { rows } = await pool.query(
          `update bare_jobs set state = 'running' where id = (select id from bare_jobs
             where state = 'queued' and run_at <= now() order by run_at, id limit 1 for update skip locked)
           returning id, payload`,
        );
        if (rows.length === 0) {
          if (left > 0) await woken;
          continue;
        }
        await pool.query(`update bare_jobs set state = 'succeeded' where id = $1`, [rows[0].id]);
        left -= 1;
        if (left === 0) wake();
      }
    }
    const begin = performance.now();
    const workers = Array.from({ length: inFlight }, work);
    await atOnce(inFlight, jobs, async () => {
      await pool.query(`insert into bare_jobs (payload) values ('{}')`);
      wake();
    });
    await Promise.all(workers);
    return jobs / ((performance.now() - begin) / 1000);
  };
  return { drive, close: () => pool.end() };
}

/** Does something `times` times, `callers` at once. */
export async function atOnce(callers: number, times: number, work: () => Promise<unknown>): Promise<void> {
  let left = times;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

function counter(until: number): { finished: Promise<void>; count(): void } {
  let resolveFinished: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    resolveFinished = resolve;
  });
  let seen = 0;
  return {
    finished,
    count() {
      seen += 1;
      if (seen === until) resolveFinished();
    },
  };
}

import { newId } from '../../src/lib/ids.ts';
import { sleep } from '../../src/lib/retry.ts';
import { type EngineName, engines } from '../../src/queue/engines/index.ts';
import type { Engine } from '../../src/queue/engines/types.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import type { EndedJob } from '../../src/queue/finish.ts';
import type { JobKind, Lane } from '../../src/queue/kinds.ts';
import { type JobHandler, startWorker, type Worker, type WorkerEvent } from '../../src/queue/worker.ts';
import { openStore, type Store } from '../../src/store/db.ts';
import { readEvents } from '../../src/store/events.ts';
import type { Ownership } from '../../src/store/generations.ts';
import { getJob, type Job } from '../../src/store/jobs.ts';
import { testStore } from './store.ts';

/** Several processes as far as the queue can tell: each has connections, wake-ups and an engine of its own. */
export interface QueueWorld {
  /** Of the process that enqueues. */
  store: Store;
  url: string;
  enqueue(owner: Ownership, options?: { kind?: JobKind; delaySeconds?: number }): Promise<string>;
  /** Starts a worker in a process of its own. */
  work(handler: JobHandler, options?: WorkOptions): Promise<TestWorker>;
  until(ownerId: string, id: string, state: Job['state']): Promise<Job>;
  eventTypes(ownerId: string, id: string): Promise<string[]>;
  /** How many transactions workers have begun: each look for due jobs is one. */
  transactions(): number;
  /** Stops all workers and removes all jobs. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkOptions {
  kinds?: JobKind[];
  lane?: Lane;
  concurrency?: number;
  leaseSeconds?: number;
  /** So long by default that a worker which is not woken does nothing. */
  pollMs?: number;
  onEnded?: (job: EndedJob) => void;
}

export interface TestWorker extends Worker {
  name: string;
  engine: Engine;
  events: WorkerEvent[];
}

export async function startQueueWorld(engine: EngineName, redisUrl: string | null): Promise<QueueWorld> {
  const { store, url, close } = await testStore();
  const open = (of: Store) => engines[engine]({ store: of, url: redisUrl, onError: () => {} });
  const own = open(store);
  let transactions = 0;
  const processes: { worker: TestWorker; store: Store }[] = [];

  async function getOne(ownerId: string, id: string): Promise<Job> {
    return getJob(store.read, ownerId, id);
  }

  return {
    store,
    url,
    enqueue: (owner, { kind = 'compile', delaySeconds = 0 } = {}) =>
      store.transaction((tx) =>
        enqueue(tx, { ...owner, kind, subjectId: newId(), requestId: 'test', delaySeconds }),
      ),
    async work(handler, options = {}) {
      const opened = openStore({ url, connectionsMax: 4 });
      const theirs: Store = {
        ...opened,
        transaction(work, how) {
          transactions += 1;
          return opened.transaction(work, how);
        },
      };
      await theirs.signals.listen();
      const name = newId();
      const events: WorkerEvent[] = [];
      const theirEngine = open(theirs);
      const worker = startWorker({
        store: theirs,
        engine: theirEngine,
        name,
        lane: options.lane ?? 'work',
        handlers: Object.fromEntries((options.kinds ?? ['compile']).map((kind) => [kind, handler])),
        onEnded: async (_, job) => options.onEnded?.(job),
        leaseSeconds: options.leaseSeconds ?? 5,
        concurrency: options.concurrency ?? 4,
        pollMs: options.pollMs ?? 600_000,
        onEvent: (event) => void events.push(event),
      });
      const made = { ...worker, name, engine: theirEngine, events };
      processes.push({ worker: made, store: theirs });
      return made;
    },
    async until(ownerId, id, state) {
      for (let tries = 0; ; tries += 1) {
        const job = await getOne(ownerId, id);
        if (job.state === state) return job;
        if (tries > 600) throw new Error(`job ${id} is ${job.state}, not ${state}`);
        await sleep(20);
      }
    },
    async eventTypes(ownerId, id) {
      const events = await readEvents(store.read, { ownerId, subjectId: id, since: 0 });
      return events.map((event, at) => (event.seq === at + 1 ? event.type : `gap before ${event.seq}`));
    },
    transactions: () => transactions,
    async clear() {
      await Promise.all(
        processes.splice(0).map(async ({ worker, store: theirs }) => {
          await worker.stop(1_000);
          await worker.engine.close();
          await theirs.close();
        }),
      );
      await store.read.deleteFrom('jobs').execute();
    },
    async close() {
      await own.close();
      await close();
    },
  };
}

import { admitJob } from '../../src/actions/admit-job.ts';
import { endJob } from '../../src/actions/end-job.ts';
import type { ActionContext } from '../../src/actions/platform.ts';
import { newId } from '../../src/lib/ids.ts';
import { engines } from '../../src/queue/engines/index.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { type JobHandler, startWorker } from '../../src/queue/worker.ts';
import type { Store } from '../../src/store/db.ts';
import type { Ownership } from '../../src/store/generations.ts';
import { insertOwner } from '../../src/store/owners.ts';
import { insertProject } from '../../src/store/projects.ts';
import { insertUser } from '../../src/store/users.ts';
import { testPlatform } from '../../test/support/http-server.ts';
import { atOnce, counter, type Drive } from './drive.ts';

/** @returns the row that jobs belong to: an owner without limits */
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

/**
 * Our queue with handlers that do nothing, from the enqueuing action to what follows from the end: admission, row,
 * events, turn, lease, fence, wake-ups, webhooks looked for.
 */
export function ourQueue(
  store: Store,
  options: { engine: keyof typeof engines; redisUrl: string | null },
): {
  drive: Drive;
  startMs(jobs: number): Promise<number[]>;
  lateOwnerMs(queued: number): Promise<number>;
  close(): Promise<void>;
} {
  const engine = engines[options.engine]({
    store,
    url: options.redisUrl,
    onError: (error) => console.error(error),
  });
  const owner = makeOwner(store);
  const platform = testPlatform(store);
  /** What every action that asks for a job does: admission, row, event, wake-ups. Subjects differ and are left out. */
  const add = async () => {
    const one = await owner;
    return store.transaction(async (tx) => {
      await admitJob(platform, tx, contextOf(one));
      return enqueue(tx, { ...one, kind: 'generate', subjectId: newId(), requestId: 'bench' });
    });
  };
  const work = (concurrency: number, handler: JobHandler, onFinished: () => void = () => {}) =>
    startWorker({
      ...{ store, engine, concurrency },
      name: 'bench',
      lane: 'work',
      handlers: { generate: handler },
      onEnded: endJob(platform),
      leaseSeconds: 30,
      onEvent(event) {
        if (event.type === 'finished') onFinished();
        else if (event.type !== 'started') throw new Error(`the queue had trouble: ${JSON.stringify(event)}`);
      },
    });

  const drive: Drive = async ({ jobs, inFlight }) => {
    const { finished, count } = counter(jobs);
    const worker = work(inFlight, async () => ({ state: 'succeeded' }), count);
    // The libraries' workers say when they are ready; ours look for jobs at once, while their connections open.
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const begin = performance.now();
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

  /**
   * One owner has `queued` jobs of a few milliseconds each in the queue, four at a time are worked on; then another owner
   * asks for one.
   * @returns milliseconds until that one starts
   */
  async function lateOwnerMs(queued: number): Promise<number> {
    const [first, second] = [await owner, await makeOwner(store)];
    for (let at = 0; at < queued; at += batchJobs) {
      await store.transaction(async (tx) => {
        for (let one = at; one < Math.min(queued, at + batchJobs); one += 1) {
          await enqueue(tx, { ...first, kind: 'generate', subjectId: newId(), requestId: 'bench' });
        }
      });
    }
    let started: () => void = () => {};
    const runs = new Promise<void>((resolve) => {
      started = resolve;
    });
    const worker = work(4, async (job) => {
      if (job.ownerId === second.ownerId) started();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { state: 'succeeded' };
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const begin = performance.now();
    await store.transaction((tx) =>
      enqueue(tx, { ...second, kind: 'generate', subjectId: newId(), requestId: 'bench' }),
    );
    await runs;
    const ms = performance.now() - begin;
    await worker.stop(1_000);
    return ms;
  }

  return { drive, startMs, lateOwnerMs, close: () => engine.close() };
}

/** In which a worker has opened its connections. */
const settleMs = 300;

/** Jobs that are put in together, where putting them in is not what is measured. */
const batchJobs = 500;

function contextOf(owner: Ownership): ActionContext {
  return {
    actor: {
      ...owner,
      roles: ['user'],
      scopes: ['*'],
      tier: 'enterprise',
      via: { kind: 'system', id: 'bench' },
    },
    requestId: 'bench',
    idempotency: null,
  };
}

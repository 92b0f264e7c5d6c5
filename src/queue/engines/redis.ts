import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { hearAbout } from '../hear-about.ts';
import { type JobKind, jobKinds } from '../kinds.ts';
import type { OpenEngine, Seat, Sleeper } from './types.ts';

/** How long a wake-up may take to leave before NOTIFY does it; Redis answers in a millisecond or is away. */
const announceMs = 500;

/**
 * BullMQ: one queue a kind, and in it at most one wake-up that nobody has taken. A worker that takes it looks into the
 * rows; when it could not take everything that is due it puts a wake-up back for somebody else. One worker is woken
 * instead of all of them, and PostgreSQL has no NOTIFY to deliver.
 *
 * While Redis is away the wake-ups go by NOTIFY again. It may be killed, flushed or come back empty at any time: there
 * is nothing in it that could be lost.
 */
export const redis: OpenEngine = ({ store, url, onError }) => {
  if (!url) throw new Error('the engine redis needs a URL');
  // BullMQ wants to wait for its server as long as it takes; whether there is one, we look at ourselves.
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on('error', onError);
  // BullMQ makes copies to wait on, and while Redis is away it cannot be told to end them: they would keep the process.
  const copies = new Set<Redis>();
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = (override) => {
    const copy = duplicate(override);
    copies.add(copy);
    copy.once('end', () => copies.delete(copy));
    return copy;
  };
  const queues = new Map<string, Queue>(
    jobKinds.map((kind) => {
      const queue = new Queue(queueName(kind), { connection, skipMetasUpdate: true });
      queue.on('error', onError);
      return [kind, queue];
    }),
  );

  async function announce(due: readonly string[]): Promise<boolean> {
    // Commands for a server that is away would pile up, and be old news when it is back.
    if (connection.status !== 'ready') return false;
    await within(
      announceMs,
      Promise.all(due.map((kind) => queues.get(kind)?.add('wake', {}, wakeUpOptions(kind)))),
    );
    return true;
  }
  store.signals.announceJobsBy(announce);

  function join({ kinds, wake, looked }: Sleeper): Seat {
    const unsubscribe = hearAbout(store, kinds, wake);
    const listeners = kinds.map((kind) => {
      const listener = new Worker(
        queueName(kind),
        async (job) => {
          // From here on a new wake-up is a new one: what was committed before it came is seen by our look.
          await job.removeDeduplicationKey();
          if (!wake()) return store.signals.passOn([kind]);
          // Wake-ups that come meanwhile wait for us as one.
          await looked();
        },
        {
          connection,
          removeOnComplete: { count: 0 },
          removeOnFail: { count: 0 },
          // A wake-up that its taker died with is not worth looking for; the timers of the search, and of a long pause
          // after a fault, would keep a process that ends while Redis is away.
          skipStalledCheck: true,
          skipLockRenewal: true,
          runRetryDelay: announceMs,
        },
      );
      listener.on('error', onError);
      return listener;
    });

    return {
      setBusy(isBusy) {
        for (const listener of listeners) {
          (isBusy ? listener.pause(true) : listener.resume()).catch(onError);
        }
      },
      passOn: () => store.signals.passOn(kinds),
      async leave() {
        unsubscribe();
        await Promise.all(
          listeners.map((listener) =>
            within(announceMs, listener.close()).catch(() =>
              within(announceMs, listener.close(true)).catch(onError),
            ),
          ),
        );
      },
    };
  }

  return {
    join,
    async health() {
      try {
        await within(announceMs, connection.ping());
        return { ok: true, detail: 'Redis wakes the workers.' };
      } catch (error) {
        return {
          ok: false,
          detail: `Redis is away (${(error as Error).message}); PostgreSQL wakes the workers meanwhile.`,
        };
      }
    },
    async close() {
      store.signals.announceJobsBy(null);
      await Promise.all(
        [...queues.values()].map((queue) => within(announceMs, queue.close()).catch(onError)),
      );
      for (const open of [connection, ...copies]) open.disconnect();
    },
  };
};

function queueName(kind: JobKind): string {
  return `slipway-${kind}`;
}

/** Few wake-ups at a time; one that a worker took with it when it died stands in nobody's way for long. */
function wakeUpOptions(kind: string) {
  return {
    deduplication: { id: `wake-${kind}`, ttl: 100 },
    removeOnComplete: true,
    removeOnFail: true,
  };
}

/** Redis that does not answer must not hold anybody up. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from Redis within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

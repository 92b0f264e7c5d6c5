import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { lanes } from '../kinds.ts';
import type { OpenEngine, Seat, Sleeper } from './types.ts';

/** How long a wake-up may take to leave before NOTIFY does it; Redis answers in a millisecond or is away. */
const announceMs = 500;

/**
 * BullMQ: one queue a lane, and in it at most one wake-up that nobody has taken. A worker that takes it looks into the
 * rows; when it could not take everything that is due it puts the wake-up back for somebody else. One worker is woken
 * instead of all of them, and PostgreSQL has no NOTIFY to deliver.
 *
 * While Redis is away the wake-ups go by NOTIFY again. It may be killed, flushed or come back empty at any time: there
 * is nothing in it that could be lost.
 */
export const redis: OpenEngine = ({ store, url, onError }) => {
  if (!url) throw new Error('the engine redis needs a URL');
  const address = url;
  // BullMQ wants to wait for its server as long as it takes; whether there is one, we look at ourselves.
  const patient = { maxRetriesPerRequest: null };
  const connection = new Redis(address, patient);
  connection.on('error', onError);
  const queues = new Map(
    Object.values(lanes).map((lane) => {
      const queue = new Queue(queueName(lane), { connection, skipMetasUpdate: true });
      queue.on('error', onError);
      return [lane as number, queue];
    }),
  );

  async function announce(due: readonly number[]): Promise<boolean> {
    // Commands for a server that is away would pile up, and be old news when it is back.
    if (connection.status !== 'ready') return false;
    await within(
      announceMs,
      Promise.all(due.map((lane) => queues.get(lane)?.add('wake', {}, wakeUpOptions(lane)))),
    );
    return true;
  }
  store.signals.announceJobsBy(announce);

  function join({ lane, wake, looked }: Sleeper): Seat {
    const unsubscribe = store.signals.onJobsDue(lane, wake);
    let isFull = false;
    const passOn = () => store.signals.passOn(lane);
    const worker = new Worker(
      queueName(lane),
      async (job) => {
        // From here on a new wake-up is a new one: what was committed before it came is seen by our look.
        await job.removeDeduplicationKey();
        if (!wake()) return passOn();
        // Wake-ups that come meanwhile wait for us as one.
        await looked();
      },
      {
        connection: { url: address, ...patient },
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    );
    worker.on('error', onError);

    return {
      setFull(full) {
        if (full === isFull) return;
        isFull = full;
        // Wake-ups are left to those who can take something.
        if (full) worker.pause(true).catch(onError);
        else worker.resume().catch(onError);
      },
      passOn,
      async leave() {
        unsubscribe();
        await within(announceMs, worker.close()).catch(() =>
          within(announceMs, worker.close(true)).catch(onError),
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
    },
  };
};

function queueName(lane: number): string {
  return `slipway-lane-${lane}`;
}

/** One wake-up at a time; one that a worker took with it when it died stands in nobody's way for longer than a second. */
function wakeUpOptions(lane: number) {
  return {
    deduplication: { id: `wake-lane-${lane}`, ttl: 1_000 },
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

import { type Order, type PipelinedConnection, runAsTransaction } from './pipelined.ts';

/** Connections that are used for groups at a time; what comes meanwhile makes the next groups larger. */
const flightsMax = 4;
/** Transactions that share a write at most: one that waits for a lock keeps those behind it waiting. */
const transactionsMax = 16;

interface Waiting {
  orders: readonly Order[];
  done: PromiseWithResolvers<void>;
}

/**
 * Runs transactions that need no answer until they are over, several on one connection, one behind the other, in one
 * write: each has its own BEGIN and COMMIT and none knows of the others. With many callers a write costs more than the
 * statements in it.
 *
 * @param isBroken whether an error means that the connection must not be used again
 */
export function createGroups(options: {
  connect: () => Promise<PipelinedConnection>;
  isBroken: (error: unknown) => boolean;
}): (orders: readonly Order[]) => Promise<void> {
  let waiting: Waiting[] = [];
  let flights = 0;
  let scheduled = false;

  function takeOff(): void {
    scheduled = false;
    while (waiting.length > 0 && flights < flightsMax) {
      const share = Math.ceil(waiting.length / (flightsMax - flights));
      const group = waiting.slice(0, Math.min(share, transactionsMax));
      waiting = waiting.slice(group.length);
      flights += 1;
      void fly(group);
    }
  }

  async function fly(group: readonly Waiting[]): Promise<void> {
    let broken: Error | undefined;
    try {
      const connection = await options.connect();
      const ends = await Promise.allSettled(
        group.map(async ({ orders, done }) =>
          runAsTransaction(connection.run, orders).then(done.resolve, (error) => {
            done.reject(error);
            throw error;
          }),
        ),
      );
      for (const end of ends)
        if (end.status === 'rejected' && options.isBroken(end.reason)) broken = end.reason;
      connection.release(broken);
    } catch (error) {
      for (const { orders, done } of group) {
        for (const { answer } of orders) answer.reject(error);
        done.reject(error);
      }
    }
    flights -= 1;
    takeOff();
  }

  return (orders) => {
    const done = Promise.withResolvers<void>();
    waiting.push({ orders, done });
    if (!scheduled) {
      scheduled = true;
      queueMicrotask(() => process.nextTick(takeOff));
    }
    return done.promise;
  };
}

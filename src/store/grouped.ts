import { type Order, type PipelinedConnection, type RunQuery, runAsTransaction } from './pipelined.ts';

/** Connections that are used for groups at a time; what comes meanwhile makes the next groups larger. */
const flightsMax = 2;
/** Transactions of a group at most: one that waits for a lock keeps those behind it waiting. */
const transactionsMax = 32;

interface Waiting {
  orders: readonly Order[];
  done: PromiseWithResolvers<void>;
}

/**
 * Runs transactions that need no answer until they are over, several on one connection, one behind the other, in one
 * write: each has its own BEGIN and COMMIT and none knows of the others. With many callers a write, a switch between
 * processes and a commit to disk each cost more than the statements in them.
 *
 * A group is committed to disk once: its commits do not wait for the disk, and one that does follows them. The log is
 * written in order, so everything before it is then on the disk as well; nobody is told of success before.
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
    try {
      const connection = await options.connect();
      connection.release(await runGroup(connection.run, group));
    } catch (error) {
      for (const { orders, done } of group) {
        for (const { answer } of orders) answer.reject(error);
        done.reject(error);
      }
    }
    flights -= 1;
    takeOff();
  }

  /** @returns the error after which the connection must not be used again */
  async function runGroup(run: RunQuery, group: readonly Waiting[]): Promise<Error | undefined> {
    const [only] = group;
    const several = group.length > 1;
    const before = several ? [run('set synchronous_commit to off', [])] : [];
    const ends = group.map(({ orders }) => runAsTransaction(run, orders));
    // A transaction that changes nothing but has a number of its own is written to the log, and waited for.
    const after = several
      ? [run('reset synchronous_commit', []), run('select pg_current_xact_id()', [])]
      : [];
    const settled = await Promise.allSettled(ends);
    const frame = (await Promise.allSettled([...before, ...after])).find((one) => one.status === 'rejected');
    for (const [at, end] of settled.entries()) {
      const { done } = group[at] ?? (only as Waiting);
      if (end.status === 'rejected') done.reject(end.reason);
      else if (frame) done.reject(frame.reason);
      else done.resolve();
    }
    if (frame) return frame.reason as Error;
    return settled.find((end) => end.status === 'rejected' && options.isBroken(end.reason)) === undefined
      ? undefined
      : new Error('the connection broke');
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

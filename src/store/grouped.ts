import { type Order, type PipelinedConnection, type RunQuery, runAsTransaction } from './pipelined.ts';

/** Connections that are used for groups at a time; what comes meanwhile makes the next groups larger. */
export const flightsMax = 2;
/** Transactions of a group at most: one that waits for a lock keeps those behind it waiting. */
const transactionsMax = 32;

/** A transaction that writes nothing but a word into the log, and waits until the log up to there is on the disk. */
const flush =
  "select set_config('synchronous_commit', $1, true), pg_logical_emit_message(true, 'slipway', '')";

/** From so many on they are shared out over the connections that are free. */
const sharedFrom = 8;

interface Waiting {
  orders: readonly Order[];
  background: boolean;
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
 * @param options.connect for one that is alone
 * @param options.connectDeferring for several: a connection whose commits do not wait for the disk
 * @param isBroken whether an error means that the connection must not be used again
 */
export function createGroups(options: {
  connect: () => Promise<PipelinedConnection>;
  connectDeferring: () => Promise<PipelinedConnection>;
  isBroken: (error: unknown) => boolean;
}): (orders: readonly Order[], background: boolean) => Promise<void> {
  let waiting: Waiting[] = [];
  let flights = 0;
  let scheduled = false;

  function takeOff(): void {
    scheduled = false;
    while (waiting.length > 0 && flights < flightsMax) {
      const group = new Set(nextGroup(flightsMax - flights));
      waiting = waiting.filter((one) => !group.has(one));
      flights += 1;
      void fly([...group]);
    }
  }

  /** Few go together, and background work apart from what callers wait for where there is room for both. */
  function nextGroup(free: number): Waiting[] {
    const background = waiting.filter((one) => one.background);
    const isMixed = background.length > 0 && background.length < waiting.length;
    if (isMixed && free > 1) return background.slice(0, transactionsMax);
    const share = waiting.length < sharedFrom ? waiting.length : Math.ceil(waiting.length / free);
    return waiting.slice(0, Math.min(share, transactionsMax));
  }

  async function fly(group: readonly Waiting[]): Promise<void> {
    try {
      const connection = await (group.length > 1 ? options.connectDeferring() : options.connect());
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
    const ends = group.map(({ orders }) => runAsTransaction(run, orders));
    const flushed = group.length > 1 ? run(flush, ['on']) : Promise.resolve();
    const [flushEnd, ...settled] = await Promise.allSettled([flushed, ...ends]);
    for (const [at, { done }] of group.entries()) {
      const failed = [settled[at], flushEnd].find((end) => end?.status === 'rejected');
      if (failed) done.reject(failed.reason);
      else done.resolve();
    }
    if (flushEnd.status === 'rejected') return flushEnd.reason as Error;
    return settled.find((end) => end.status === 'rejected' && options.isBroken(end.reason)) === undefined
      ? undefined
      : new Error('the connection broke');
  }

  return (orders, background) => {
    const done = Promise.withResolvers<void>();
    waiting.push({ orders, background, done });
    if (!scheduled) {
      scheduled = true;
      queueMicrotask(() => process.nextTick(takeOff));
    }
    return done.promise;
  };
}

import { AppError } from '../lib/app-error.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Store, Tx } from '../store/db.ts';
import { type LogLine, toFailure } from './attempt.ts';
import type { ClaimedJob } from './claim.ts';
import { fail, LeaseLostError } from './errors.ts';
import { type Ending, finishAll, finishQuietly, type OnEnded, type Outcome } from './finish.ts';

/** Endings that one transaction takes at most. */
const togetherMax = 64;
/** How often an ending is tried while the database is away, with pauses of up to two seconds. */
const triesMax = 20;

/** A line of a job's log, and when it was said. */
export type KeptLine = LogLine & { at: Date };

/** Appends lines to a job's log. Only sends. */
export type KeepLog = (tx: Tx, job: ClaimedJob, lines: readonly KeptLine[]) => Promise<void>;

/** Writes down how attempts ended. */
export interface Settler {
  /**
   * Writes the outcome down, and the last lines of the log with it; while the database is away it waits, as the work is
   * done and must not be lost.
   * @returns the state in which the job is now
   * @throws LeaseLostError when the job is no longer this worker's
   */
  settle(job: ClaimedJob, outcome: Outcome, lines: readonly KeptLine[]): Promise<Outcome['state']>;
}

interface Closing extends Ending {
  lines: readonly KeptLine[];
}

interface Waiting extends Closing {
  resolve(state: Outcome['state']): void;
  reject(error: unknown): void;
}

/**
 * Endings with nothing to write but themselves, or only what can be sent along, share a transaction: those that come while
 * one is under way go together in the next, as one commit to disk costs as much as many. Any other ending with work of
 * its own has a transaction of its own, so that none holds up another.
 *
 * @param options.pause waits, or returns early when the worker stops
 */
export function createSettler(options: {
  store: Store;
  onEnded: OnEnded;
  isStopping: () => boolean;
  /** Gets errors that are ours to mend. */
  onCrash: (job: ClaimedJob, error: unknown) => void;
  /** Null where nobody keeps logs. */
  keepLog: KeepLog | null;
  /** Gets errors that nothing is lost by. */
  onTrouble: (error: unknown) => void;
  pause: (ms: number) => Promise<void>;
}): Settler {
  const { store, onEnded, keepLog } = options;
  let waiting: Waiting[] = [];
  let writing = false;

  async function write(endings: readonly Closing[]): Promise<(Outcome['state'] | null)[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.transaction(async (tx) => {
          const states = await finishAll(tx, endings, onEnded);
          keepLines(tx, endings);
          return states;
        });
      } catch (error) {
        if (!isPassing(error) || tries > triesMax || options.isStopping()) throw error;
        await options.pause(backoffMs(tries, Math.random(), 100, 2_000));
      }
    }
  }

  function keepLines(tx: Tx, endings: readonly Closing[]): void {
    for (const { job, lines } of endings) {
      // Whatever goes wrong with it the transaction says.
      if (lines.length > 0) keepLog?.(tx, job, lines).catch(() => {});
    }
  }

  /** A log that cannot be kept is no reason to lose the work. */
  async function writeEvenWithoutLog(ending: Closing): Promise<(Outcome['state'] | null)[]> {
    try {
      return await write([ending]);
    } catch (error) {
      if (ending.lines.length === 0 || error instanceof LeaseLostError || isPassing(error)) throw error;
      const states = await write([{ ...ending, lines: [] }]);
      options.onTrouble(error);
      return states;
    }
  }

  /** What cannot be written down is an attempt that failed, not a worker that fell silent. */
  async function writeOrFail(ending: Closing): Promise<(Outcome['state'] | null)[]> {
    try {
      return await writeEvenWithoutLog(ending);
    } catch (error) {
      if (error instanceof LeaseLostError || isPassing(error) || options.isStopping()) throw error;
      options.onCrash(ending.job, error);
      const crashed = fail('job-crashed', { kind: ending.job.kind }, { cause: error });
      return write([{ ...ending, outcome: toFailure(ending.job, crashed) }]);
    }
  }

  async function writeTogether(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, togetherMax);
      waiting = waiting.slice(togetherMax);
      const rest = await endQuietly(batch);
      try {
        if (rest.length > 0) answer(rest, await write(rest));
      } catch {
        // One of them may be to blame for all.
        for (const each of rest) await alone(each).then(each.resolve, each.reject);
      }
    }
    writing = false;
  }

  /** @returns those that something may follow from, that are no longer ours, or for which it did not work out */
  async function endQuietly(batch: readonly Waiting[]): Promise<Waiting[]> {
    const { nothingFollows } = onEnded;
    const quiet = batch.filter(({ outcome }) => outcome.state === 'succeeded');
    if (!nothingFollows || quiet.length === 0) return [...batch];
    try {
      const { rows } = await store.transaction(
        async (tx) => {
          const rows = finishQuietly(
            tx,
            quiet.map(({ job }) => job),
            nothingFollows,
          );
          for (const { outcome } of quiet) if ('send' in outcome) outcome.send?.(tx);
          keepLines(tx, quiet);
          return { rows };
        },
        { background: true },
      );
      const ended = new Set((await rows).map(({ id }) => id));
      return batch.filter((each) => {
        if (!ended.has(each.job.id)) {
          // What was sent along is kept.
          if (quiet.includes(each)) each.lines = [];
          return true;
        }
        each.resolve('succeeded');
        return false;
      });
    } catch {
      // The other way meets the same trouble, and knows how to wait and whom to tell.
      return [...batch];
    }
  }

  async function alone(ending: Closing): Promise<Outcome['state']> {
    const [state] = await writeOrFail(ending);
    if (!state) throw lost(ending.job);
    return state;
  }

  return {
    settle(job, outcome, lines) {
      const hasOwnWork = 'write' in outcome && !('send' in outcome && outcome.send);
      if (job.pipelineId || hasOwnWork) return alone({ job, outcome, lines });
      return new Promise((resolve, reject) => {
        waiting.push({ job, outcome, lines, resolve, reject });
        if (!writing) void writeTogether();
      });
    },
  };
}

/** The database is away, full, or two transactions got in each other's way (SQLSTATE class 40). */
function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'database-unavailable';
  return error instanceof Error && 'code' in error && /^40/.test(String(error.code));
}

function answer(batch: readonly Waiting[], states: readonly (Outcome['state'] | null)[]): void {
  for (const [at, { job, resolve, reject }] of batch.entries()) {
    const state = states[at];
    if (state) resolve(state);
    else reject(lost(job));
  }
}

function lost(job: ClaimedJob): LeaseLostError {
  return new LeaseLostError(`job ${job.id} is no longer this worker's`);
}

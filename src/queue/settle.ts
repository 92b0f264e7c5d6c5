import { AppError } from '../lib/app-error.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Store } from '../store/db.ts';
import type { ClaimedJob } from './claim.ts';
import { LeaseLostError } from './errors.ts';
import { type Ending, finishAll, type OnEnded, type Outcome } from './finish.ts';

/** Endings that one transaction takes at most. */
const togetherMax = 64;
/** How often an ending is tried while the database is away, with pauses of up to two seconds. */
const triesMax = 20;

/** Writes down how attempts ended. */
export interface Settler {
  /**
   * Writes the outcome down; while the database is away it waits, as the work is done and must not be lost.
   * @returns the state in which the job is now
   * @throws LeaseLostError when the job is no longer this worker's
   */
  settle(job: ClaimedJob, outcome: Outcome): Promise<Outcome['state']>;
}

interface Waiting extends Ending {
  resolve(state: Outcome['state']): void;
  reject(error: unknown): void;
}

/**
 * Endings with nothing to write but themselves share a transaction: those that come while one is under way go together
 * in the next, as one commit to disk costs as much as many. An ending with work of its own has a transaction of its own,
 * so that none holds up another.
 *
 * @param options.pause waits, or returns early when the worker stops
 */
export function createSettler(options: {
  store: Store;
  onEnded: OnEnded;
  isStopping: () => boolean;
  pause: (ms: number) => Promise<void>;
}): Settler {
  const { store, onEnded } = options;
  let waiting: Waiting[] = [];
  let writing = false;

  async function write(endings: readonly Ending[]): Promise<(Outcome['state'] | null)[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.transaction((tx) => finishAll(tx, endings, onEnded));
      } catch (error) {
        const away = error instanceof AppError && error.code === 'database-unavailable';
        if (!away || tries > triesMax || options.isStopping()) throw error;
        await options.pause(backoffMs(tries, Math.random(), 100, 2_000));
      }
    }
  }

  async function writeTogether(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, togetherMax);
      waiting = waiting.slice(togetherMax);
      try {
        answer(batch, await write(batch));
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        // One of them may be to blame for all.
        else for (const each of batch) await alone(each).then(each.resolve, each.reject);
      }
    }
    writing = false;
  }

  async function alone(ending: Ending): Promise<Outcome['state']> {
    const [state] = await write([ending]);
    if (!state) throw lost(ending.job);
    return state;
  }

  return {
    settle(job, outcome) {
      if (job.pipelineId || 'write' in outcome) return alone({ job, outcome });
      return new Promise((resolve, reject) => {
        waiting.push({ job, outcome, resolve, reject });
        if (!writing) void writeTogether();
      });
    },
  };
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

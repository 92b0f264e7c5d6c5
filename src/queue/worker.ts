import { AppError, type StoredError, toStoredError } from '../lib/app-error.ts';
import { backoffMs, sleep } from '../lib/retry.ts';
import type { Store, Tx } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { type ClaimedJob, claim } from './claim.ts';
import { CancelledError, fail, LeaseLostError } from './errors.ts';
import { finish, type OnEnded, type Outcome, reportProgress } from './finish.ts';
import { type JobKind, kinds } from './kinds.ts';
import { heartbeat } from './lease.ts';
import { reconcile } from './reconcile.ts';

/** What a handler gets besides its job. */
export interface JobControl {
  /** Aborted by a cancel, a lost lease, the time limit, and the end of the process's grace time. */
  signal: AbortSignal;
  /** Notes how far it is, 0–100. */
  progress(percent: number, stage: string): Promise<void>;
}

/** Does the work of one kind. A thrown AppError fails the job, or queues it again when it is retryable. */
export type JobHandler = (job: ClaimedJob, control: JobControl) => Promise<Outcome>;

export interface WorkerOptions {
  store: Store;
  /** Unique to the process, for people who read the rows. */
  name: string;
  handlers: Partial<Record<JobKind, JobHandler>>;
  onEnded: OnEnded;
  leaseSeconds: number;
  concurrency: number;
  /** Backstop for wake-ups that were missed, and for jobs that fall due. Milliseconds. */
  pollMs?: number;
  onEvent?: (event: WorkerEvent) => void;
}

/** For logs and metrics; the queue itself keeps silent. */
export type WorkerEvent =
  | { type: 'started'; job: ClaimedJob }
  | { type: 'lost'; job: ClaimedJob }
  | { type: 'finished'; job: ClaimedJob; state: Outcome['state']; seconds: number; error?: StoredError }
  | { type: 'crashed'; job: ClaimedJob; error: unknown }
  | { type: 'trouble'; error: unknown }
  | { type: 'reconciled'; count: number };

export interface Worker {
  /** Jobs in hand now. */
  inFlight(): number;
  /** Takes no more jobs, waits for those in hand up to `graceMs`, then hands them back. */
  stop(graceMs: number): Promise<void>;
}

interface Held {
  job: ClaimedJob;
  controller: AbortController;
  /** Writes of our own under way: their wake-ups say nothing new. */
  writing: number;
  done: Promise<void>;
  unsubscribe: () => void;
}

/** Claims and runs jobs until it is stopped. A fault of the database is waited out; it never ends the loop. */
export function startWorker(options: WorkerOptions): Worker {
  const { store } = options;
  const offered = Object.keys(options.handlers) as JobKind[];
  const held = new Map<string, Held>();
  const emit = options.onEvent ?? (() => {});
  const stopping = new AbortController();
  let wake: () => void = () => {};
  const unsubscribe = store.signals.onJobsDue(() => wake());

  const claiming = loop(async () => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const free = options.concurrency - held.size;
    const jobs =
      free > 0
        ? await claim(store, {
            kinds: offered,
            worker: options.name,
            leaseSeconds: options.leaseSeconds,
            limit: free,
          })
        : [];
    for (const job of jobs) hold(job);
    if (jobs.length < free || free === 0) await atMost(options.pollMs ?? 500, woken);
  });
  const beating = loop(async () => {
    await pause((options.leaseSeconds * 1000) / 3);
    await beat();
  });
  const reconciling = loop(async () => {
    const count = await reconcile(store, options.onEnded);
    if (count > 0) emit({ type: 'reconciled', count });
    await pause(Math.max(500, (options.leaseSeconds * 1000) / 3));
  });

  /** Repeats `turn` until the worker stops; after a fault it waits, longer each time. */
  async function loop(turn: () => Promise<void>): Promise<void> {
    for (let faults = 0; !stopping.signal.aborted; ) {
      try {
        await turn();
        faults = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        faults += 1;
        emit({ type: 'trouble', error });
        await pause(backoffMs(faults, Math.random(), 100, 5_000));
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return sleep(ms, stopping.signal).catch(() => {});
  }

  /** Leaves no timer behind: there are thousands of wake-ups a second. */
  async function atMost(ms: number, woken: Promise<void>): Promise<void> {
    const timer = setTimeout(wake, ms);
    await woken;
    clearTimeout(timer);
  }

  function hold(job: ClaimedJob): void {
    const controller = new AbortController();
    const entry: Held = {
      job,
      controller,
      writing: 0,
      // A cancel appends an event; looking at once makes it quick, the heartbeat makes it certain.
      unsubscribe: store.signals.onSubject(job.id, () => {
        if (entry.writing === 0) beat().catch((error) => emit({ type: 'trouble', error }));
      }),
      done: Promise.resolve(),
    };
    held.set(job.id, entry);
    entry.done = run(entry).finally(() => {
      entry.unsubscribe();
      held.delete(job.id);
      wake();
    });
  }

  async function beat(): Promise<void> {
    const jobs = [...held.values()];
    const alive = await heartbeat(
      store,
      jobs.map((entry) => entry.job),
      options.leaseSeconds,
    );
    for (const entry of jobs) {
      if (held.get(entry.job.id) !== entry) continue;
      const lease = alive.get(entry.job.id);
      if (!lease) entry.controller.abort(new LeaseLostError(`job ${entry.job.id} was taken away`));
      else if (lease.cancelRequested) entry.controller.abort(new CancelledError('cancelled'));
    }
  }

  async function run(entry: Held): Promise<void> {
    const { job, controller } = entry;
    emit({ type: 'started', job });
    const started = performance.now();
    const rules = kinds[job.kind];
    const timer = setTimeout(
      () => controller.abort(fail('job-timeout', { kind: job.kind, seconds: rules.secondsMax })),
      rules.secondsMax * 1000,
    );
    try {
      const outcome = await attempt(entry);
      if (!outcome) return emit({ type: 'lost', job });
      entry.writing += 1;
      const state = await settle(job, outcome);
      const error = 'error' in outcome && state === outcome.state ? { error: outcome.error } : {};
      emit({
        type: 'finished',
        job,
        state,
        seconds: (performance.now() - started) / 1000,
        ...error,
      });
    } catch (error) {
      // The row stays `running`; its lease runs out and the reconciler takes it back.
      emit(error instanceof LeaseLostError ? { type: 'lost', job } : { type: 'crashed', job, error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns nothing when the lease is gone */
  async function attempt(entry: Held): Promise<Outcome | undefined> {
    const { job, controller } = entry;
    const handler = options.handlers[job.kind];
    try {
      if (!handler) throw new Error(`no handler for ${job.kind}`);
      return await handler(job, {
        signal: controller.signal,
        async progress(percent, stage) {
          entry.writing += 1;
          await store
            .transaction((tx) => reportProgress(tx, job, percent, stage))
            .finally(() => {
              entry.writing -= 1;
            });
        },
      });
    } catch (thrown) {
      const error = controller.signal.aborted ? controller.signal.reason : thrown;
      if (error instanceof LeaseLostError) return undefined;
      if (error instanceof CancelledError) return { state: 'cancelled' };
      if (!(error instanceof AppError)) emit({ type: 'crashed', job, error });
      return failed(
        job,
        error instanceof AppError ? error : fail('job-crashed', { kind: job.kind }, { cause: error }),
      );
    }
  }

  /** Writes the outcome down; while the database is away it waits, as the work is done and must not be lost. */
  async function settle(job: ClaimedJob, outcome: Outcome): Promise<Outcome['state']> {
    const write = (tx: Tx) => finish(tx, job, outcome, options.onEnded);
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.transaction(write);
      } catch (error) {
        const away = error instanceof AppError && error.code === 'database-unavailable';
        if (!away || tries > 20 || stopping.signal.aborted) throw error;
        await pause(backoffMs(tries, Math.random(), 100, 2_000));
      }
    }
  }

  return {
    inFlight: () => held.size,
    async stop(graceMs) {
      stopping.abort();
      wake();
      unsubscribe();
      await Promise.all([claiming, beating, reconciling]);
      const all = Promise.all([...held.values()].map((entry) => entry.done));
      const finished = new AbortController();
      await Promise.race([all, sleep(graceMs, finished.signal).catch(() => {})]);
      // A timer that is left would keep the process for the rest of the grace time.
      finished.abort();
      if (held.size === 0) return;
      await handBack(
        store,
        [...held.values()].map((entry) => entry.job),
      );
      for (const entry of held.values()) entry.controller.abort(new LeaseLostError('the worker stops'));
    },
  };
}

/** A retryable failure goes back to the queue while there are attempts left. */
function failed(job: ClaimedJob, error: AppError): Outcome {
  const stored = toStoredError(error);
  if (!error.retryable || job.attempts + 1 >= job.attemptsMax) return { state: 'failed', error: stored };
  const waitMs = Math.max(backoffMs(job.attempts + 1, Math.random()), (error.retryAfterSeconds ?? 0) * 1000);
  return { state: 'queued', afterMs: waitMs, error: stored };
}

/** Gives jobs that could not finish in the grace time to the next worker, without waiting for their leases. */
async function handBack(store: Store, jobs: ClaimedJob[]): Promise<void> {
  await store.transaction(async (tx) => {
    for (const job of jobs) {
      const row = await tx.sql
        .updateTable('jobs')
        .set({
          state: 'queued',
          lease_owner: null,
          lease_expires_at: null,
          run_at: new Date(),
          fence: job.fence + 1,
        })
        .where('id', '=', job.id)
        .where('fence', '=', job.fence)
        .where('state', '=', 'running')
        .returning('id')
        .executeTakeFirst();
      if (row) await appendEvent(tx, { subject: 'jobs', subjectId: job.id, type: 'handed-back', data: {} });
    }
    tx.jobsDue = true;
  });
}

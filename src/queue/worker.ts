import type { StoredError } from '../lib/app-error.ts';
import { backoffMs, sleep } from '../lib/retry.ts';
import type { Store } from '../store/db.ts';
import { attempt, type JobControl, type JobHandler, type LogLine } from './attempt.ts';
import { type ClaimedJob, claim } from './claim.ts';
import type { Engine, Seat } from './engines/types.ts';
import { CancelledError, LeaseLostError } from './errors.ts';
import { handBack, type OnEnded, type Outcome, reportProgress } from './finish.ts';
import { type JobKind, type Lane, lanes } from './kinds.ts';
import { heartbeat } from './lease.ts';
import { reconcile } from './reconcile.ts';
import { createSettler, type KeepLog, type KeptLine } from './settle.ts';

export type { JobControl, JobHandler };

export interface WorkerOptions {
  store: Store;
  engine: Engine;
  /** Unique to the process, for people who read the rows. */
  name: string;
  lane: Lane;
  /** Of the lane's kinds. */
  handlers: Partial<Record<JobKind, JobHandler>>;
  onEnded: OnEnded;
  leaseSeconds: number;
  concurrency: number;
  /** Whether it takes jobs back from workers that fell silent; one of a process is enough. */
  reconciles?: boolean;
  /** Backstop for wake-ups that were missed, and for jobs that fall due. Milliseconds. */
  pollMs?: number;
  onEvent?: (event: WorkerEvent) => void;
  /** Keeps lines that handlers wrote about their jobs; in the transaction in which an attempt ends, where it does. */
  keepLog?: KeepLog;
}

/** For logs and metrics; the queue itself keeps silent. */
export type WorkerEvent =
  | { type: 'started'; job: ClaimedJob }
  | { type: 'lost'; job: ClaimedJob }
  | { type: 'finished'; job: ClaimedJob; state: Outcome['state']; seconds: number; error?: StoredError }
  /** A handler failed for a reason that is ours to mend. */
  | { type: 'crashed'; job: ClaimedJob; error: unknown }
  /** How the job ended could not be written down: its lease runs out. */
  | { type: 'unsettled'; job: ClaimedJob; error: unknown }
  /** A job could not be taken back from a worker that fell silent. */
  | { type: 'stuck'; job: { id: string; kind: string }; error: unknown }
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
  /** Its handler has come to an end, which is being written down: its place is free. */
  ended: boolean;
  /** Writes of our own under way: their wake-ups say nothing new. */
  writing: number;
  done: Promise<void>;
  unsubscribe: () => void;
}

/** How often at least workers that fell silent are looked for. */
const reconcileMsMax = 2_000;

/** Endings that are not written down yet, for each place; with more the worker takes nothing new. */
const endingsPerPlace = 4;

/** Claims and runs jobs of one lane until it is stopped. A fault of the database is waited out; it never ends the loop. */
export function startWorker(options: WorkerOptions): Worker {
  const { store, leaseSeconds, concurrency } = options;
  const lane = lanes[options.lane];
  const kinds = Object.keys(options.handlers) as JobKind[];
  const held = new Map<string, Held>();
  const emit = options.onEvent ?? (() => {});
  const stopping = new AbortController();
  const stopped = new AbortController();
  let wake: () => void = () => {};
  let looking: PromiseWithResolvers<void> = Promise.withResolvers();
  let busy = false;
  let turnsFirst = false;
  let timedDue = false;
  /** Something may be due that no look has found yet. */
  let due = true;
  const seat: Seat = options.engine.join({
    kinds,
    wake() {
      due = true;
      const hasPlace = freePlaces() > 0;
      if (!hasPlace) noteBusy(true);
      wake();
      return hasPlace && !stopping.signal.aborted;
    },
    looked: () => looking.promise,
  });
  const settler = createSettler({
    store,
    onEnded: options.onEnded,
    isStopping: () => stopping.signal.aborted,
    onCrash: (job, error) => emit({ type: 'crashed', job, error }),
    keepLog: options.keepLog ?? null,
    onTrouble: (error) => emit({ type: 'trouble', error }),
    pause,
  });

  const claiming = loop(async () => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const limit = freePlaces();
    if (limit > 0 && due && (await look(limit))) return;
    await woken;
  });
  const polling = setInterval(() => {
    due = true;
    wake();
  }, options.pollMs ?? 500);
  // Goes on while jobs are in hand, through the grace time too.
  const beating = loop(async () => {
    await sleep((leaseSeconds * 1000) / 3, stopped.signal).catch(() => {});
    if (!stopped.signal.aborted) await beat();
  }, stopped.signal);
  const reconciling = loop(async () => {
    if (options.reconciles === false) return pause(reconcileMsMax * 10);
    const taken = await reconcile(store, options.onEnded, (job, error) =>
      emit({ type: 'stuck', job, error }),
    );
    if (taken.count > 0) emit({ type: 'reconciled', count: taken.count });
    if (!taken.more) await pause(Math.min(reconcileMsMax, Math.max(500, (leaseSeconds * 1000) / 3)));
  });

  /**
   * Takes due jobs.
   * @returns whether to look again at once
   */
  async function look(limit: number): Promise<boolean> {
    due = false;
    turnsFirst = !turnsFirst;
    try {
      const claimed = await claim(store, {
        ...{ lane, kinds, leaseSeconds, limit, turnsFirst },
        onlyTurns: !timedDue,
        worker: options.name,
      });
      const { jobs, more, left } = claimed;
      ({ timedDue } = claimed);
      if (left) due = true;
      for (const job of jobs) hold(job);
      looking.resolve();
      looking = Promise.withResolvers();
      noteBusy(due && freePlaces() === 0);
      return more;
    } catch (error) {
      due = true;
      throw error;
    }
  }

  /** Repeats `turn` until the signal; after a fault it waits, longer each time. */
  async function loop(turn: () => Promise<void>, until = stopping.signal): Promise<void> {
    for (let faults = 0; !until.aborted; ) {
      try {
        await turn();
        faults = 0;
      } catch (error) {
        if (until.aborted) return;
        faults += 1;
        emit({ type: 'trouble', error });
        await sleep(backoffMs(faults, Math.random(), 100, 5_000), until).catch(() => {});
      }
    }
  }

  /** A busy worker has no place and looks by itself when it has one; until then there is something for others. */
  function noteBusy(isBusy: boolean): void {
    if (busy === isBusy) return;
    busy = isBusy;
    seat.setBusy(busy);
    if (busy) seat.passOn();
  }

  function freePlaces(): number {
    let running = 0;
    for (const entry of held.values()) if (!entry.ended) running += 1;
    return held.size - running > concurrency * endingsPerPlace ? 0 : concurrency - running;
  }

  function pause(ms: number): Promise<void> {
    return sleep(ms, stopping.signal).catch(() => {});
  }

  function hold(job: ClaimedJob): void {
    const entry: Held = {
      job,
      controller: new AbortController(),
      ended: false,
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
      leaseSeconds,
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
    const log = createJobLog(job);
    try {
      const outcome = await attempt({
        job,
        handler: options.handlers[job.kind],
        controller,
        control: { progress: (percent, stage) => noteProgress(entry, percent, stage), log: log.add },
        onCrash: (error) => emit({ type: 'crashed', job, error }),
      });
      const seconds = (performance.now() - started) / 1000;
      entry.ended = true;
      entry.writing += 1;
      wake();
      if (!outcome) {
        await log.flush();
        return emit({ type: 'lost', job });
      }
      const state = await settler.settle(job, outcome, log.take());
      const error = 'error' in outcome && state === outcome.state ? { error: outcome.error } : {};
      emit({ type: 'finished', job, state, seconds, ...error });
    } catch (error) {
      // The row stays `running`; its lease runs out and the reconciler takes it back.
      emit(error instanceof LeaseLostError ? { type: 'lost', job } : { type: 'unsettled', job, error });
    }
  }

  async function noteProgress(entry: Held, percent: number, stage: string): Promise<void> {
    entry.writing += 1;
    try {
      await store.transaction((tx) => reportProgress(tx, entry.job, percent, stage));
    } finally {
      entry.writing -= 1;
    }
  }

  /** Lines are kept as the attempt ends, and what is written meanwhile once a second. */
  function createJobLog(job: ClaimedJob) {
    let lines: KeptLine[] = [];
    let timer: NodeJS.Timeout | undefined;
    function take(): KeptLine[] {
      clearTimeout(timer);
      timer = undefined;
      const batch = lines;
      lines = [];
      return batch;
    }
    async function flush(): Promise<void> {
      const batch = take();
      const { keepLog } = options;
      if (!keepLog || batch.length === 0) return;
      // A log that cannot be kept is no reason to lose the work.
      await store
        .transaction((tx) => keepLog(tx, job, batch))
        .catch((error) => emit({ type: 'trouble', error }));
    }
    return {
      ...{ take, flush },
      add(level: LogLine['level'], message: string, data?: Record<string, unknown>) {
        lines.push({ at: new Date(), level, message, ...(data ? { data } : {}) });
        timer ??= setTimeout(flush, 1_000);
      },
    };
  }

  return {
    inFlight: () => held.size,
    async stop(graceMs) {
      stopping.abort();
      clearInterval(polling);
      wake();
      looking.resolve();
      await seat.leave();
      await Promise.all([claiming, reconciling]);
      const all = Promise.all([...held.values()].map((entry) => entry.done));
      const finished = new AbortController();
      await Promise.race([all, sleep(graceMs, finished.signal).catch(() => {})]);
      // A timer that is left would keep the process for the rest of the grace time.
      finished.abort();
      stopped.abort();
      await beating;
      if (held.size === 0) return;
      const rest = [...held.values()];
      const jobs = rest.map((entry) => entry.job);
      await store.transaction((tx) => handBack(tx, jobs, options.onEnded));
      for (const entry of rest) entry.controller.abort(new LeaseLostError('the worker stops'));
    },
  };
}

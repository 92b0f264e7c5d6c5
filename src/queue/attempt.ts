import { AppError, toStoredError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { backoffMs } from '../lib/retry.ts';
import type { ClaimedJob } from './claim.ts';
import { CancelledError, fail, LeaseLostError } from './errors.ts';
import type { Outcome } from './finish.ts';
import { kinds } from './kinds.ts';

/** A line of a job's own log, for the person who asked for the job. */
export interface LogLine {
  level: 'info' | 'warn' | 'error';
  message: string;
  data?: Record<string, unknown>;
}

/** What a handler gets besides its job. */
export interface JobControl {
  /** Aborted by a cancel, a lost lease, the time limit, and the end of the process's grace time. */
  signal: AbortSignal;
  /** Notes how far it is, 0–100. */
  progress(percent: number, stage: string): Promise<void>;
  /** Keeps a line with the job. Never a secret. */
  log(level: LogLine['level'], message: string, data?: Record<string, unknown>): void;
}

/** Does the work of one kind. A thrown AppError fails the job, or queues it again when it is retryable. */
export type JobHandler = (job: ClaimedJob, control: JobControl) => Promise<Outcome>;

/**
 * Runs a handler to its outcome. One that does not stop when it is told to is left behind: its attempt ends without it,
 * and what it writes later is fenced off.
 *
 * @param options.onCrash gets errors that are ours to mend
 * @returns nothing when the lease is gone
 */
export async function attempt(options: {
  job: ClaimedJob;
  handler: JobHandler | undefined;
  controller: AbortController;
  control: Omit<JobControl, 'signal'>;
  onCrash: (error: unknown) => void;
}): Promise<Outcome | undefined> {
  const { job, handler, controller } = options;
  const { signal } = controller;
  const seconds = kinds[job.kind].secondsMax;
  const limit = setTimeout(
    () => controller.abort(fail('job-timeout', { kind: job.kind, seconds })),
    seconds * 1000,
  );
  const deaf = whenDeaf(signal);
  try {
    if (!handler) throw new Error(`no handler for ${job.kind}`);
    return await Promise.race([handler(job, { ...options.control, signal }), deaf.promise]);
  } catch (thrown) {
    const error = signal.aborted ? signal.reason : thrown;
    if (error instanceof LeaseLostError) return undefined;
    if (error instanceof CancelledError) return { state: 'cancelled' };
    if (!(error instanceof AppError)) options.onCrash(error);
    return toFailure(
      job,
      error instanceof AppError ? error : fail('job-crashed', { kind: job.kind }, { cause: error }),
    );
  } finally {
    clearTimeout(limit);
    deaf.stop();
  }
}

/** Rejects some seconds after the signal, for handlers that do not listen to it. */
function whenDeaf(signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let listener: () => void = () => {};
  const promise = new Promise<never>((_, reject) => {
    listener = () => {
      timer = setTimeout(() => reject(signal.reason), limits.jobAbortSeconds * 1000);
    };
    signal.addEventListener('abort', listener, { once: true });
  });
  promise.catch(() => {});
  return {
    promise,
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', listener);
    },
  };
}

/** A retryable failure goes back to the queue while there are attempts left. */
export function toFailure(job: ClaimedJob, error: AppError): Outcome {
  const stored = toStoredError(error);
  if (!error.retryable || job.attempts + 1 >= job.attemptsMax) return { state: 'failed', error: stored };
  const afterMs = Math.max(backoffMs(job.attempts + 1, Math.random()), (error.retryAfterSeconds ?? 0) * 1000);
  return { state: 'queued', afterMs, error: stored };
}

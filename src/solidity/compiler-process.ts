import type { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { type CompilerChild, type RawOutput, startChild } from './compiler-child.ts';
import { fail } from './errors.ts';
import type { CompilerFile, FailureKind, ProcessConfig } from './process/messages.ts';

/** A job is sent again once when the process dies under it: the culprit may have been its neighbour. */
const attemptsMax = 2;
/** A compile that is cancelled gets so long to end by itself: a thread that is killed has to warm up again. */
const cancelGraceMs = 300;
/** A process that ended without an answer is started again after this at first, and after twice as long each time. */
const restartPauseMs = { first: 500, most: 30_000 };

interface Job {
  id: number;
  compiler: CompilerFile;
  input: Uint8Array;
  attempts: number;
  signal: AbortSignal | undefined;
  settle: (result: RawOutput | Error) => void;
}

export type ProcessOptions = Omit<ProcessConfig, 'outputBytesMax' | 'compilersMax' | 'threadsMax'> & {
  /** Folders that the process may read compilers from, beside the bundled ones. */
  folders: readonly string[];
  /** What the process may hold after a compile before a fresh one takes its place. */
  processBytesMax: number;
};

export interface CompilerProcess {
  /** Runs a compiler over standard JSON. @throws AppError `compiler-…`, or the signal's reason */
  run(
    job: { compiler: CompilerFile; input: Uint8Array },
    signal?: AbortSignal | undefined,
  ): Promise<RawOutput>;
  processId(): number | undefined;
  /** Bytes that the process held after its last answer. */
  rssBytes(): number;
  /** Why the process is not well; nothing when it is. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/**
 * Starts the isolated compiler process and keeps one running: when it dies it is started again, and when it has grown
 * too large it is replaced by a fresh one that is ready before the old one goes.
 *
 * @throws AppError `compiler-unavailable` when it does not come up the first time
 */
export async function startCompilerProcess(options: ProcessOptions): Promise<CompilerProcess> {
  const { folders, processBytesMax, ...rest } = options;
  const config: ProcessConfig = {
    ...rest,
    threadsMax: options.threads + 1,
    compilersMax: limits.compilersHeldMax,
    outputBytesMax: limits.compilerOutputBytesMax,
  };
  let running: CompilerChild | undefined;
  let successor: CompilerChild | undefined;
  let lastProblem: string | undefined;
  let rssBytes = 0;
  let closed = false;
  let restart: NodeJS.Timeout | undefined;
  let pauseMs = restartPauseMs.first;
  let nextId = 1;
  /** Jobs that a process has in hand, by its child. */
  const inHand = new Map<CompilerChild, Map<number, Job>>();

  running = start();
  try {
    await running.ready;
  } catch (error) {
    closed = true;
    throw error;
  }

  return {
    run,
    close,
    processId: () => running?.processId,
    rssBytes: () => rssBytes,
    problem: () => (running ? undefined : (lastProblem ?? 'not running')),
  };

  function run(
    { compiler, input }: { compiler: CompilerFile; input: Uint8Array },
    signal?: AbortSignal | undefined,
  ): Promise<RawOutput> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (closed) return reject(closedError());
      const job: Job = { id: nextId++, compiler, input, attempts: 0, signal, settle };
      let grace: NodeJS.Timeout | undefined;
      signal?.addEventListener('abort', aborted, { once: true });
      send(job);

      function settle(result: RawOutput | Error) {
        clearTimeout(grace);
        signal?.removeEventListener('abort', aborted);
        if (signal?.aborted) reject(signal.reason);
        else if (result instanceof Error) reject(result);
        else resolve(result);
      }
      // It has its place until the compiler has let go of it: nobody else would find a free thread.
      function aborted() {
        grace = setTimeout(() => {
          const child = [...inHand].find(([, jobs]) => jobs.has(job.id))?.[0];
          if (child) child.cancel(job.id);
          else settle(closedError());
        }, cancelGraceMs);
      }
    });
  }

  function send(job: Job): void {
    running ??= start();
    clearTimeout(restart);
    job.attempts++;
    inHand.get(running)?.set(job.id, job);
    running.send(job);
  }

  function start(): CompilerChild {
    const jobs = new Map<number, Job>();
    let hasAnswered = false;
    const own = startChild(config, folders, {
      onAnswer(id, answer) {
        const job = jobs.get(id);
        if (!job) throw new Error('an answer to no question');
        jobs.delete(id);
        if ('kind' in answer) job.settle(failure(config, answer.kind, answer.detail));
        else if (!answer.compilerLong.startsWith(`${job.compiler.version}+`)) {
          const detail = `${job.compiler.version} calls itself ${answer.compilerLong}`;
          job.settle(fail('compiler-crashed', { detail }));
        } else {
          lastProblem = undefined;
          pauseMs = restartPauseMs.first;
          hasAnswered = true;
          rssBytes = answer.rssBytes;
          job.settle(answer);
        }
        if (own !== running) endIfIdle(own);
        else if (rssBytes > processBytesMax) replace(own);
      },
      onEnd(detail, wasReady) {
        lastProblem = detail;
        inHand.delete(own);
        if (own === successor) successor = undefined;
        if (running === own) running = closed || !wasReady ? undefined : startAgain(hasAnswered);
        const again: Job[] = [];
        for (const job of jobs.values()) {
          if (closed || job.signal?.aborted) job.settle(closedError());
          else if (job.attempts < attemptsMax) again.push(job);
          else job.settle(fail('compiler-crashed', { detail }));
        }
        for (const job of again) send(job);
      },
    });
    inHand.set(own, jobs);
    return own;
  }

  /**
   * Up again at once after one that worked; after one that never gave an answer in a while, or as soon as there is work.
   * (One that could not even start is tried again only when there is work.)
   */
  function startAgain(hasAnswered: boolean): CompilerChild | undefined {
    if (hasAnswered) return start();
    clearTimeout(restart);
    restart = setTimeout(() => {
      running ??= start();
    }, pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, restartPauseMs.most);
    return undefined;
  }

  /** A fresh process takes over as soon as it is ready; the old one ends when it has nothing in hand any more. */
  function replace(old: CompilerChild): void {
    if (successor || closed) return;
    const fresh = start();
    successor = fresh;
    fresh.ready.then(
      () => {
        successor = undefined;
        if (closed || running !== old) return fresh.kill();
        running = fresh;
        endIfIdle(old);
      },
      // It says in `onEnd` why; the old one goes on.
      () => {},
    );
  }

  function endIfIdle(child: CompilerChild): void {
    if (child !== successor && inHand.get(child)?.size === 0) child.kill();
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(restart);
    await Promise.all([...inHand.keys()].map((child) => child.close()));
  }
}

/** Retryable: another worker can do the job. */
function closedError(): AppError {
  return fail('compiler-unavailable', { detail: 'it was closed' });
}

function failure(config: ProcessConfig, kind: FailureKind, detail: string): AppError {
  const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
  if (kind === 'timeout') return fail('compiler-timeout', { seconds: config.compileSeconds });
  if (kind === 'memory') return fail('compiler-memory', { megabytes: megabytes(config.memoryBytesMax) });
  if (kind === 'output') {
    return fail('compiler-output-too-large', { megabytes: megabytes(config.outputBytesMax) });
  }
  return fail('compiler-crashed', { detail });
}

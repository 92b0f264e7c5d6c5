import { type ChildProcess, spawn } from 'node:child_process';
import type { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import { compilerFiles, isolationFlags, processScript } from './isolation.ts';
import { encodeFrame, type Frame, frameReader } from './process/frames.ts';
import type { FailureKind, FromProcess, ProcessConfig, ToProcess } from './process/messages.ts';

/** Seconds that the process may be late with a time-out of its own before it is killed as a whole. */
const graceSeconds = 5;
/** A job is sent again once when the process dies under it: the culprit may have been its neighbour. */
const attemptsMax = 2;

/** The raw answer of one run. `output` is the compiler's standard JSON. */
export interface RawOutput {
  output: Uint8Array;
  compilerLong: string;
  compileMs: number;
}

interface Job {
  id: number;
  version: string;
  input: Uint8Array;
  attempts: number;
  settle: (result: RawOutput | Error) => void;
  timer?: NodeJS.Timeout;
}

interface Running {
  child: ChildProcess;
  /** Resolves when the process answers, rejects when it ends before that. */
  ready: Promise<void>;
  jobs: Map<number, Job>;
}

export interface ProcessOptions {
  workers: number;
  idleSeconds: number;
  compileSeconds: number;
  memoryBytesMax: number;
}

export interface CompilerProcess {
  /** Queues one run of a compiler over standard JSON. @throws AppError `compiler-…`, or the signal's reason */
  run(version: string, input: Uint8Array, signal?: AbortSignal): Promise<RawOutput>;
  processId(): number | undefined;
  /** Why the process is not well; nothing when it is. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/**
 * Starts the isolated compiler process and keeps one running: when it dies it is started again. What it writes is
 * read as hostile: bytes that are no frames, and frames that answer nothing, end the process, never the service.
 *
 * @throws AppError `compiler-unavailable` when it does not come up the first time
 */
export async function startCompilerProcess(options: ProcessOptions): Promise<CompilerProcess> {
  let running: Running | undefined;
  let lastProblem: string | undefined;
  let closed = false;
  let nextId = 1;
  const queue: Job[] = [];

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
    processId: () => running?.child.pid,
    problem: () => (running ? undefined : (lastProblem ?? 'not running')),
  };

  function run(version: string, input: Uint8Array, signal?: AbortSignal): Promise<RawOutput> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (closed) return reject(closedError());
      const job: Job = { id: nextId++, version, input, attempts: 0, settle };
      signal?.addEventListener('abort', aborted, { once: true });
      queue.push(job);
      pump();

      function settle(result: RawOutput | Error) {
        signal?.removeEventListener('abort', aborted);
        if (result instanceof Error) reject(result);
        else resolve(result);
      }
      function aborted() {
        const index = queue.indexOf(job);
        if (index >= 0) queue.splice(index, 1);
        else if (running?.jobs.has(job.id)) write(running, { type: 'cancel', id: job.id });
        reject(signal?.reason);
      }
    });
  }

  /** Hands over as many jobs as there are threads; the rest waits here, where a crash does not reach it. */
  function pump(): void {
    if (closed || queue.length === 0) return;
    running ??= start();
    while (running.jobs.size < options.workers) {
      const job = queue.shift();
      if (!job) return;
      send(running, job);
    }
  }

  function send(to: Running, job: Job): void {
    job.attempts++;
    to.jobs.set(job.id, job);
    job.timer = setTimeout(() => kill(to.child), (options.compileSeconds + graceSeconds) * 1_000);
    write(to, { type: 'compile', id: job.id, version: job.version }, job.input);
  }

  function start(): Running {
    const child = spawnProcess(options);
    const jobs = new Map<number, Job>();
    const stderr: string[] = [];
    const ready = Promise.withResolvers<void>();
    let wasReady = false;
    // Only the first start has somebody who waits for it.
    ready.promise.catch(() => {});
    const own: Running = { child, jobs, ready: ready.promise };
    const read = frameReader(limits.compilerOutputBytesMax + 65_536, (frame) => {
      receive(own, frame, () => {
        wasReady = true;
        ready.resolve();
      });
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        stderr.push(`unreadable answer: ${error}`);
        kill(child);
      }
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 20) stderr.push(chunk.toString('utf8').slice(0, 1_000));
    });
    // Writing to a process that just died raises these; its exit says the rest.
    child.stdin?.on('error', () => {});
    child.stdout?.on('error', () => {});
    child.once('error', (error) => ended(String(error)));
    child.once('close', (code, signal) => ended(stderr.join('').trim() || `exit ${signal ?? code}`));
    return own;

    function ended(detail: string) {
      lastProblem = detail.slice(0, 500);
      ready.reject(fail('compiler-unavailable', { detail: lastProblem }));
      // Up again at once; but one that could not even start is tried again only when there is work.
      if (running === own) running = wasReady && !closed ? start() : undefined;
      const lost = [...jobs.values()];
      jobs.clear();
      for (const job of lost) {
        clearTimeout(job.timer);
        if (closed) job.settle(closedError());
        else if (job.attempts < attemptsMax) queue.unshift(job);
        else job.settle(fail('compiler-crashed', { detail: lastProblem }));
      }
      pump();
    }
  }

  function receive(from: Running, frame: Frame, onReady: () => void): void {
    const message = frame.header as FromProcess;
    if (message.type === 'ready') {
      onReady();
      return;
    }
    const job = from.jobs.get(message.id);
    if (!job) throw new Error('an answer to no question');
    from.jobs.delete(message.id);
    clearTimeout(job.timer);
    if (message.type === 'done') {
      lastProblem = undefined;
      job.settle({ output: frame.payload, compilerLong: message.compilerLong, compileMs: message.compileMs });
    } else {
      job.settle(failure(options, message.kind, message.detail));
    }
    pump();
  }

  async function close(): Promise<void> {
    closed = true;
    for (const job of queue.splice(0)) job.settle(closedError());
    const child = running?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin?.end();
    kill(child);
    await ended;
  }
}

/** Retryable: another worker can do the job. */
function closedError(): AppError {
  return fail('compiler-unavailable', { detail: 'it was closed' });
}

function spawnProcess(options: ProcessOptions): ChildProcess {
  const config: ProcessConfig = {
    ...options,
    compilers: compilerFiles(),
    outputBytesMax: limits.compilerOutputBytesMax,
  };
  return spawn(
    process.execPath,
    [...isolationFlags(), '--title=slipway-compiler', processScript, JSON.stringify(config)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
      // A process group of its own: a Ctrl-C in the terminal is the service's to answer, and a kill takes all of it.
      detached: true,
    },
  );
}

function write(to: Running, message: ToProcess, payload?: Uint8Array): void {
  for (const piece of encodeFrame(message, payload)) to.child.stdin?.write(piece);
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function failure(options: ProcessOptions, kind: FailureKind, detail: string): AppError {
  const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
  if (kind === 'timeout') return fail('compiler-timeout', { seconds: options.compileSeconds });
  if (kind === 'memory') return fail('compiler-memory', { megabytes: megabytes(options.memoryBytesMax) });
  if (kind === 'output') {
    return fail('compiler-output-too-large', { megabytes: megabytes(limits.compilerOutputBytesMax) });
  }
  return fail('compiler-crashed', { detail });
}

import { spawn } from 'node:child_process';

/** Seconds of processor time beyond the time limit, for the limit that the kernel keeps. */
const graceSeconds = 5;

/** What is run, and how far it may go. */
export interface LimitedRun {
  /** Absolute path of the program. */
  path: string;
  words: readonly string[];
  cwd: string;
  /** All of its environment: nothing of ours is added. */
  env: Readonly<Record<string, string>>;
  input?: Uint8Array;
  seconds: number;
  /** Of its standard output. */
  bytesMax: number;
  /** Of its address space; null for a program that reserves much more than it uses. */
  addressBytesMax: number | null;
  /** Called once with its id, which is also the id of its process group. */
  onStart?: (processId: number) => void;
  signal?: AbortSignal | undefined;
}

/** How it ended. */
export interface LimitedEnd {
  /** The exit status, or the signal that ended it. */
  code: number | string;
  output: Buffer;
  /** The beginning of its standard error. */
  errors: string;
  /** The limit that it was killed for. */
  fault: 'time' | 'output' | null;
}

/** What is left to read after its end is here within this. */
const drainMs = 2_000;
/** Characters of standard error that are kept. */
const errorsMax = 4_000;

/**
 * Runs a program in a process group of its own, which is killed as a whole past the limits. The address space and the
 * processor time are limited by the shell's `ulimit`, as Node cannot set a child's limits.
 *
 * @throws Error when it cannot be started
 */
export function runLimited(options: LimitedRun): Promise<LimitedEnd> {
  const { signal, addressBytesMax } = options;
  const kilobytes = addressBytesMax === null ? 'unlimited' : String(Math.floor(addressBytesMax / 1_024));
  // The limit on processor time holds where this process is gone and its timer with it.
  const script = 'ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@"';
  const numbers = [kilobytes, String(Math.ceil(options.seconds) + graceSeconds)];
  const limited = ['-c', script, 'limited', ...numbers, options.path, ...options.words];
  const child = spawn('/bin/sh', limited, { cwd: options.cwd, env: { ...options.env }, detached: true });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let errors = '';
    let fault: LimitedEnd['fault'] = null;
    const kill = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      fault = 'time';
      kill();
    }, options.seconds * 1_000);
    signal?.addEventListener('abort', kill, { once: true });
    // Registered first: where there are no descriptors left, there are no streams either.
    child.once('error', (error) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      reject(error);
    });
    child.once('spawn', () => {
      if (child.pid !== undefined) options.onStart?.(child.pid);
      if (signal?.aborted) kill();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= options.bytesMax) return chunks.push(chunk);
      fault = 'output';
      kill();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (errors.length < errorsMax) errors += chunk.toString('utf8').slice(0, errorsMax);
    });
    // It may end before it has read everything; its exit says the rest.
    child.stdin?.on('error', () => {});
    // What it started and left behind ends with it; what left its group too has to let go of its streams.
    let drain: NodeJS.Timeout | undefined;
    child.once('exit', () => {
      clearTimeout(timer);
      kill();
      drain = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, drainMs);
    });
    child.once('close', (code, by) => {
      clearTimeout(timer);
      clearTimeout(drain);
      signal?.removeEventListener('abort', kill);
      resolve({ code: code ?? by ?? 'unknown', output: Buffer.concat(chunks), errors, fault });
    });
    child.stdin?.end(options.input);
  });
}

/** SIGKILL of a whole process group; nothing where it is gone already. */
export function killGroup(processId: number): void {
  try {
    process.kill(-processId, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

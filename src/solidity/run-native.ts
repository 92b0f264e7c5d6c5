import { spawn } from 'node:child_process';
import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';

const versionSeconds = 10;
const graceSeconds = 5;

/** @returns the long version without the platform, e.g. `0.8.24+commit.e11b9ed9` @throws Error when it names none */
export async function readNativeVersion(options: {
  path: string;
  cwd: string;
  memoryBytesMax: number;
}): Promise<string> {
  const { output } = await run({
    ...options,
    words: ['--version'],
    seconds: versionSeconds,
    bytesMax: 4_096,
  });
  const version = /Version: (\d+\.\d+\.\d+\+commit\.[0-9a-f]{8})/.exec(output.toString('utf8'))?.[1];
  if (!version) throw new Error('it does not say which version it is');
  return version;
}

/**
 * Compiles standard JSON with a native compiler, in a process group of its own that is killed past the limits. The
 * address space is limited by the shell's `ulimit`, as Node cannot set a child's limits.
 *
 * @returns the standard JSON output
 * @throws AppError `compiler-timeout`, `compiler-memory`, `compiler-output-too-large`, `compiler-crashed`, or the
 *   signal's reason
 */
export async function runNative(options: {
  path: string;
  /** Empty: what it may read. */
  cwd: string;
  input: Uint8Array;
  compileSeconds: number;
  memoryBytesMax: number;
  signal?: AbortSignal | undefined;
}): Promise<Buffer> {
  const { path, cwd, input, compileSeconds, memoryBytesMax, signal } = options;
  const bytesMax = limits.compilerOutputBytesMax;
  const ended = await run({
    ...{ path, cwd, input, signal, memoryBytesMax, bytesMax },
    words: ['--standard-json'],
    seconds: compileSeconds,
  });
  if (signal?.aborted) throw signal.reason;
  const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
  if (ended.fault === 'time') throw fail('compiler-timeout', { seconds: compileSeconds });
  if (ended.fault === 'output') {
    throw fail('compiler-output-too-large', { megabytes: megabytes(bytesMax) });
  }
  if (ended.code === 0) return ended.output;
  if (/bad_alloc|out of memory|cannot allocate/i.test(ended.errors)) {
    throw fail('compiler-memory', { megabytes: megabytes(memoryBytesMax) });
  }
  throw fail('compiler-crashed', { detail: ended.errors.trim().slice(0, 500) || `exit ${ended.code}` });
}

interface Ended {
  code: number | string;
  output: Buffer;
  errors: string;
  fault: 'time' | 'output' | null;
}

function run(options: {
  path: string;
  cwd: string;
  words: string[];
  seconds: number;
  bytesMax: number;
  memoryBytesMax: number;
  input?: Uint8Array;
  signal?: AbortSignal | undefined;
}): Promise<Ended> {
  const { path, words, signal } = options;
  const kilobytes = Math.floor(options.memoryBytesMax / 1_024);
  // The limit on processor time holds where this process is gone and its timer with it.
  const script = 'ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@"';
  const numbers = [String(kilobytes), String(Math.ceil(options.seconds) + graceSeconds)];
  const limited = ['-c', script, 'solc', ...numbers, path, ...words];
  const child = spawn('/bin/sh', limited, { cwd: options.cwd, env: {}, detached: true });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let errors = '';
    let fault: Ended['fault'] = null;
    const kill = () => {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Already gone.
      }
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
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= options.bytesMax) return chunks.push(chunk);
      fault = 'output';
      kill();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (errors.length < 2_000) errors += chunk.toString('utf8');
    });
    // It may end before it has read everything; its exit says the rest.
    child.stdin?.on('error', () => {});
    child.once('close', (code, by) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      resolve({ code: code ?? by ?? 'unknown', output: Buffer.concat(chunks), errors, fault });
    });
    child.stdin?.end(options.input);
  });
}

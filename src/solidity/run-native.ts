import { limits } from '../lib/limits.ts';
import { runLimited } from '../lib/run-limited.ts';
import { fail } from './errors.ts';

const versionSeconds = 10;

/** @returns the long version without the platform, e.g. `0.8.24+commit.e11b9ed9` @throws Error when it names none */
export async function readNativeVersion(options: {
  path: string;
  cwd: string;
  memoryBytesMax: number;
}): Promise<string> {
  const { output } = await runLimited({
    path: options.path,
    words: ['--version'],
    cwd: options.cwd,
    env: {},
    seconds: versionSeconds,
    bytesMax: 4_096,
    addressBytesMax: options.memoryBytesMax,
  });
  const version = /Version: (\d+\.\d+\.\d+\+commit\.[0-9a-f]{8})/.exec(output.toString('utf8'))?.[1];
  if (!version) throw new Error('it does not say which version it is');
  return version;
}

/**
 * Compiles standard JSON with a native compiler, in a process group of its own that is killed past the limits.
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
  const ended = await runLimited({
    ...{ path, cwd, input, signal, bytesMax },
    env: {},
    words: ['--standard-json'],
    seconds: compileSeconds,
    addressBytesMax: memoryBytesMax,
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

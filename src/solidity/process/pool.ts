import { Worker } from 'node:worker_threads';
import type { Compilers } from './load-compilers.ts';
import type {
  CompilerFile,
  FailureKind,
  FromThread,
  LoadedCompiler,
  ProcessConfig,
  ToThread,
} from './messages.ts';

export type JobResult =
  | { ok: true; output: Uint8Array; compilerLong: string; compileMs: number }
  | { ok: false; kind: FailureKind; detail: string };

/** Compilers that one thread holds ready at a time. */
const compilersPerThreadMax = 2;

interface Thread {
  worker: Worker;
  /** The compilers it has, in order of use, the most recent last. */
  loaded: string[];
  job: { id: number; finish: (result: JobResult) => void } | undefined;
}

/** The warm threads of the compiler process. Whoever calls sends at most `threadsMax` jobs at a time. */
export function startPool(config: ProcessConfig, compilers: Compilers) {
  const threads = new Set<Thread>();
  // The others start when there is work for them: whoever compiles once waits for one thread only.
  addThread();
  setInterval(forgetIdle, config.idleSeconds * 1_000).unref();
  let usedSinceSweep = new Set<string>();
  /** Jobs whose compiler is still being read, and those of them that were cancelled. */
  const loading = new Set<number>();
  const cancelledEarly = new Set<number>();

  return { run, cancel };

  async function run(id: number, file: CompilerFile, input: Uint8Array<ArrayBuffer>): Promise<JobResult> {
    loading.add(id);
    try {
      const compiler = await compilers.load(file);
      if (cancelledEarly.delete(id)) return { ok: false, kind: 'cancelled', detail: 'cancelled' };
      usedSinceSweep.add(file.version);
      return await runOn(freeThread(file.version), { id, version: file.version, input, compiler });
    } finally {
      loading.delete(id);
      cancelledEarly.delete(id);
    }
  }

  /** One that used this compiler last, else one that has it, else any; one more when all are busy. */
  function freeThread(version: string): Thread {
    const idle = [...threads].filter((thread) => !thread.job);
    const found =
      idle.find((one) => one.loaded.at(-1) === version) ??
      idle.find((one) => one.loaded.includes(version)) ??
      idle[0];
    if (found) return found;
    if (threads.size >= config.threadsMax) throw new Error('no free compiler thread');
    return addThread();
  }

  function runOn(
    thread: Thread,
    job: { id: number; version: string; input: Uint8Array<ArrayBuffer>; compiler: LoadedCompiler },
  ): Promise<JobResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        end({ ok: false, kind: 'timeout', detail: `no answer in ${config.compileSeconds} s` });
      }, config.compileSeconds * 1_000);
      thread.job = { id: job.id, finish: end };
      hand(thread, job.version, job.compiler);
      post(thread, { type: 'compile', version: job.version, input: job.input }, [job.input.buffer]);

      function end(result: JobResult) {
        if (!thread.job) return;
        clearTimeout(timer);
        thread.job = undefined;
        if (!result.ok) replace(thread);
        resolve(result);
      }
    });
  }

  /** Gives the thread a compiler that it does not have; the one it has not used longest makes room. */
  function hand(thread: Thread, version: string, compiler: LoadedCompiler): void {
    const had = thread.loaded.includes(version);
    thread.loaded = [...thread.loaded.filter((one) => one !== version), version];
    if (had) return;
    const drop = thread.loaded.length > compilersPerThreadMax ? (thread.loaded.shift() ?? null) : null;
    post(thread, { type: 'load', version, compiler, drop });
  }

  function cancel(id: number): void {
    const thread = [...threads].find((one) => one.job?.id === id);
    if (thread) thread.job?.finish({ ok: false, kind: 'cancelled', detail: 'cancelled' });
    else if (loading.has(id)) cancelledEarly.add(id);
  }

  function addThread(): Thread {
    // The process may read nothing but its own files, and neither may its threads: the permission model is inherited.
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: { memoryBytesMax: config.memoryBytesMax },
      resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 1_024 },
      env: {},
      stdout: true,
      stderr: true,
    });
    const thread: Thread = { worker, loaded: [], job: undefined };
    threads.add(thread);
    worker.on('message', (message: FromThread) => receive(thread, message));
    worker.on('error', (error) => thread.job?.finish({ ok: false, kind: 'crashed', detail: String(error) }));
    worker.on('exit', () => {
      thread.job?.finish({ ok: false, kind: 'crashed', detail: 'the compiler thread ended' });
      replace(thread);
    });
    return thread;
  }

  function receive(thread: Thread, message: FromThread): void {
    if (message.type === 'memory') {
      thread.job?.finish({ ok: false, kind: 'memory', detail: `more than ${config.memoryBytesMax} bytes` });
    } else if (message.type === 'failed') {
      thread.job?.finish({ ok: false, kind: 'crashed', detail: message.detail });
    } else if (message.output.length > config.outputBytesMax) {
      thread.job?.finish({ ok: false, kind: 'output', detail: `${message.output.length} bytes of output` });
    } else {
      thread.job?.finish({ ok: true, ...message });
    }
  }

  /** Ends a thread that threw, hung or grew too big, and puts a fresh one in its place. */
  function replace(thread: Thread): void {
    if (!threads.delete(thread)) return;
    void thread.worker.terminate();
    if (threads.size < config.threads) addThread();
  }

  /** Gives back the memory of compilers nobody used lately: a thread that held them is exchanged for a fresh one. */
  function forgetIdle(): void {
    const idle = (version: string) => version !== config.first.version && !usedSinceSweep.has(version);
    for (const thread of [...threads]) {
      if (!thread.job && (threads.size > config.threads || thread.loaded.some(idle))) replace(thread);
    }
    compilers.forget(usedSinceSweep);
    usedSinceSweep = new Set();
  }
}

function post(thread: Thread, message: ToThread, transfer: ArrayBuffer[] = []): void {
  thread.worker.postMessage(message, transfer);
}

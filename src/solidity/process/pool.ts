import { Worker } from 'node:worker_threads';
import type { FailureKind, FromThread, LoadedCompiler, ProcessConfig, ToThread } from './messages.ts';

export type JobResult =
  | { ok: true; output: Uint8Array; compilerLong: string; compileMs: number }
  | { ok: false; kind: FailureKind; detail: string };

interface Thread {
  worker: Worker;
  loaded: Set<string>;
  lastUsed: string | undefined;
  job: { id: number; finish: (result: JobResult) => void } | undefined;
}

export interface Compilers {
  /** Reads and compiles it at first use. */
  load(version: string): Promise<LoadedCompiler>;
  unload(version: string): void;
}

/** The warm threads of the compiler process. Whoever calls sends at most `workers` jobs at a time. */
export function startPool(config: ProcessConfig, compilers: Compilers) {
  const newest = config.compilers[0]?.version ?? '';
  const threads = new Set<Thread>();
  for (let index = 0; index < config.workers; index++) addThread();
  setInterval(forgetIdle, config.idleSeconds * 1_000).unref();
  let usedSinceSweep = new Set<string>();
  /** Jobs cancelled while their compiler was still being read. */
  const cancelledEarly = new Set<number>();

  return { run, cancel };

  async function run(id: number, version: string, input: Uint8Array<ArrayBuffer>): Promise<JobResult> {
    const compiler = await compilers.load(version);
    if (cancelledEarly.delete(id)) return { ok: false, kind: 'cancelled', detail: 'cancelled' };
    const idle = [...threads].filter((thread) => !thread.job);
    const thread =
      idle.find((one) => one.lastUsed === version) ?? idle.find((one) => one.loaded.has(version)) ?? idle[0];
    if (!thread) return { ok: false, kind: 'crashed', detail: 'no free compiler thread' };
    usedSinceSweep.add(version);
    return await runOn(thread, { id, version, input, compiler });
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
      thread.lastUsed = job.version;
      if (!thread.loaded.has(job.version)) {
        thread.loaded.add(job.version);
        post(thread, { type: 'load', version: job.version, compiler: job.compiler });
      }
      post(thread, { type: 'compile', version: job.version, input: job.input }, [job.input.buffer]);

      function end(result: JobResult) {
        if (!thread.job) return;
        clearTimeout(timer);
        thread.job = undefined;
        if (!result.ok) replace(thread);
        cancelledEarly.delete(job.id);
        resolve(result);
      }
    });
  }

  function cancel(id: number): void {
    const thread = [...threads].find((one) => one.job?.id === id);
    if (thread) thread.job?.finish({ ok: false, kind: 'cancelled', detail: 'cancelled' });
    else cancelledEarly.add(id);
  }

  function addThread(): void {
    // The process may read nothing but its own files, and neither may its threads: the permission model is inherited.
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: { memoryBytesMax: config.memoryBytesMax },
      resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 1_024 },
      env: {},
      stdout: true,
      stderr: true,
    });
    const thread: Thread = { worker, loaded: new Set(), lastUsed: undefined, job: undefined };
    threads.add(thread);
    worker.on('message', (message: FromThread) => receive(thread, message));
    worker.on('error', (error) => thread.job?.finish({ ok: false, kind: 'crashed', detail: String(error) }));
    worker.on('exit', () => {
      thread.job?.finish({ ok: false, kind: 'crashed', detail: 'the compiler thread ended' });
      replace(thread);
    });
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
    addThread();
  }

  /** Gives back the memory of compilers nobody used lately: a thread that held them is exchanged for a fresh one. */
  function forgetIdle(): void {
    const idle = (version: string) => version !== newest && !usedSinceSweep.has(version);
    for (const thread of [...threads]) {
      if (!thread.job && [...thread.loaded].some(idle)) replace(thread);
    }
    for (const { version } of config.compilers) if (idle(version)) compilers.unload(version);
    usedSinceSweep = new Set();
  }
}

function post(thread: Thread, message: ToThread, transfer: ArrayBuffer[] = []): void {
  thread.worker.postMessage(message, transfer);
}

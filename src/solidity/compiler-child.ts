import { type ChildProcess, spawn } from 'node:child_process';
import { fail } from './errors.ts';
import { isolationFlags, processScript } from './isolation.ts';
import { encodeFrame, type Frame, frameReader } from './process/frames.ts';
import type { CompilerFile, FailureKind, FromProcess, ProcessConfig, ToProcess } from './process/messages.ts';

/** Seconds that the process may be late with a time-out of its own before it is killed as a whole. */
const graceSeconds = 5;

/** The raw answer of one run. `output` is the compiler's standard JSON. */
export interface RawOutput {
  output: Uint8Array;
  compilerLong: string;
  compileMs: number;
}

type Answer = (RawOutput & { rssBytes: number }) | { kind: FailureKind; detail: string };

/** One isolated process, from its start to its end. */
export interface CompilerChild {
  /** Resolves when the process answers; rejects with `compiler-unavailable` when it ends before that. */
  ready: Promise<void>;
  processId: number | undefined;
  send(job: { id: number; compiler: CompilerFile; input: Uint8Array }): void;
  cancel(id: number): void;
  /** SIGKILL of its whole group. */
  kill(): void;
  /** The same, and waits for the end. */
  close(): Promise<void>;
}

/**
 * Starts a compiler process under Node's permission model. What it writes is read as hostile: bytes that are no
 * frames, and frames that answer nothing, end the process, never the service.
 *
 * @param folders that it may read compilers from, beside the bundled ones
 * @param events.onEnd called once, with what is known of the reason and whether it had been ready
 */
export function startChild(
  config: ProcessConfig,
  folders: readonly string[],
  events: { onAnswer(id: number, answer: Answer): void; onEnd(detail: string, wasReady: boolean): void },
): CompilerChild {
  const child = spawnProcess(config, folders);
  const timers = new Map<number, NodeJS.Timeout>();
  const stderr: string[] = [];
  const ready = Promise.withResolvers<void>();
  let wasReady = false;
  let over = false;
  // Only the first start has somebody who waits for it.
  ready.promise.catch(() => {});
  const read = frameReader(config.outputBytesMax + 65_536, receive);
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

  function receive(frame: Frame): void {
    const message = frame.header as FromProcess;
    if (message.type === 'ready') {
      wasReady = true;
      ready.resolve();
      return;
    }
    clearTimeout(timers.get(message.id));
    timers.delete(message.id);
    if (message.type === 'failed') {
      events.onAnswer(message.id, message);
    } else {
      const { compilerLong, compileMs, rssBytes } = message;
      events.onAnswer(message.id, { output: frame.payload, compilerLong, compileMs, rssBytes });
    }
  }

  function ended(why: string): void {
    if (over) return;
    over = true;
    const detail = why.slice(0, 500);
    ready.reject(fail('compiler-unavailable', { detail }));
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    events.onEnd(detail, wasReady);
  }

  function write(message: ToProcess, payload?: Uint8Array): void {
    for (const piece of encodeFrame(message, payload)) child.stdin?.write(piece);
  }

  return {
    ready: ready.promise,
    processId: child.pid,
    send({ id, compiler, input }) {
      timers.set(
        id,
        setTimeout(() => kill(child), (config.compileSeconds + graceSeconds) * 1_000),
      );
      write({ type: 'compile', id, compiler }, input);
    },
    cancel: (id) => write({ type: 'cancel', id }),
    kill: () => kill(child),
    async close() {
      if (over) return;
      const end = new Promise((resolve) => child.once('close', resolve));
      child.stdin?.end();
      kill(child);
      await end;
    },
  };
}

function spawnProcess(config: ProcessConfig, folders: readonly string[]): ChildProcess {
  return spawn(
    process.execPath,
    [...isolationFlags(folders), '--title=slipway-compiler', processScript, JSON.stringify(config)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
      // A process group of its own: a Ctrl-C in the terminal is the service's to answer, and a kill takes all of it.
      detached: true,
    },
  );
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

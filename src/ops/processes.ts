import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** @returns true when a process with this id is there and is not a zombie */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return readStat(pid)?.state !== 'Z';
}

/**
 * The moment a process began, in clock ticks since boot (`/proc/<pid>/stat`, field 22): with the pid it names one
 * process for ever, where a pid alone is given to another process later.
 *
 * @returns null where there is no such process, or no `/proc` (not Linux)
 */
export function startTicks(pid: number): string | null {
  return readStat(pid)?.ticks ?? null;
}

/** @returns true when `pid` is alive and is still the process that had `ticks` (null: could not be known then) */
export function isSameProcess(pid: number, ticks: string | null): boolean {
  if (!isAlive(pid)) return false;
  const now = startTicks(pid);
  return ticks === null || now === null || now === ticks;
}

/** @returns the command line's words, or null where there is none to read */
export function commandLine(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return null;
  }
}

/** Waits until the process is gone. @returns false when it is still there after `ms` */
export async function waitForExit(pid: number, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (isAlive(pid)) {
    if (performance.now() >= end) return false;
    await wait(10);
  }
  return true;
}

/**
 * Asks a process to end, less politely at each step.
 *
 * @param steps signals in order, each with the milliseconds it gets
 * @returns the signal that ended it, null when it was gone already or would not go
 */
export async function stopProcess(
  pid: number,
  steps: readonly (readonly [NodeJS.Signals, number])[],
): Promise<NodeJS.Signals | null> {
  for (const [signal, ms] of steps) {
    if (!isAlive(pid)) return null;
    try {
      process.kill(pid, signal);
    } catch {
      return null;
    }
    if (await waitForExit(pid, ms)) return signal;
  }
  return null;
}

/**
 * Finds a TCP port on 127.0.0.1 that nobody listens on. Somebody may take it a moment later: callers try again.
 *
 * @param preferred returned when it is free
 */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer();
  const port = await new Promise<number | null>((resolve) => {
    server.once('error', () => resolve(null));
    server.listen({ host: '127.0.0.1', port: preferred, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : null);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port ?? freePort();
}

/** A process that is started again when it dies. `pid` is the present one. */
export interface Supervised {
  readonly pid: number;
  /** Ends the watching; the process itself is left as it is. Breaks off a restart that is under way and waits for it. */
  release(): Promise<void>;
}

/**
 * Watches a process that may not be our child (an adopted one), and starts it again when it dies.
 *
 * @param options.restart starts it anew and gives the new pid; when it throws it is tried again after a pause. Its
 *   signal is aborted by `release`
 */
export function supervise(options: {
  pid: number;
  restart: (signal: AbortSignal) => Promise<number>;
  onDeath: () => void;
  onFailure: (error: unknown) => void;
  everyMs?: number;
}): Supervised {
  let pid = options.pid;
  let restarting: Promise<void> | null = null;
  let failures = 0;
  let notBefore = 0;
  const released = new AbortController();

  const timer = setInterval(() => {
    if (restarting || performance.now() < notBefore || isAlive(pid)) return;
    if (failures === 0) options.onDeath();
    restarting = options
      .restart(released.signal)
      .then((next) => {
        pid = next;
        failures = 0;
      })
      .catch((error: unknown) => {
        if (released.signal.aborted) return;
        failures += 1;
        notBefore = performance.now() + Math.min(10_000, 250 * 2 ** failures);
        options.onFailure(error);
      })
      .finally(() => {
        restarting = null;
      });
  }, options.everyMs ?? 200);
  timer.unref();

  return {
    get pid() {
      return pid;
    },
    async release() {
      clearInterval(timer);
      released.abort();
      await restarting;
    },
  };
}

function readStat(pid: number): { state: string; ticks: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  return state && ticks ? { state, ticks } : null;
}

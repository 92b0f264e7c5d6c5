import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';

const logBytesMax = 5_242_880;

/** A server process that outlives us when we are killed. */
export interface Daemon {
  /** Undefined when the program could not be started. */
  pid: number | undefined;
  /** Why it is not running, in words, or null while it is. */
  ended(): string | null;
  /** Set when the program could not be started. */
  spawnError(): NodeJS.ErrnoException | null;
  /** The last lines it wrote since this start. */
  lastWords(): string;
}

/**
 * Starts a server program in a session of its own, its output in a log file. Ctrl-C in the terminal then reaches
 * only us, and we stop our servers in our own order; and when we are killed it lives on with somewhere to write to.
 *
 * @param options.log appended to; moved to `<log>.1` first when it has grown past 5 MB
 */
export function spawnDaemon(options: {
  program: string;
  words: string[];
  cwd: string;
  env: Record<string, string>;
  log: string;
  uid?: number;
  gid?: number;
}): Daemon {
  const logStart = rotate(options.log);
  const log = openSync(options.log, 'a', 0o600);
  let ended: string | null = null;
  let spawnError: NodeJS.ErrnoException | null = null;
  const child = spawn(options.program, options.words, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  closeSync(log);
  child.once('error', (error) => {
    spawnError = error;
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = `it ended with ${code ?? signal}`;
  });
  child.unref();
  return {
    pid: child.pid,
    ended: () => ended,
    spawnError: () => spawnError,
    lastWords: () => tail(options.log, logStart),
  };
}

/** @returns the length of the log that new lines will follow */
function rotate(log: string): number {
  const bytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes < logBytesMax) return bytes;
  renameSync(log, `${log}.1`);
  return 0;
}

function tail(log: string, from: number): string {
  const text = readFileSync(log).subarray(from).toString();
  return text.trim().split('\n').slice(-6).join(' / ').slice(-1_000) || 'none';
}

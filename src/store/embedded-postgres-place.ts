import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '../lib/hash.ts';
import { isReachable, makeOwnDirectory, type RunAs, runAs } from './embedded-postgres-binaries.ts';
import { fail } from './embedded-postgres-errors.ts';

/** Root's own place for what a data directory in a private home cannot hold. It outlives a restart, unlike /tmp. */
const systemRoot = '/var/lib/slipway';

/**
 * @returns the directory for what the server's user could not reach in `dataDir`: the data directory itself where we
 *   are not root, beside it among the temporary files where it is one of them, else the system's place for data
 */
export function elsewhereOf(dataDir: string): string {
  if (runAs().uid === undefined) return dataDir;
  const temporary = realpathSync(tmpdir());
  const isTemporary = resolve(dataDir).startsWith(`${temporary}/`) && isReachable(temporary);
  return isTemporary ? join(temporary, 'slipway') : systemRoot;
}

const stateSchema = z.object({
  /** Where the database is: relative to the data directory, absolute when it had to go elsewhere. */
  directory: z.string(),
  user: z.string(),
  password: z.string(),
  /** Port of the last start; taken again when it is free. */
  port: z.number(),
  /** Directory of its Unix socket, where it has one that we can reach: half the cost of TCP. */
  socket: z.string().nullable().default(null),
});

/** What `postgres.json` (mode 0600) in the data directory keeps. */
export type PostgresState = z.output<typeof stateSchema>;

/** Where one embedded server lives and how to get in. */
export interface Place {
  stateFile: string;
  /** Absolute path of PostgreSQL's own data directory. */
  directory: string;
  log: string;
  state: PostgresState;
}

/**
 * Finds or chooses the place of the embedded database of `dataDir`. As root under a directory that the server's
 * user cannot enter (a clone in /root), the database goes below `elsewhere`, and `postgres.json` says where.
 * Writes `postgres.json` on the first call.
 *
 * @throws AppError `embedded-postgres-no-place`
 */
export function openPlace(dataDir: string, elsewhere: string): Place {
  mkdirSync(dataDir, { recursive: true });
  const stateFile = join(dataDir, 'postgres.json');
  const known = readState(stateFile);
  const state = known ?? {
    directory: isReachable(dataDir) ? 'postgres' : makeElsewhere(dataDir, elsewhere),
    user: 'slipway',
    password: randomBytes(24).toString('base64url'),
    port: 0,
    socket: null,
  };
  const directory = resolve(realpathSync(dataDir), state.directory);
  const place = { stateFile, directory, log: `${directory}.log`, state };
  if (!known) saveState(place);
  return place;
}

/** @returns the place when an embedded database was made for `dataDir` before, else null; changes nothing */
export function findPlace(dataDir: string): Place | null {
  const stateFile = join(dataDir, 'postgres.json');
  const state = readState(stateFile);
  if (!state) return null;
  const directory = resolve(realpathSync(dataDir), state.directory);
  return { stateFile, directory, log: `${directory}.log`, state };
}

/** Writes `postgres.json` as a whole or not at all. */
export function saveState(place: Place): void {
  const draft = `${place.stateFile}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(place.state, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, place.stateFile);
}

/**
 * @returns the address of a database of this server, password included: never log it. With a socket it leads there
 *   (`?host=`), and names the TCP address beside it.
 */
export function urlOf(state: PostgresState, database: string): string {
  const url = `postgres://${state.user}:${state.password}@127.0.0.1:${state.port}/${database}`;
  return state.socket === null ? url : `${url}?host=${encodeURIComponent(state.socket)}`;
}

/** @returns whom the server runs as: the owner of existing data when we are root, so that nothing changes hands */
export function runAsOwner(place: Place): RunAs {
  const wanted = runAs();
  const owner = statSync(place.directory, { throwIfNoEntry: false });
  return wanted.uid === undefined || !owner || owner.uid === 0 ? wanted : { uid: owner.uid, gid: owner.gid };
}

/** A file that is lost or damaged is made anew with another password, which the start then gives to the database. */
function readState(file: string): PostgresState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return null;
  }
}

function makeElsewhere(dataDir: string, root: string): string {
  const wanted = realpathSync(dataDir);
  const directory = join(root, sha256Hex(wanted).slice(0, 16));
  makeOwnDirectory(root, wanted);
  makeOwnDirectory(directory, wanted);
  if (!isReachable(directory)) {
    const reason = `${root} is private as well`;
    throw fail('embedded-postgres-no-place', { uid: runAs().uid ?? '', wanted, other: directory, reason });
  }
  return join(directory, 'postgres');
}

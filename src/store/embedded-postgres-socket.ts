import { accessSync, constants, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './embedded-postgres-place.ts';

/** What the address of a Unix socket may be long on Linux (`sun_path`, 108 bytes with the last one empty). */
const socketPathBytesMax = 107;

/** @returns where the server makes its socket: in its data directory, where nobody else comes; empty when it cannot */
export function socketDirectory({ directory }: Place): string {
  const fits = Buffer.byteLength(socketFile(directory, 65_535)) <= socketPathBytesMax;
  // PostgreSQL reads a list, separated by commas.
  return fits && !/[,"]/.test(directory) ? directory : '';
}

/** Data directories of earlier versions let nobody in by the socket; the password is asked for there as everywhere. */
export function allowSocket({ directory }: Place): void {
  const file = join(directory, 'pg_hba.conf');
  const rules = readFileSync(file, 'utf8');
  const allowed = rules.replace(/^(local\s+\S+\s+\S+\s+)reject\b/gm, '$1scram-sha-256');
  if (allowed !== rules) writeFileSync(file, allowed);
}

/**
 * Clears away the sockets of servers that were killed: PostgreSQL takes any process that has the old one's number now for
 * its predecessor and refuses to start. Only to be called when no server runs on the directory.
 */
export function clearSockets({ directory }: Place): void {
  for (const name of readdirSync(directory)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(directory, name), { force: true });
  }
}

/**
 * Reads `postmaster.pid`: pid, data directory, start, port, socket directory, address, memory key, status.
 * @returns null when there is no server; `socket` is null when there is none that we may use
 */
export function readPidFile(
  place: Place,
): { pid: number; port: number; socket: string | null; status: string } | null {
  let lines: string[];
  try {
    lines = readFileSync(join(place.directory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0 && port > 0)) return null;
  const socket = (lines[4] ?? '').trim();
  return { pid, port, socket: isUsable(socket, port) ? socket : null, status: (lines[7] ?? '').trim() };
}

function isUsable(directory: string, port: number): boolean {
  if (directory === '') return false;
  try {
    accessSync(socketFile(directory, port), constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function socketFile(directory: string, port: number): string {
  return join(directory, `.s.PGSQL.${port}`);
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Binaries, RunAs } from './embedded-postgres-binaries.ts';
import { fail } from './embedded-postgres-errors.ts';
import type { Place } from './embedded-postgres-place.ts';

/** A clean environment: PGDATA, PGPORT and their kin in ours would lead the server astray. */
export const cleanEnvironment = { LANG: 'C', LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/**
 * Makes the database on the first start, and does nothing later. It is built beside its place and moved there when
 * it is whole, so that a kill in the middle leaves nothing half-made.
 *
 * @returns true when it was made now
 * @throws AppError `embedded-postgres-init-failed`, `embedded-postgres-version`,
 *   `embedded-postgres-no-privileges-to-drop`
 */
export async function initialise(place: Place, binaries: Binaries, as: RunAs): Promise<boolean> {
  clearDrafts(place);
  const versionFile = join(place.directory, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, 'utf8').trim();
    if (found === binaries.major) return false;
    throw fail('embedded-postgres-version', { directory: place.directory, found, installed: binaries.major });
  }
  const draft = `${place.directory}.making-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${draft}.password`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, place.state.password, { mode: 0o600 });
  if (as.uid !== undefined && as.gid !== undefined) {
    chownSync(draft, as.uid, as.gid);
    chownSync(passwordFile, as.uid, as.gid);
  }
  try {
    await initdb(draft, passwordFile, place, binaries, as);
    rmSync(place.directory, { recursive: true, force: true });
    renameSync(draft, place.directory);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  return true;
}

async function initdb(draft: string, passwordFile: string, place: Place, binaries: Binaries, as: RunAs) {
  const { status, output } = await run(
    binaries.initdb,
    [
      ...['-D', draft, '-U', place.state.user, '--pwfile', passwordFile],
      ...['--auth-local=scram-sha-256', '--auth-host=scram-sha-256', '--encoding=UTF8'],
      // The built-in provider sorts by code point and needs nothing of the system's locales or ICU.
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ],
    as,
  );
  if (status === 0) return;
  const detail = output.trim().split('\n').slice(-5).join(' / ');
  throw fail('embedded-postgres-init-failed', { status: String(status), detail, directory: place.directory });
}

/** What a start that was killed left half-made. Its initdb may be at work still: then the next start clears it. */
function clearDrafts(place: Place): void {
  const prefix = `${basename(place.directory)}.making-`;
  const parent = dirname(place.directory);
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // A file appeared while we were at it.
    }
  }
}

/**
 * Gives the database's owner the password of `postgres.json` again, with the server stopped (single-user mode):
 * that file may have been lost while the data is whole.
 */
export async function resetPassword(place: Place, binaries: Binaries, as: RunAs): Promise<void> {
  const { user, password } = place.state;
  const statement = `ALTER ROLE "${user}" PASSWORD '${password}';\n`;
  await run(binaries.postgres, ['--single', '-D', place.directory, 'postgres'], as, statement);
}

function run(
  program: string,
  words: string[],
  as: RunAs,
  input = '',
): Promise<{ status: number | string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { ...as, cwd: '/', env: cleanEnvironment });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.once('error', (cause: NodeJS.ErrnoException) => reject(spawnFailure(cause, as)));
    child.once('close', (code, signal) => resolve({ status: code ?? signal ?? 'nothing', output }));
  });
}

/** Translates what `spawn` says when the server's user may not be used. */
export function spawnFailure(cause: NodeJS.ErrnoException, as: RunAs): Error {
  if (as.uid === undefined) return cause;
  return fail('embedded-postgres-no-privileges-to-drop', { uid: as.uid, reason: cause.message }, { cause });
}

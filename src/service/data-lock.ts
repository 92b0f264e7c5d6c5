import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isSameProcess, startTicks } from '../ops/processes.ts';
import { fail } from './embedded-chain-errors.ts';

const holderSchema = z.object({ pid: z.number(), startTicks: z.string().nullable(), since: z.string() });

/** The process that holds a data directory. */
export type Holder = z.output<typeof holderSchema>;

/** A data directory that is ours until it is released or this process ends. */
export interface DataLock {
  release(): void;
}

/**
 * Makes sure that one server at a time works on a data directory: two would share one chain and fight over the
 * embedded database. The lock is a file with the holder's pid and start; one whose process is gone is taken over.
 *
 * @throws AppError `data-directory-in-use`
 */
export function lockDataDirectory(options: { dataDir: string; now: Date }): DataLock {
  mkdirSync(options.dataDir, { recursive: true });
  const file = join(options.dataDir, 'server.lock');
  const mine = `${JSON.stringify({
    pid: process.pid,
    startTicks: startTicks(process.pid),
    since: options.now.toISOString(),
  } satisfies Holder)}\n`;

  for (;;) {
    if (create(file, mine)) break;
    const text = read(file);
    const holder = parse(text);
    if (holder && isSameProcess(holder.pid, holder.startTicks)) {
      throw fail('data-directory-in-use', {
        pid: holder.pid,
        directory: options.dataDir,
        since: holder.since,
      });
    }
    clearStale(file, text);
  }
  const release = () => {
    process.off('exit', release);
    if (read(file) === mine) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return { release };
}

/** @returns the live server that holds `dataDir`, or null. For `doctor` and for commands beside a running server. */
export function findHolder(dataDir: string): Holder | null {
  const holder = parse(read(join(dataDir, 'server.lock')));
  return holder && isSameProcess(holder.pid, holder.startTicks) ? holder : null;
}

/** A link appears whole and fails when the name is taken, so of two processes one wins. */
function create(file: string, text: string): boolean {
  const draft = unique(file);
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the stale lock away, and puts it back when somebody else was first and this is already theirs. */
function clearStale(file: string, stale: string | null): void {
  const aside = unique(file);
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== stale && moved !== null) create(file, moved);
  rmSync(aside, { force: true });
}

function unique(file: string): string {
  return `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function parse(text: string | null): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import type { CompilerFile } from './process/messages.ts';
import { type Release, readReleaseList } from './release-list.ts';

/** Where compilers that are not bundled come from, and where they are kept. */
export interface DownloadOptions {
  /** The official list, `…/list.json`; the compilers lie beside it. */
  listUrl: string;
  /** Made at the first download. */
  folder: string;
  /** The network, handed in. @throws Error with the reason in words */
  get(url: string, options: { bytesMax: number; seconds: number }): Promise<Uint8Array>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

export interface Downloads {
  /** What the list offers, newest first; nothing before a list was ever had. */
  releases(): readonly Release[];
  /** Whether the release is on the disk already. */
  isHere(version: string): boolean;
  /** Asks for the list, at most once in a while. @returns whether there is a new one */
  learn(): Promise<boolean>;
  /** The compiler, downloaded and checked at first use. @throws AppError `compiler-download-failed` */
  file(version: string): Promise<CompilerFile | undefined>;
  /** Why the last try failed; nothing when it did not. */
  problem(): string | undefined;
}

/**
 * Compilers from the official list. Nothing is asked for before somebody needs a release that is not here, so that an
 * installation calls nobody by itself. Every file is checked against the list's SHA-256 before it is kept, and again by
 * the compiler process whenever it is read.
 */
export function openDownloads(options: DownloadOptions): Downloads {
  const { folder, listUrl, get, now } = options;
  const listFile = join(folder, 'list.json');
  let releases = readHeldList(listFile);
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | undefined;
  let problem: string | undefined;
  const fetching = new Map<string, Promise<CompilerFile>>();
  const here = new Set<string>();

  async function ask(): Promise<boolean> {
    askedAt = now();
    try {
      const bytes = await get(listUrl, {
        bytesMax: limits.compilerListBytesMax,
        seconds: limits.compilerListSeconds,
      });
      const text = Buffer.from(bytes).toString('utf8');
      const found = readReleaseList(text);
      const isNew = JSON.stringify(found) !== JSON.stringify(releases);
      releases = found;
      problem = undefined;
      if (isNew) keep(listFile, text);
      return isNew;
    } catch (error) {
      problem = `the list of compilers (${listUrl}) could not be had: ${(error as Error).message}`;
      return false;
    } finally {
      asking = undefined;
    }
  }

  async function fetchFile({ version, path, sha256 }: Release): Promise<CompilerFile> {
    const file = { version, path: join(folder, path), sha256 };
    if (here.has(version) || (existsSync(file.path) && digestOf(readFileSync(file.path)) === sha256)) {
      here.add(version);
      return file;
    }
    try {
      const bytes = await get(new URL(encodeURIComponent(path), listUrl).href, {
        bytesMax: limits.compilerFileBytesMax,
        seconds: limits.compilerDownloadSeconds,
      });
      const digest = digestOf(bytes);
      if (digest !== sha256) throw new Error(`its SHA-256 is ${digest}, the list says ${sha256}`);
      keep(file.path, bytes);
    } catch (error) {
      problem = `compiler ${version} could not be had: ${(error as Error).message}`;
      throw fail('compiler-download-failed', { version, detail: (error as Error).message }, { cause: error });
    }
    problem = undefined;
    here.add(version);
    return file;
  }

  /** Whole or not at all: another process may be about to write the same. */
  function keep(path: string, content: string | Uint8Array): void {
    mkdirSync(folder, { recursive: true });
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(draft, content);
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  }

  return {
    releases: () => releases,
    isHere(version) {
      const release = releases.find((one) => one.version === version);
      return release !== undefined && (here.has(version) || existsSync(join(folder, release.path)));
    },
    learn() {
      if (asking) return asking;
      if (now() - askedAt < limits.compilerListPauseSeconds * 1_000) return Promise.resolve(false);
      asking = ask();
      return asking;
    },
    async file(version) {
      const release = releases.find((one) => one.version === version);
      if (!release) return undefined;
      const held = fetching.get(version) ?? fetchFile(release).finally(() => fetching.delete(version));
      fetching.set(version, held);
      return held;
    },
    problem: () => problem,
  };
}

/** @returns the list of an earlier run; a damaged one is as good as none, it is asked for again */
function readHeldList(file: string): Release[] {
  if (!existsSync(file)) return [];
  try {
    return readReleaseList(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

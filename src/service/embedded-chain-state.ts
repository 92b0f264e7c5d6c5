import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Anvil's state file and our copy of the last one that was whole. */
export interface ChainFiles {
  state: string;
  good: string;
  log: string;
  record: string;
}

/** @returns the files of the local chain below a data directory */
export function chainFiles(dataDir: string): ChainFiles {
  return {
    state: join(dataDir, 'chain-state.json'),
    good: join(dataDir, 'chain-state.good.json'),
    log: join(dataDir, 'chain.log'),
    record: join(dataDir, 'chain.json'),
  };
}

/**
 * Copies the state file, if it is whole. Anvil cuts it to nothing and writes it anew each time, so that a kill in
 * that moment leaves a torn file, and a copy made in that moment is torn as well.
 */
export async function keepGoodCopy(files: ChainFiles): Promise<boolean> {
  const draft = `${files.good}.tmp`;
  try {
    await copyFile(files.state, draft, constants.COPYFILE_FICLONE);
    if (!(await isWholeState(draft))) return false;
    await rename(draft, files.good);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Moves a state file that the chain refused aside, and puts the good copy in its place.
 *
 * @param stamp makes the name of the file that is put aside unique
 * @returns `copy` when the chain goes on from the copy, `nothing` when there is none and it begins anew
 */
export function putAside(files: ChainFiles, stamp: string): { aside: string; from: 'copy' | 'nothing' } {
  const aside = `${files.state}.bad-${stamp}`;
  renameSync(files.state, aside);
  if (!existsSync(files.good)) return { aside, from: 'nothing' };
  copyFileSync(files.good, files.state);
  // Used once: when this copy is refused as well, the chain must not try it for ever.
  rmSync(files.good);
  return { aside, from: 'copy' };
}

/**
 * Anvil writes its whole state each time, changed or not: some 100 KB per deployment. A longer interval for a
 * larger file keeps that below 16 MB/s; it is also the most that a kill of the chain itself can lose.
 *
 * @returns whole seconds, 1 to 30
 */
export function stateIntervalSeconds(files: ChainFiles): number {
  const bytes = statSync(files.state, { throwIfNoEntry: false })?.size ?? 0;
  return Math.min(30, Math.max(1, Math.ceil(bytes / 16_000_000)));
}

/** What this version of Anvil writes last; reading it is enough, where parsing 100 MB would stop the server. */
const usualEnd = '"historical_states":null}';
const parseBytesMax = 2_000_000;

/** @returns true when the file was written to its end */
export async function isWholeState(file: string): Promise<boolean> {
  const { size } = statSync(file);
  const handle = await open(file);
  try {
    const end = Buffer.alloc(Math.min(size, usualEnd.length));
    await handle.read(end, 0, end.length, size - end.length);
    if (end.toString() === usualEnd) return true;
  } finally {
    await handle.close();
  }
  if (size > parseBytesMax) return false;
  try {
    JSON.parse(await readFile(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

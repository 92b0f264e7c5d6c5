import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { limits } from '../lib/limits.ts';
import { sourceFacts } from '../solidity/source-facts.ts';
import { fail } from './errors.ts';

/** Folders that hold other people's or generated files. */
const skipped = new Set(['node_modules', '.git', 'out', 'cache', 'artifacts', '.slipway']);

/** What stands in the topmost folder of a Solidity project. */
const projectSigns = [
  'foundry.toml',
  'hardhat.config.ts',
  'hardhat.config.js',
  'remappings.txt',
  'package.json',
  '.git',
];

/**
 * Reads a .sol file with what it imports relatively, or every .sol file below a folder. Paths in the result are
 * relative to `root`, the nearest folder that holds them all, with forward slashes.
 *
 * What is read may be sent to a server, so imports reach only .sol files of the same project: somebody else's source
 * must not pick up what else is on this machine.
 *
 * @throws AppError `file-unreadable`, `no-sources`
 */
export function readSources(
  cwd: string,
  path: string,
): { root: string; sources: Record<string, string>; entry?: string } {
  const start = resolve(cwd, path);
  const files = new Map<string, string>();
  if (isFolder(start)) {
    for (const file of solidityFiles(start)) files.set(file, read(file));
    if (files.size === 0) throw fail('no-sources', { path });
    return { root: start, sources: named(start, files) };
  }
  collect(start, files, projectOf(cwd, start));
  const root = commonFolder([...files.keys()]);
  return { root, sources: named(root, files), entry: portable(relative(root, start)) };
}

/** @returns the folder with the file's project; without a sign of one, the working directory or the file's folder */
function projectOf(cwd: string, file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (projectSigns.some((name) => existsSync(join(folder, name)))) return folder;
  }
  return isWithin(cwd, file) ? cwd : dirname(file);
}

function collect(file: string, files: Map<string, string>, bounds: string): void {
  if (files.has(file) || files.size >= limits.sourceFilesMax) return;
  const text = read(file);
  files.set(file, text);
  for (const { path } of sourceFacts(text).imports) {
    if (!path.startsWith('./') && !path.startsWith('../')) continue;
    const target = resolve(dirname(file), path);
    // What is left out is the compile service's to report: it knows the place and what else could be meant.
    if (target.endsWith('.sol') && exists(target) && isWithin(bounds, target)) collect(target, files, bounds);
  }
}

function named(root: string, files: Map<string, string>): Record<string, string> {
  return Object.fromEntries([...files].map(([file, text]) => [portable(relative(root, file)), text]));
}

function commonFolder(files: string[]): string {
  let folder = dirname(files[0] ?? '');
  while (files.some((file) => isOutside(folder, file))) folder = dirname(folder);
  return folder;
}

/** Links are followed: what counts is where the file really is. */
function isWithin(folder: string, file: string): boolean {
  return !isOutside(realpathSync(folder), exists(file) ? realpathSync(file) : file);
}

function isOutside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : solidityFiles(path);
    return entry.isFile() && entry.name.endsWith('.sol') ? [path] : [];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw fail('file-unreadable', { file, reason }, { cause: error });
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function portable(path: string): string {
  return path.split(sep).join(posix.sep);
}

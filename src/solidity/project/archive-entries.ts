import { limits } from '../../lib/limits.ts';
import { joinRelative, pathProblem } from '../source-paths.ts';
import { tidyFolder } from './config-text.ts';
import { fail } from './errors.ts';

/** One entry of an archive that is no folder. */
export interface ArchiveEntry {
  path: string;
  /** Of a file that a compile may need; of others only the name is known. */
  bytes?: Uint8Array;
  /** What it is when it is no file either. */
  link?: { kind: string; target: string };
}

/** Files that a project's compile is decided by. */
const configNames = new Set([
  'foundry.toml',
  'remappings.txt',
  'package.json',
  'hardhat.config.ts',
  'hardhat.config.js',
  'hardhat.config.cjs',
  'hardhat.config.mjs',
]);

/** The longest path that systems take (PATH_MAX). */
const nameCharactersMax = 4_096;

/** Folders that hold nothing of a project, wherever they are. */
const foreignFolders = new Set(['__MACOSX', '.git']);

/** Folders at the top of a project that tools write. */
const generatedFolders = new Set([
  ...['out', 'artifacts', 'cache', 'cache_forge', 'cache_hardhat', 'cache-foundry', 'broadcast', 'coverage'],
  ...['typechain', 'typechain-types'],
]);

/** @returns the name with which an entry is shown, whatever it holds */
export function shown(name: string): string {
  return JSON.stringify(name.slice(0, limits.sourcePathCharactersMax));
}

/**
 * Brings the name of an entry into the form that source paths have.
 *
 * @throws AppError `archive-path-invalid` for a name that leads out of the archive or means different files on
 * different systems, whether the entry matters to a compile or not
 */
export function entryPath(name: string): string {
  if (name.length > nameCharactersMax) {
    const reason = `its name is longer than ${nameCharactersMax} characters`;
    throw fail('archive-path-invalid', { entry: shown(name), reason });
  }
  const path = tidyFolder(name);
  if (path === '') return '';
  const reason = path.includes('\ufffd') ? 'its name is not UTF-8' : pathProblem(path);
  if (reason !== undefined && (isHostile(path) || isKept(path))) {
    throw fail('archive-path-invalid', { entry: shown(name), reason });
  }
  return path;
}

/** Unusable on purpose, and not only unusual: such an archive is refused whatever else is in it. */
function isHostile(path: string): boolean {
  return /[\0\\]|^\/|^[a-z]:/i.test(path) || path.split('/').includes('..');
}

/** Whether a file's bytes are needed. macOS puts a `._` file of its own beside each file. */
export function isKept(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('._') || isForeign(path)) return false;
  return name.endsWith('.sol') || (configNames.has(name) && !/(^|\/)node_modules\//.test(path));
}

/** Whether the path lies where nothing of a project is. */
export function isForeign(path: string): boolean {
  return path.split('/').some((segment) => foreignFolders.has(segment));
}

/** Whether a path of a project lies in what its tools write. */
export function isGenerated(path: string): boolean {
  const slash = path.indexOf('/');
  return slash > 0 && generatedFolders.has(path.slice(0, slash));
}

/**
 * Refuses a link that could have been meant as part of the project: nothing is written to disk here, so a link can do
 * no harm, but what it leads to would be missing in silence. Links such as `AGENTS.md` → `CLAUDE.md` are passed over
 * where they stay inside.
 *
 * @throws AppError `archive-link`
 */
export function checkLink(path: string, link: { kind: string; target: string }): void {
  if (isGenerated(path) || /(^|\/)node_modules\/\.bin\//.test(path)) return;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isText = /\.\w+$/.test(name) || /^(licen[cs]e|copying|notice|readme|changelog)$/i.test(name);
  const target = joinRelative(path, link.target);
  const staysInside = target !== undefined && pathProblem(target) === undefined;
  if (isText && !isKept(path) && !link.target.startsWith('/') && staysInside) return;
  throw fail('archive-link', { entry: shown(path), kind: link.kind });
}

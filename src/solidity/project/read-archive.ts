import { limits } from '../../lib/limits.ts';
import { type ArchiveEntry, checkLink, isGenerated, isKept, shown } from './archive-entries.ts';
import { fail } from './errors.ts';
import { isTarBlock, readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';
import type { ProjectFiles } from './types.ts';

/** Top folders that are part of a project's own paths and not only its name. */
const ownFolders = new Set([
  'src',
  'contracts',
  'lib',
  'libs',
  'node_modules',
  'test',
  'tests',
  'script',
  'scripts',
]);

/**
 * Reads a zip, tar or tar.gz of a project, told apart by their first bytes, into the files that a compile may need.
 * Nothing is written anywhere. A single top folder, as archives of repositories have, is taken away.
 *
 * @throws AppError `archive-*`, each with the entry's name
 */
export async function readArchive(bytes: Uint8Array): Promise<ProjectFiles> {
  if (bytes.length > limits.archiveBytesMax) {
    throw fail('archive-too-large', { bytes: bytes.length, max: limits.archiveBytesMax });
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return toFiles(await readEntries(buffer));
}

async function readEntries(bytes: Buffer): Promise<ArchiveEntry[]> {
  const start = bytes.toString('latin1', 0, 6);
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return readZip(bytes);
  if (start.startsWith('\x1f\x8b')) return readTar(bytes, { gzip: true });
  // Before POSIX a tar had no magic, and only the checksum of its first header tells.
  const isTar = bytes.toString('latin1', 257, 262) === 'ustar' || isTarBlock(bytes.subarray(0, 512));
  if (isTar) return readTar(bytes, { gzip: false });
  throw fail('archive-kind-unknown', { kind: otherKind(start) });
}

function otherKind(start: string): string {
  const known: [string, string][] = [
    ['', 'empty'],
    ['7z\xbc\xaf\x27\x1c', 'a 7z'],
    ['Rar!', 'a rar'],
    ['\xfd7zXZ', 'an xz'],
    ['BZh', 'a bzip2'],
    ['\x28\xb5\x2f\xfd', 'a zstd'],
    ['PK', 'one part of a zip in several parts'],
  ];
  const found = known.find(([magic]) => (magic === '' ? start === '' : start.startsWith(magic)));
  return found?.[1] ?? 'of an unknown kind';
}

function toFiles(entries: readonly ArchiveEntry[]): ProjectFiles {
  const top = commonTop(entries);
  const files = new Map<string, Uint8Array>();
  const paths = new Set<string>();
  const folders = new Set<string>();
  const byMeaning = new Map<string, string>();

  for (const entry of entries) {
    const path = entry.path.slice(top.length);
    if (entry.link) {
      checkLink(path, entry.link);
      continue;
    }
    if (isGenerated(path)) continue;
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      folders.add(path.slice(0, slash));
    if (!isKept(path) && !path.endsWith('.yul')) continue;
    // macOS and Windows take these for one file: which of the two a compile is of must not depend on the system.
    const meaning = path.normalize('NFC').toLowerCase();
    const other = byMeaning.get(meaning);
    if (other !== undefined) throw fail('archive-duplicate', { entry: shown(path), other: shown(other) });
    byMeaning.set(meaning, path);
    paths.add(path);
    if (entry.bytes) files.set(path, entry.bytes);
  }
  return {
    paths,
    read: (path) => files.get(path),
    hasFolder: (path) => folders.has(path.replace(/\/+$/, '')),
  };
}

/** The one folder that everything is in but what systems leave about, with its slash; empty when there is none. */
function commonTop(all: readonly ArchiveEntry[]): string {
  const entries = all.filter(
    ({ path }) => !/(^|\/)(\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(path),
  );
  const first = entries[0]?.path ?? '';
  const top = first.slice(0, first.indexOf('/') + 1);
  if (top === '' || ownFolders.has(top.slice(0, -1))) return '';
  return entries.every((entry) => entry.path.startsWith(top)) ? top : '';
}

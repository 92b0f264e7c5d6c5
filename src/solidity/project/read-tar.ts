import { createGunzip } from 'node:zlib';
import { Header, Pax } from 'tar';
import { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { type ArchiveEntry, entryPath, isForeign, isKept, shown } from './archive-entries.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { fail } from './errors.ts';

const blockBytes = 512;
/** A name that takes more than this is none. */
const extensionBytesMax = 65_536;

const files = new Set(['File', 'OldFile', 'ContiguousFile']);
const folders = new Set(['Directory', 'GNUDumpDir']);
const links: Record<string, string> = {
  SymbolicLink: 'symbolic link',
  Link: 'hard link',
  CharacterDevice: 'character device',
  BlockDevice: 'block device',
  FIFO: 'named pipe',
};

/**
 * Reads the entries of a tar that matter to a compile (POSIX.1-2001 pax, with GNU's long names). A gzip is inflated as
 * it is read and counted meanwhile, so that a bomb costs no more than the limit.
 *
 * @throws AppError `archive-kind-unknown`, `archive-damaged`, `archive-path-invalid`, `archive-entries-too-many`,
 * `archive-unpacks-too-large`
 */
export async function readTar(bytes: Buffer, options: { gzip: boolean }): Promise<ArchiveEntry[]> {
  const at = { entry: 'its first entry' };
  const chunks = counted(options.gzip ? inflated(bytes) : [bytes], at);
  try {
    const reader = byteReader(chunks);
    const first = await reader.read(blockBytes);
    if (!isTarBlock(first)) throw notTar(first, options.gzip);
    const entries = await readEntries(reader, { first, at });
    // To the end of the stream, where a gzip has its checksum.
    await reader.skip(Number.POSITIVE_INFINITY);
    return entries;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged((error as Error).message, error);
  } finally {
    await chunks.return(undefined);
  }
}

/** Whether a block can be the header of an entry, or the end of an empty tar. */
export function isTarBlock(block: Buffer): boolean {
  if (block.length < blockBytes) return false;
  const header = new Header(block, 0);
  return header.cksumValid || header.nullBlock;
}

async function readEntries(
  reader: ByteReader,
  { first, at }: { first: Buffer; at: { entry: string } },
): Promise<ArchiveEntry[]> {
  const found: ArchiveEntry[] = [];
  let pax: Pax | undefined;
  let globalPax: Pax | undefined;
  let long: { path?: string; linkpath?: string } = {};
  let count = 0;

  for (let block = first; ; block = await reader.read(blockBytes)) {
    if (block.length < blockBytes) throw damaged('it ends without an end mark');
    const header = new Header(block, 0, pax, globalPax);
    if (header.nullBlock) return found;
    if (!header.cksumValid)
      throw damaged(`the header after ${at.entry} does not have the checksum that it says`);
    const { type } = header;
    // Some programs leave the field empty where nothing follows.
    if (header.size === undefined && files.has(type))
      throw damaged(`the header after ${at.entry} says no size`);
    const size = header.size ?? 0;
    if (type === 'ExtendedHeader' || type === 'OldExtendedHeader') {
      pax = Pax.parse(await extension(size), pax, false);
      continue;
    }
    if (type === 'GlobalExtendedHeader') {
      globalPax = Pax.parse(await extension(size), globalPax, true);
      continue;
    }
    if (type === 'NextFileHasLongPath' || type === 'OldGnuLongPath') {
      long = { ...long, path: cString(await extension(size)) };
      continue;
    }
    if (type === 'NextFileHasLongLinkpath') {
      long = { ...long, linkpath: cString(await extension(size)) };
      continue;
    }
    if (++count > limits.archiveEntriesMax)
      throw fail('archive-entries-too-many', { max: limits.archiveEntriesMax });
    await readEntry({
      name: long.path ?? header.path ?? '',
      type,
      size,
      target: long.linkpath ?? header.linkpath ?? '',
    });
    pax = undefined;
    long = {};
  }

  async function readEntry(entry: {
    name: string;
    type: string;
    size: number;
    target: string;
  }): Promise<void> {
    const { name, type, size, target } = entry;
    at.entry = shown(name);
    const path = entryPath(name);
    const isEmpty = path === '' || isForeign(path) || folders.has(type);
    if (!isEmpty && files.has(type) && isKept(path)) {
      const content = await reader.read(size);
      if (content.length < size) throw damaged(`${at.entry} is cut short`);
      found.push({ path, bytes: content });
    } else {
      if (!isEmpty)
        found.push(
          files.has(type) ? { path } : { path, link: { kind: links[type] ?? 'special file', target } },
        );
      if ((await reader.skip(size)) < size) throw damaged(`${at.entry} is cut short`);
    }
    await pad(size);
  }

  async function extension(size: number): Promise<string> {
    if (size > extensionBytesMax)
      throw damaged(`the name after ${at.entry} is longer than ${extensionBytesMax} bytes`);
    const content = await reader.read(size);
    if (content.length < size) throw damaged('it ends within a name');
    await pad(size);
    const text = content.toString('utf8');
    // Readers disagree about what such a name means: some take the part before, some all of it.
    const [, hidden] = /(?:^|\n)\d+ path=([^\n\0]*\0[^\n]*)/.exec(text) ?? [];
    if (hidden !== undefined)
      throw fail('archive-path-invalid', { entry: shown(hidden), reason: 'it holds a NUL character' });
    return text;
  }

  /** Entries begin at whole blocks. */
  async function pad(size: number): Promise<void> {
    const rest = (blockBytes - (size % blockBytes)) % blockBytes;
    if ((await reader.skip(rest)) < rest) throw damaged(`${at.entry} is cut short`);
  }
}

async function* inflated(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  gunzip.end(bytes);
  yield* gunzip as AsyncIterable<Uint8Array>;
}

async function* counted(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  at: { entry: string },
): AsyncGenerator<Uint8Array, undefined> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.archiveUnpackedBytesMax) {
      throw fail('archive-unpacks-too-large', { max: limits.archiveUnpackedBytesMax, entry: at.entry });
    }
    yield chunk;
  }
  return undefined;
}

function cString(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function notTar(first: Buffer, gzip: boolean): AppError {
  if (!gzip) return damaged('its first header does not have the checksum that it says');
  const inner = first.subarray(0, 2).toString('latin1');
  const kind =
    inner === '\x1f\x8b'
      ? 'a gzip inside a gzip'
      : inner === 'PK'
        ? 'a zip inside a gzip'
        : 'a gzip of something else than a tar';
  return fail('archive-kind-unknown', { kind });
}

function damaged(reason: string, cause?: unknown): AppError {
  return fail('archive-damaged', { reason: reason.replace(/\.+$/, '') }, { cause });
}

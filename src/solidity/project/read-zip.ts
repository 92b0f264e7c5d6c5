import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { type ArchiveEntry, entryPath, isForeign, isKept, shown } from './archive-entries.ts';
import { fail } from './errors.ts';

const inflate = promisify(inflateRaw);

/** The part of a Unix mode that says what an entry is, and its values (POSIX `S_IFMT`). */
const kindMask = 0xf000;
const kinds: ReadonlyMap<number, string> = new Map([
  [0xa000, 'symbolic link'],
  [0x2000, 'character device'],
  [0x6000, 'block device'],
  [0x1000, 'named pipe'],
  [0xc000, 'socket'],
]);
/** Info-ZIP's extra field with the name in UTF-8. */
const unicodePathField = 0x7075;
/** A link's target is the entry's content; a real one is short. */
const targetBytesMax = 4_096;

/**
 * Reads the entries of a zip that matter to a compile (APPNOTE.TXT 6.3). Sizes in headers are not believed: what is
 * inflated is counted, and compared with its size and its checksum afterwards.
 *
 * @throws AppError `archive-damaged`, `archive-encrypted`, `archive-method-unknown`, `archive-path-invalid`,
 * `archive-entries-too-many`, `archive-unpacks-too-large`
 */
export async function readZip(bytes: Buffer): Promise<ArchiveEntry[]> {
  try {
    // Names stay bytes, so that they are judged here and not changed before.
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
    return await readEntries(zip, bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged((error as Error).message, error);
  }
}

async function readEntries(zip: ZipFile, bytes: Buffer): Promise<ArchiveEntry[]> {
  const max = limits.archiveEntriesMax;
  if (zip.entryCount > max) throw fail('archive-entries-too-many', { max });
  const found: ArchiveEntry[] = [];
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    const path = entryPath(name);
    if (entry.isEncrypted()) throw fail('archive-encrypted', { entry: shown(name) });
    if (path === '' || isForeign(path)) continue;
    const kind = kinds.get((entry.externalFileAttributes >>> 16) & kindMask);
    if (kind !== undefined) {
      const left = limits.archiveUnpackedBytesMax - unpacked;
      const target =
        kind === 'symbolic link' ? await unpack(entry, Math.min(targetBytesMax, left)) : Buffer.alloc(0);
      unpacked += target.length;
      found.push({ path, link: { kind, target: target.toString('utf8') } });
    } else if (!name.endsWith('/')) {
      if (!isKept(path)) {
        found.push({ path });
        continue;
      }
      const content = await unpack(entry, limits.archiveUnpackedBytesMax - unpacked);
      unpacked += content.length;
      found.push({ path, bytes: content });
    }
  }
  return found;

  async function unpack(entry: Entry, bytesMax: number): Promise<Buffer> {
    const entryName = shown(entry.fileNameRaw.toString('utf8'));
    const local = await zip.readLocalFileHeaderPromise(entry);
    if (!local.fileName.equals(entry.fileNameRaw)) throw damaged(`${entryName} has two names`);
    const packed = bytes.subarray(local.fileDataStart, local.fileDataStart + entry.compressedSize);
    if (packed.length < entry.compressedSize) throw damaged(`${entryName} is cut short`);
    const content = await decode(entry, packed, { entryName, bytesMax });
    if (content.length !== entry.uncompressedSize)
      throw damaged(`${entryName} is not of the size that it says`);
    if (crc32(content) !== entry.crc32) throw damaged(`${entryName} does not have the checksum that it says`);
    return content;
  }
}

/** Many programs write UTF-8 and do not say so; what is no UTF-8 is in the character set of MS-DOS. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const isSaid = extraFields.some(({ id }) => id === unicodePathField);
  if (!isSaid && isUtf8(fileNameRaw)) return fileNameRaw.toString('utf8');
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

async function decode(
  entry: Entry,
  packed: Buffer,
  { entryName, bytesMax }: { entryName: string; bytesMax: number },
): Promise<Buffer> {
  const tooLarge = () =>
    fail('archive-unpacks-too-large', { max: limits.archiveUnpackedBytesMax, entry: entryName });
  if (entry.compressionMethod === 0) {
    if (packed.length > bytesMax) throw tooLarge();
    return packed;
  }
  if (entry.compressionMethod !== 8) {
    throw fail('archive-method-unknown', { entry: entryName, method: entry.compressionMethod });
  }
  try {
    const content = await inflate(packed, { maxOutputLength: Math.max(1, bytesMax) });
    if (content.length > bytesMax) throw tooLarge();
    return content;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw damaged(`${entryName}: ${(error as Error).message}`, error);
  }
}

function damaged(reason: string, cause?: unknown): AppError {
  const text = reason.replace(/\.+$/, '');
  return fail('archive-damaged', { reason: text.charAt(0).toLowerCase() + text.slice(1) }, { cause });
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { sha256Hex } from '../lib/hash.ts';
import { bound, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * Up to this size work is done on the spot: 10 KB take 0.02 ms to decompress and 0.1 to compress, and a trip to another
 * thread takes longer. Whoever has many lets others go first every so often.
 */
const hereBytesMax = 65_536;
const turnContents = 64;

/** A text that is kept once, by the SHA-256 of its UTF-8. */
export interface Content {
  /** 64 hex digits. */
  hash: string;
  bytes: Buffer;
  /** Compresses once, whoever asks. */
  pack(): Promise<PackedContent>;
}

interface PackedContent {
  hash: string;
  /** Bytes before compression. */
  size: number;
  compression: 'none' | 'zstd';
  bytes: Buffer;
}

/** Stands before the hash of a list of sources: a source whose text is such a list is another content. */
export const listPrefix = 'list-';

/**
 * Hashes a text, and compresses it when that is needed: mostly it is there already.
 * @param prefix of the hash, where it names a kind of content
 */
export function contentOf(text: string, prefix: '' | typeof listPrefix = ''): Content {
  const bytes = Buffer.from(text, 'utf8');
  const hash = prefix + sha256Hex(bytes);
  let packed: Promise<PackedContent> | undefined;
  return {
    hash,
    bytes,
    pack() {
      packed ??= pack(hash, bytes);
      return packed;
    },
  };
}

async function pack(hash: string, bytes: Buffer): Promise<PackedContent> {
  const smaller = bytes.length > hereBytesMax ? await compress(bytes) : zstdCompressSync(bytes);
  return smaller.length < bytes.length
    ? { hash, size: bytes.length, compression: 'zstd', bytes: smaller }
    : { hash, size: bytes.length, compression: 'none', bytes };
}

/**
 * Makes sure that all of them are stored, and that none is pruned before this transaction ends, whose rows may then refer
 * to them. Of those that are there it asks in one statement, and what is missing it writes in one.
 *
 * Beside the pruner: rows that are there are locked as a foreign key does it (FOR KEY SHARE). The pruner locks FOR UPDATE
 * what it is about to remove, and looks for references after that. So either it comes first, the row is gone and written
 * anew here; or it comes later, passes over the locked row, and finds the reference the next time. Whatever else may go
 * wrong, the foreign keys refuse both a reference to what is gone and a removal of what is referred to.
 */
export async function keepContents(tx: Tx, contents: readonly Content[]): Promise<void> {
  const missing = new Map(contents.map((content) => [content.hash, content]));
  // Again for what another transaction is just writing: its rows are there when ours has waited for it.
  while (missing.size > 0) {
    for (const hash of await holdContents(tx, [...missing.keys()])) missing.delete(hash);
    if (missing.size === 0) return;
    for (const hash of await addContents(tx, [...missing.values()])) missing.delete(hash);
  }
}

/** Locks those that are there against the pruner, as `keepContents` does. @returns their hashes */
export async function holdContents(tx: Tx, hashes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ hash: string }>`
    select hash from contents where hash = any(${[...hashes]}::text[]) order by hash for key share`.execute(
    tx.sql,
  );
  return rows.map(({ hash }) => hash);
}

/** Compresses ahead what is not stored yet, so that no transaction is open meanwhile. */
export async function packMissing(read: Reader, contents: readonly Content[]): Promise<void> {
  const hashes = contents.map(({ hash }) => hash);
  const { rows } = await sql<{ hash: string }>`
    select hash from contents where hash = any(${hashes}::text[])`.execute(read);
  const stored = new Set(rows.map(({ hash }) => hash));
  await inTurns(
    contents.filter(({ hash }) => !stored.has(hash)),
    (content) => content.pack(),
  );
}

/** Does something with each, in order, and lets others go first now and then. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [at, item] of items.entries()) {
    if (at % turnContents === turnContents - 1) await nextTurn();
    results.push(await work(item));
  }
  return results;
}

/** All bytes are one value, cut apart by the server: an array of them would have to be written as text. */
const insert = `insert into contents (hash, size, compression, bytes)
  select hash, size, compression, substring($5::bytea from start for length)
  from unnest($1::text[], $2::integer[], $3::text[], $4::integer[], $6::integer[])
    as given (hash, size, compression, start, length)
  order by hash
  on conflict do nothing returning hash`;

/** In the order of their hashes, so that two transactions with the same contents wait for each other in turn. */
async function addContents(tx: Tx, contents: readonly Content[]): Promise<string[]> {
  const packed = await inTurns(contents, (content) => content.pack());
  const lengths = packed.map(({ bytes }) => bytes.length);
  let end = 1;
  const starts = lengths.map((length) => {
    end += length;
    return end - length;
  });
  const rows = await tx.send<{ hash: string }>(
    bound(insert, [
      packed.map(({ hash }) => hash),
      packed.map(({ size }) => size),
      packed.map(({ compression }) => compression),
      starts,
      Buffer.concat(packed.map(({ bytes }) => bytes)),
      lengths,
    ]),
  );
  return rows.map(({ hash }) => hash);
}

/** What a row of the table holds of a text. */
export interface StoredContent {
  hash: string;
  compression: string;
  bytes: Buffer;
}

/**
 * The text of a row.
 * @throws AppError `stored-content-damaged` when it is not what its hash says
 */
export async function textOf({ hash, compression, bytes }: StoredContent): Promise<string> {
  let plain: Buffer;
  try {
    plain = compression === 'none' ? bytes : await unpack(bytes);
  } catch (error) {
    throw fail('stored-content-damaged', { hash }, { cause: error });
  }
  if (sha256Hex(plain) !== hash.replace(listPrefix, '')) throw fail('stored-content-damaged', { hash });
  return plain.toString('utf8');
}

async function unpack(bytes: Buffer): Promise<Buffer> {
  return bytes.length > hereBytesMax ? decompress(bytes) : zstdDecompressSync(bytes);
}

/**
 * Texts by their hashes.
 * @throws AppError `stored-content-damaged`, for one that is not there too: what refers to it keeps it there
 */
export async function readContents(read: Reader, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<StoredContent>`
    select hash, compression, bytes from contents where hash = any(${[...hashes]}::text[])`.execute(read);
  const texts = new Map(await inTurns(rows, async (row) => [row.hash, await textOf(row)] as const));
  const absent = hashes.find((hash) => !texts.has(hash));
  if (absent !== undefined) throw fail('stored-content-damaged', { hash: absent });
  return texts;
}

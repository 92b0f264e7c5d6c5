import { limits } from '../lib/limits.ts';
import type { Sources } from '../solidity/types.ts';
import { type Content, contentOf, holdContents, keepContents, listPrefix, readContents } from './contents.ts';
import { bound, type Reader, type Tx } from './db.ts';

/** Sources as they are stored: each large text a content, and a list of all that is a content too. */
export interface SourceSet {
  /** Names the whole: equal sources have equal hashes. */
  hash: string;
  whole: Content;
  parts: Content[];
}

/** One file of the list. */
type Listed = { file: string; text: string } | { file: string; hash: string };

/**
 * Takes sources apart for storing. Builds of one project share the texts that did not change, and those of a library;
 * an equal set of sources is one row, however many files it has.
 */
export function sourceSet(sources: Sources): SourceSet {
  const parts: Content[] = [];
  const files = Object.keys(sources).sort();
  const list = files.map((file): Listed => {
    const text = sources[file] ?? '';
    if (Buffer.byteLength(text) < limits.contentBytesMin) return { file, text };
    const part = contentOf(text);
    parts.push(part);
    return { file, hash: part.hash };
  });
  const whole = contentOf(JSON.stringify(list), listPrefix);
  return { hash: whole.hash, whole, parts };
}

/** Stores sources, unless they are there; see `keepContents`. @returns the hash that a row then refers to */
export async function keepSources(tx: Tx, sources: Sources): Promise<string> {
  const set = sourceSet(sources);
  // The whole keeps its parts.
  const [held] = await holdContents(tx, [set.hash]);
  if (held === undefined) await keepSourceSet(tx, set, []);
  return set.hash;
}

/** Stores a set and other contents together. */
export async function keepSourceSet(tx: Tx, set: SourceSet, others: readonly Content[]): Promise<void> {
  await keepContents(tx, [set.whole, ...set.parts, ...others]);
  const parts = [...new Set(set.parts.map(({ hash }) => hash))];
  if (parts.length === 0) return;
  tx.send(
    bound(
      `insert into content_parts (whole, part) select $1, part from unnest($2::text[]) as part
       order by part on conflict do nothing`,
      [set.hash, parts],
    ),
  );
}

/** @throws AppError `stored-content-damaged` */
export async function readSources(read: Reader, hash: string): Promise<Record<string, string>> {
  const list = JSON.parse((await readContents(read, [hash])).get(hash) ?? '[]') as Listed[];
  const hashes = list.flatMap((one) => ('hash' in one ? [one.hash] : []));
  const texts = await readContents(read, [...new Set(hashes)]);
  return Object.fromEntries(
    list.map((one) => [one.file, 'hash' in one ? (texts.get(one.hash) ?? '') : one.text]),
  );
}

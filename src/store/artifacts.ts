import { sql } from 'kysely';
import { newId } from '../lib/ids.ts';
import { keepRecent } from '../lib/recent.ts';
import type { Artifact } from '../solidity/types.ts';
import { type Content, contentOf, inTurns, type StoredContent, textOf } from './contents.ts';
import type { Reader } from './db.ts';

/** One contract of a compile, ready to be stored. */
export interface PackedArtifact {
  id: string;
  artifact: Artifact;
  /** Of the whole artifact, which is always large enough: its metadata alone is. */
  content: Content;
}

/** A contract as one text: what is asked for is a contract, and one that a change did not touch is one row. */
export function packArtifact(artifact: Artifact): PackedArtifact {
  return { id: newId(), artifact, content: contentOf(JSON.stringify(artifact)) };
}

/** An artifact with the hash that it is stored by. */
export interface StoredArtifact {
  artifact: Artifact;
  hash: string;
}

/**
 * The contracts of a compilation, in the order in which the compiler gave them.
 * @throws AppError `stored-content-damaged`
 */
export async function listArtifacts(read: Reader, inputHash: string): Promise<Artifact[]> {
  const { rows } = await sql<StoredContent>`
    select contents.hash, contents.compression, contents.bytes
    from artifacts join contents on contents.hash = artifacts.content_hash
    where artifacts.input_hash = ${inputHash} order by artifacts.id`.execute(read);
  return inTurns(rows, async (row) => (await toArtifact(row)).artifact);
}

/**
 * Finds a contract of a compilation by `file:Name`, or by its name alone where that is enough.
 * @throws AppError `stored-content-damaged`
 */
export async function findArtifact(
  read: Reader,
  inputHash: string,
  name: string,
): Promise<StoredArtifact | null> {
  const { rows } = await sql<StoredContent>`
    select contents.hash, contents.compression, contents.bytes
    from artifacts join contents on contents.hash = artifacts.content_hash
    where artifacts.input_hash = ${inputHash}
      and ${name} in (artifacts.contract, artifacts.file || ':' || artifacts.contract) limit 2`.execute(read);
  const [row, another] = rows;
  return row && !another ? toArtifact(row) : null;
}

/** @throws AppError `stored-content-damaged` */
export async function toArtifact(row: StoredContent): Promise<StoredArtifact> {
  return { artifact: JSON.parse(await textOf(row)) as Artifact, hash: row.hash };
}

/** By the hash of what they say, so none is ever out of date; in characters. */
const known = keepRecent<StoredArtifact>(8_388_608);

/**
 * The same for whoever asks for one contract again and again, and only reads it: it is unpacked and checked once.
 * @returns what others get too, and nobody may change
 * @throws AppError `stored-content-damaged`
 */
export async function toKnownArtifact(row: StoredContent): Promise<StoredArtifact> {
  const found = known.get(row.hash);
  if (found) return found;
  const stored = await toArtifact(row);
  known.set(row.hash, stored, JSON.stringify(stored.artifact).length);
  return stored;
}

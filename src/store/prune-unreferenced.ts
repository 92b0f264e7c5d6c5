import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './db.ts';

/** What goes when its last reference has gone. */
interface Unreferenced {
  kind: 'compilation' | 'content';
  /** Locks those of the hashes that are there and that nobody is about to refer to. */
  lock(hashes: string[]): RawBuilder<{ hash: string }>;
  /** Removes those of the locked ones that no row refers to. */
  remove(hashes: string[]): RawBuilder<unknown>;
}

export const unreferencedCompilations: Unreferenced = {
  kind: 'compilation',
  lock: (hashes) => sql`
    select input_hash as hash from compilations where input_hash = any(${hashes}::text[])
    order by input_hash for update skip locked`,
  remove: (hashes) => sql`
    delete from compilations where input_hash = any(${hashes}::text[])
      and not exists (select from builds where builds.input_hash = compilations.input_hash)`,
};

export const unreferencedContents: Unreferenced = {
  kind: 'content',
  lock: (hashes) => sql`
    select hash from contents where hash = any(${hashes}::text[]) order by hash for update skip locked`,
  remove: (hashes) => sql`
    delete from contents where hash = any(${hashes}::text[])
      and not exists (select from content_parts where part = hash)
      and not exists (select from artifacts where content_hash = hash)
      and not exists (select from compilations where sources_hash = hash)
      and not exists (select from builds where sources_hash = hash)
      and not exists (select from generations where sources_hash = hash)
      and not exists (select from audits where sources_hash = hash)
      and not exists (select from pipelines where sources_hash = hash)`,
};

/**
 * Looks at candidates, which triggers write down when a row that referred to something is deleted (migration 0007), and
 * removes those that nothing else refers to.
 *
 * A transaction that is about to refer to one holds its row (`keepContents`, `findCompilation`). Such a row is passed over
 * here and stays a candidate. The others are locked first, and references are looked for in a statement of its own: it
 * sees what was committed before the lock, and from then on nobody can refer to the row. The foreign keys would refuse
 * the removal of what is referred to in any case.
 *
 * @param limit candidates at most
 * @returns how many rows went; candidates that turned out to be in use are not counted
 */
export async function pruneUnreferenced(
  tx: Tx,
  { kind, lock, remove }: Unreferenced,
  limit: number,
): Promise<number> {
  if (limit <= 0) return 0;
  const { rows: candidates } = await sql<{ hash: string }>`
    select hash from prune_candidates where kind = ${kind} order by noted_at limit ${limit}
    for update skip locked`.execute(tx.sql);
  if (candidates.length === 0) return 0;
  const hashes = candidates.map(({ hash }) => hash);
  const locked = (await lock(hashes).execute(tx.sql)).rows.map(({ hash }) => hash);
  // First: what is removed may leave candidates, and some of these may be known as such already.
  await forget(tx, kind, { hashes, locked });
  const { numAffectedRows = 0n } = await remove(locked).execute(tx.sql);
  return Number(numAffectedRows);
}

/** Those that are looked at, and those that are not there any more, are candidates no longer. */
async function forget(
  tx: Tx,
  kind: Unreferenced['kind'],
  { hashes, locked }: { hashes: string[]; locked: string[] },
): Promise<void> {
  const table = kind === 'content' ? sql`contents` : sql`compilations`;
  const key = kind === 'content' ? sql`contents.hash` : sql`compilations.input_hash`;
  await sql`
    delete from prune_candidates where kind = ${kind} and hash = any(${hashes}::text[])
      and (hash = any(${locked}::text[])
        or not exists (select from ${table} where ${key} = prune_candidates.hash))`.execute(tx.sql);
}

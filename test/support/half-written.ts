import { sql } from 'kysely';
import type { Store } from '../../src/store/db.ts';

/*
 * Each statement lists rows that only a half-done write could leave. A transaction that was rolled back leaves none
 * of them, and neither does work that is still under way.
 */
const subjects = [
  ['generations', 'generate', 'status', ['pending']],
  ['builds', 'compile', 'status', ['pending']],
  ['audits', 'audit', 'status', ['pending']],
  ['webhook_deliveries', 'webhook', 'status', ['pending']],
  ['deployments', 'deploy', 'state', ['queued', 'preparing', 'signed', 'broadcast', 'mined']],
] as const;

const open = sql`('queued', 'running', 'waiting')`;

/** Looks through every table for what nothing but a half-written change explains. @returns a line for each */
export async function findHalfWritten(store: Store): Promise<string[]> {
  const queries = [
    ...subjects.flatMap(([table, kind, column, unfinished]) => [
      sql<{ id: string; what: string }>`
        select id, ${`a row of ${table} that no job works on`} as what from ${sql.table(table)} t
        where not exists (select 1 from jobs where subject_id = t.id)`,
      sql<{ id: string; what: string }>`
        select id, ${`an unfinished row of ${table} whose jobs have all ended`} as what from ${sql.table(table)} t
        where ${sql.ref(column)} = any(${unfinished as unknown as string[]})
          and not exists (select 1 from jobs where subject_id = t.id and state in ${open})`,
      sql<{ id: string; what: string }>`
        select id, ${`a ${kind} job without its row of ${table}`} as what from jobs j
        where kind = ${kind} and not exists (select 1 from ${sql.table(table)} where id = j.subject_id)`,
    ]),
    sql<{ id: string; what: string }>`
      select id, 'an open pipeline with no open job' as what from pipelines p where state in ('queued', 'running')
        and not exists (select 1 from jobs where pipeline_id = p.id and state in ${open})`,
    sql<{ id: string; what: string }>`
      select id, 'an ended pipeline with an open job' as what from pipelines p where state not in ('queued', 'running')
        and exists (select 1 from jobs where pipeline_id = p.id and state in ${open})`,
    sql<{ id: string; what: string }>`
      select id, 'a pending verification with no open job' as what from verifications v where status = 'pending'
        and not exists (select 1 from jobs where subject_id = v.id and state in ${open})`,
    sql<{ id: string; what: string }>`
      select id, 'a finished build without its compilation' as what from builds
      where status = 'succeeded' and input_hash is null`,
    ...['jobs', 'pipelines', 'deployments'].map(
      (table) => sql<{ id: string; what: string }>`
        select id, ${`events of ${table} with a gap`} as what from ${sql.table(table)} t
        where event_seq <> (select count(*) from events where subject_id = t.id)`,
    ),
    sql<{ id: string; what: string }>`
      select d.id, 'a confirmed deployment without exactly one transaction' as what from deployments d
      where state = 'confirmed' and 1 <> (select count(*) from transactions where deployment_id = d.id)`,
  ];
  const found = await Promise.all(queries.map((query) => query.execute(store.read)));
  return found.flatMap(({ rows }) => rows.map(({ id, what }) => `${what}: ${id}`));
}

/** @returns how many rows each table has that a request may add to */
export async function countRows(store: Store): Promise<Record<string, number>> {
  const tables = [...subjects.map(([table]) => table), 'jobs', 'pipelines', 'events', 'transactions'];
  const counts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql<{ count: number }>`select count(*) from ${sql.table(table)}`.execute(
        store.read,
      );
      return [table, rows[0]?.count ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
}

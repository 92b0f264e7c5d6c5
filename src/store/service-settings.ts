import { sql } from 'kysely';
import { json, type Reader, type Tx } from './db.ts';

/** What this installation remembers of itself. @returns undefined when it was never set */
export async function getServiceSetting(read: Reader, key: string): Promise<unknown> {
  const row = await read
    .selectFrom('service_settings')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value;
}

export async function setServiceSetting(tx: Tx, key: string, value: unknown): Promise<void> {
  await tx.sql
    .insertInto('service_settings')
    .values({ key, value: json(value) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: json(value) }))
    .execute();
}

/** One process at a time decides about the settings; held to the end of the transaction. */
export async function lockServiceSettings(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(4280003)`.execute(tx.sql);
}

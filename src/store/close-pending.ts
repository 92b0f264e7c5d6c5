import type { StoredError } from '../lib/app-error.ts';
import { json, type Tx } from './db.ts';

/** Tables whose rows a job fills. */
export type PendingTable = 'generations' | 'builds' | 'audits';

/** Marks the subject of a job that ended without a result as failed, unless it has one already. */
export async function closePending(
  tx: Tx,
  subject: { table: PendingTable; id: string; error: StoredError | null },
): Promise<void> {
  const { table, id, error } = subject;
  await tx.sql
    .updateTable(table)
    .set({ status: 'failed', error: error ? json(error) : null, completed_at: new Date() })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

import { sql } from 'kysely';
import { limits } from '../lib/limits.ts';
import { json, type Reader, type Tx } from './db.ts';

/** Whoever has a log of events: the counter lies on the subject's own row. */
export type SubjectKind = 'jobs' | 'pipelines' | 'deployments';

export interface Event {
  seq: number;
  type: string;
  data: Record<string, unknown>;
  at: string;
}

/**
 * Appends to the subject's log in the transaction of the change. The counter on the row is locked until the commit,
 * so the sequence has no gap and readers see it in order.
 * @returns the event's sequence number, from 1
 */
export async function appendEvent(
  tx: Tx,
  event: { subject: SubjectKind; subjectId: string; type: string; data: Record<string, unknown> },
): Promise<number> {
  const result = await sql<{ seq: number }>`
    with subject as (
      update ${sql.table(event.subject)} set event_seq = event_seq + 1
      where id = ${event.subjectId} returning owner_id, event_seq
    )
    insert into events (subject_id, seq, owner_id, type, data)
    select ${event.subjectId}, event_seq, owner_id, ${event.type}, ${json(event.data)}::jsonb from subject
    returning seq`.execute(tx.sql);
  tx.changedSubjects.add(event.subjectId);
  return result.rows[0]?.seq ?? 0;
}

/** @returns the events after `since`, oldest first, at most one page */
export async function readEvents(
  read: Reader,
  where: { ownerId: string; subjectId: string; since: number; limit?: number },
): Promise<Event[]> {
  const rows = await read
    .selectFrom('events')
    .select(['seq', 'type', 'data', 'at'])
    .where('subject_id', '=', where.subjectId)
    .where('owner_id', '=', where.ownerId)
    .where('seq', '>', where.since)
    .orderBy('seq')
    .limit(where.limit ?? limits.eventsPageMax)
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    type: row.type,
    data: row.data as Record<string, unknown>,
    at: row.at.toISOString(),
  }));
}

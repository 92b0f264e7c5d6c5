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

/** Where one reader of a log stands. */
export interface EventsWanted {
  subjectId: string;
  ownerId: string;
  since: number;
}

/** An event whose data is still JSON text: it is passed on as it is, and taking it apart would be for nothing. */
export interface RawEvent {
  seq: number;
  type: string;
  dataJson: string;
  at: string;
}

/**
 * Reads on in many logs with one statement, because a statement costs more than a row.
 * @param limit events of each log, at most
 * @returns a page for each of `wanted`, in their order, oldest events first
 */
export async function readEventPages(
  read: Reader,
  wanted: readonly EventsWanted[],
  limit: number,
): Promise<RawEvent[][]> {
  const { rows } = await sql<{ place: number; seq: number; type: string; dataJson: string; at: Date }>`
    select wanted.place, page.seq, page.type, page.data::text as "dataJson", page.at
    from unnest(${wanted.map(({ subjectId }) => subjectId)}::uuid[], ${wanted.map(({ ownerId }) => ownerId)}::uuid[],
      ${wanted.map(({ since }) => since)}::bigint[]) with ordinality as wanted(subject_id, owner_id, since, place)
    cross join lateral (
      select seq, type, data, at from events
      where events.subject_id = wanted.subject_id and events.owner_id = wanted.owner_id and seq > wanted.since
      order by seq limit ${limit}
    ) as page
    order by wanted.place, page.seq`.execute(read);
  const pages: RawEvent[][] = wanted.map(() => []);
  for (const { place, at, ...event } of rows) pages[place - 1]?.push({ ...event, at: at.toISOString() });
  return pages;
}

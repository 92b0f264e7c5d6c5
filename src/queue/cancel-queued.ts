import { sql } from 'kysely';
import type { Tx } from '../store/db.ts';

/**
 * Cancels the jobs of these subjects that nobody works on, in one statement: for whoever has ended the subjects
 * already, so nobody is told that the jobs have ended. Rows that others hold are passed over: a worker has them now.
 */
export async function cancelQueued(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  if (subjectIds.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    with unwanted as (
      select id from jobs where subject_id = any(${subjectIds as string[]}::uuid[]) and state = 'queued'
      order by id for update skip locked
    ), job as (
      update jobs set state = 'cancelled', cancel_requested_at = now(), completed_at = now(), state_since = now(),
        event_seq = event_seq + 1
      from unwanted where jobs.id = unwanted.id
      returning jobs.id, jobs.owner_id, jobs.event_seq
    ), log as (
      insert into events (subject_id, seq, owner_id, type, data)
      select id, event_seq, owner_id, 'cancelled', '{}'::jsonb from job
    )
    select id from job`.execute(tx.sql);
  for (const { id } of rows) tx.changedSubjects.add(id);
}

import { sql } from 'kysely';
import { newId } from '../lib/ids.ts';
import { json, type Tx } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { type JobKind, kinds } from './kinds.ts';

export interface NewJob extends Ownership {
  kind: JobKind;
  subjectId: string;
  pipelineId?: string | null;
  requestId: string;
  /** Not before this many seconds from now. */
  delaySeconds?: number;
}

/**
 * Writes the job's row and its first event in the caller's transaction, with the subject; workers are woken after
 * the commit. One statement.
 * @returns the job's id
 */
export async function enqueue(tx: Tx, job: NewJob): Promise<string> {
  const id = newId();
  const rules = kinds[job.kind];
  await sql`
    with job as (
      insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, pipeline_id, attempts_max, priority,
        request_id, event_seq, run_at)
      values (${id}, ${job.ownerId}, ${job.userId}, ${job.projectId}, ${job.kind}, ${job.subjectId},
        ${job.pipelineId ?? null}, ${rules.attemptsMax}, ${rules.priority}, ${job.requestId}, 1,
        now() + make_interval(secs => ${job.delaySeconds ?? 0}))
    )
    insert into events (subject_id, seq, owner_id, type, data)
    values (${id}, 1, ${job.ownerId}, 'queued', ${json({ kind: job.kind, subjectId: job.subjectId })}::jsonb)`.execute(
    tx.sql,
  );
  tx.jobsDue = true;
  tx.changedSubjects.add(id);
  return id;
}

/**
 * Writes a job that has nothing left to do, because what it would make is there already: it has its row and its
 * events like any other, and has succeeded.
 * @returns the job's id
 */
export async function enqueueFinished(tx: Tx, job: NewJob): Promise<string> {
  const id = newId();
  await sql`
    with job as (
      insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, pipeline_id, attempts_max, priority,
        request_id, event_seq, state, progress, started_at, completed_at)
      values (${id}, ${job.ownerId}, ${job.userId}, ${job.projectId}, ${job.kind}, ${job.subjectId},
        ${job.pipelineId ?? null}, ${kinds[job.kind].attemptsMax}, ${kinds[job.kind].priority}, ${job.requestId}, 2,
        'succeeded', 100, now(), now())
    )
    insert into events (subject_id, seq, owner_id, type, data)
    values (${id}, 1, ${job.ownerId}, 'queued', ${json({ kind: job.kind, subjectId: job.subjectId })}::jsonb),
      (${id}, 2, ${job.ownerId}, 'succeeded', '{"cached": true}'::jsonb)`.execute(tx.sql);
  tx.changedSubjects.add(id);
  return id;
}

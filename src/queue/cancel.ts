import type { Tx } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { type JobState, terminalJobStates } from '../store/jobs.ts';
import { fail } from './errors.ts';
import type { EndedJob } from './finish.ts';

/** A job whose row is locked until the transaction ends. */
export interface LockedJob extends Omit<EndedJob, 'state' | 'error'> {
  state: JobState;
}

/** Locks a job's row, so that it neither starts nor ends meanwhile. @returns null for a stranger's job too */
export async function lockJob(tx: Tx, job: { ownerId: string; id: string }): Promise<LockedJob | null> {
  const row = await tx.sql
    .selectFrom('jobs')
    .select(['id', 'kind', 'subject_id', 'owner_id', 'pipeline_id', 'request_id', 'state'])
    .where('id', '=', job.id)
    .where('owner_id', '=', job.ownerId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    ownerId: row.owner_id,
    pipelineId: row.pipeline_id,
    requestId: row.request_id,
    state: row.state as JobState,
  };
}

/**
 * Cancels a locked job: at once while nobody works on it, else its worker finds the request at its next safe point.
 * @returns the job as it ended, or null while a worker still has it
 * @throws AppError `job-finished`
 */
export async function cancelLocked(tx: Tx, job: LockedJob): Promise<EndedJob | null> {
  if (terminalJobStates.includes(job.state)) throw fail('job-finished', { state: job.state });
  const running = job.state === 'running';
  const now = new Date();
  await tx.sql
    .updateTable('jobs')
    .set({
      cancel_requested_at: now,
      ...(running ? {} : { state: 'cancelled', completed_at: now, state_since: now }),
    })
    .where('id', '=', job.id)
    .execute();
  const type = running ? 'cancel-requested' : 'cancelled';
  await appendEvent(tx, { subject: 'jobs', subjectId: job.id, type, data: {} });
  return running ? null : { ...job, state: 'cancelled', error: null };
}

import { fail as queueFail } from '../queue/errors.ts';
import type { Tx } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { getJob, type Job, terminalJobStates } from '../store/jobs.ts';
import { endJob } from './end-job.ts';
import { recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Cancels a job: at once while nobody works on it, else at the worker's next safe point. Either way it is final.
 * @throws AppError `not-found`, `job-finished`, `job-not-cancellable` for a deployment that was signed
 */
export async function cancelJob(platform: Platform, context: ActionContext, id: string): Promise<Job> {
  const { ownerId } = context.actor;
  await platform.store.transaction(async (tx) => {
    await cancelIn(platform, tx, { ownerId, id });
    await recordAudit(tx, context, { action: 'job.cancelled', objectKind: 'job', objectId: id });
  });
  return getJob(platform.store.read, ownerId, id);
}

/** The same in the caller's transaction. */
export async function cancelIn(
  platform: Platform,
  tx: Tx,
  job: { ownerId: string; id: string },
): Promise<void> {
  const row = await tx.sql
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', job.id)
    .where('owner_id', '=', job.ownerId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) {
    await getJob(tx.sql, job.ownerId, job.id);
    return;
  }
  if (terminalJobStates.includes(row.state as Job['state']))
    throw queueFail('job-finished', { state: row.state });
  if (row.kind === 'deploy') await refuseSigned(tx, row.subject_id);
  await tx.sql
    .updateTable('jobs')
    .set({ cancel_requested_at: new Date() })
    .where('id', '=', job.id)
    .execute();
  if (row.state === 'running') {
    await appendEvent(tx, { subject: 'jobs', subjectId: job.id, type: 'cancel-requested', data: {} });
    return;
  }
  await tx.sql
    .updateTable('jobs')
    .set({ state: 'cancelled', completed_at: new Date() })
    .where('id', '=', job.id)
    .execute();
  await appendEvent(tx, { subject: 'jobs', subjectId: job.id, type: 'cancelled', data: {} });
  await endJob(platform)(tx, {
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    ownerId: row.owner_id,
    pipelineId: row.pipeline_id,
    requestId: row.request_id,
    state: 'cancelled',
    error: null,
  });
}

async function refuseSigned(tx: Tx, deploymentId: string): Promise<void> {
  const row = await tx.sql
    .selectFrom('deployments')
    .select('state')
    .where('id', '=', deploymentId)
    .executeTakeFirstOrThrow();
  if (row.state !== 'queued' && row.state !== 'preparing') throw queueFail('job-not-cancellable');
}

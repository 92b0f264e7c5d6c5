import { cancelLocked, lockJob } from '../queue/cancel.ts';
import { fail as queueFail } from '../queue/errors.ts';
import type { Tx } from '../store/db.ts';
import { deploymentState, isUnsigned } from '../store/deployment-states.ts';
import { fail as missing } from '../store/errors.ts';
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
  wanted: { ownerId: string; id: string },
): Promise<void> {
  const job = await lockJob(tx, wanted);
  if (!job) throw missing('not-found', { what: 'job', id: wanted.id });
  if (job.kind === 'deploy' && !terminalJobStates.includes(job.state)) await refuseSigned(tx, job.subjectId);
  const ended = await cancelLocked(tx, job);
  if (ended) await endJob(platform)(tx, ended);
}

async function refuseSigned(tx: Tx, deploymentId: string): Promise<void> {
  if (!isUnsigned(await deploymentState(tx.sql, deploymentId))) throw queueFail('job-not-cancellable');
}

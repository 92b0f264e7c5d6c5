import { lockJob } from '../queue/cancel.ts';
import { fail as queueFail } from '../queue/errors.ts';
import type { Tx } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { getPipeline, lockPipeline, type Pipeline, savePipeline } from '../store/pipelines.ts';
import { announcePipeline } from './announce.ts';
import { cancelIn } from './cancel-job.ts';
import { recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Cancels a pipeline with the job that it waits for. A blocked one is simply closed.
 * @throws AppError `not-found`, `job-finished`, `job-not-cancellable` once a deployment was signed
 */
export async function cancelPipeline(
  platform: Platform,
  context: ActionContext,
  id: string,
): Promise<Pipeline> {
  const { ownerId } = context.actor;
  for (;;) {
    const jobId = runningJob(await getPipeline(platform.store.read, ownerId, id));
    const done = await platform.store.transaction((tx) => cancelWith(platform, tx, { context, id, jobId }));
    // Else it moved on to its next stage just now: it has five at the most.
    if (done) return getPipeline(platform.store.read, ownerId, id);
  }
}

/**
 * The job is locked before the pipeline, as by the worker that ends it: the other way round each would wait for the
 * other.
 * @returns false when the pipeline waits for another job by now
 */
async function cancelWith(
  platform: Platform,
  tx: Tx,
  what: { context: ActionContext; id: string; jobId: string | null },
): Promise<boolean> {
  const { context, id, jobId } = what;
  const { ownerId } = context.actor;
  if (jobId) await lockJob(tx, { ownerId, id: jobId });
  const pipeline = await lockPipeline(tx, id);
  if (runningJob(pipeline) !== jobId) return false;
  await recordAudit(tx, context, { action: 'pipeline.cancelled', objectKind: 'pipeline', objectId: id });
  if (jobId) {
    await cancelIn(platform, tx, { ownerId, id: jobId });
    return true;
  }
  if (pipeline.state !== 'blocked') throw queueFail('job-finished', { state: pipeline.state });
  await appendEvent(tx, {
    subject: 'pipelines',
    subjectId: id,
    type: 'cancelled',
    data: { state: 'cancelled' },
  });
  const cancelled = { ...pipeline, state: 'cancelled' as const };
  await announcePipeline(tx, cancelled);
  await savePipeline(tx, cancelled);
  return true;
}

function runningJob({ stages }: Pipeline): string | null {
  return stages.find((stage) => stage.state === 'running')?.jobId ?? null;
}

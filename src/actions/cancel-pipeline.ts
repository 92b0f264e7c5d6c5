import { fail as queueFail } from '../queue/errors.ts';
import { appendEvent } from '../store/events.ts';
import { getPipeline, lockPipeline, type Pipeline, savePipeline } from '../store/pipelines.ts';
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
  await getPipeline(platform.store.read, ownerId, id);
  await platform.store.transaction(async (tx) => {
    const pipeline = await lockPipeline(tx, id);
    const running = pipeline.stages.find((stage) => stage.state === 'running');
    await recordAudit(tx, context, { action: 'pipeline.cancelled', objectKind: 'pipeline', objectId: id });
    if (running?.jobId) {
      await cancelIn(platform, tx, { ownerId, id: running.jobId });
      return;
    }
    if (pipeline.state !== 'blocked') throw queueFail('job-finished', { state: pipeline.state });
    await appendEvent(tx, {
      subject: 'pipelines',
      subjectId: id,
      type: 'cancelled',
      data: { state: 'cancelled' },
    });
    await savePipeline(tx, { ...pipeline, state: 'cancelled' });
  });
  return getPipeline(platform.store.read, ownerId, id);
}

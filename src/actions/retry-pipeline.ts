import type { Acknowledgement } from '../audit/types.ts';
import type { Tx } from '../store/db.ts';
import { type DeploymentStanding, isSigned, lockStanding } from '../store/deployment-states.ts';
import { appendEvent } from '../store/events.ts';
import { getPipeline, lockPipeline, type Pipeline, savePipeline } from '../store/pipelines.ts';
import { getPipelineWithResult, type PipelineWithResult } from '../store/results.ts';
import { admitJob } from './admit-job.ts';
import { advancePipeline } from './advance-pipeline.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { lifeOfPipelineKey } from './request-pipeline.ts';

/**
 * Goes on from the stage that failed, was blocked or was cancelled; what succeeded stays. Acknowledgements and a
 * confirmation given now are added to those of the request.
 * @throws AppError `not-found`, `pipeline-not-retryable`
 */
export async function retryPipeline(
  platform: Platform,
  context: ActionContext,
  request: { id: string; acknowledgements: Acknowledgement[]; confirmed: boolean },
): Promise<PipelineWithResult> {
  const { ownerId } = context.actor;
  const retry = async (tx: Tx) => {
    const seen = await getPipeline(tx.sql, ownerId, request.id);
    await admitJob(platform, tx, context);
    // Locked before the pipeline, as when a job of it ends.
    const deployment = deploymentOf(seen);
    const standing = deployment ? await lockStanding(tx, deployment) : null;
    const pipeline = await lockPipeline(tx, request.id);
    if (!['failed', 'blocked', 'cancelled'].includes(pipeline.state)) {
      throw fail('pipeline-not-retryable', { state: pipeline.state });
    }
    if (deploymentOf(pipeline) !== deployment) {
      throw fail('pipeline-not-retryable', { state: 'being retried by somebody else' });
    }
    if (standing) refuseSecondDeployment(pipeline, standing);
    const gate = pipeline.request.gate ?? { acknowledgements: [], confirmed: false };
    for (const stage of pipeline.stages) {
      if (stage.state === 'succeeded') continue;
      Object.assign(stage, {
        state: 'pending',
        jobId: null,
        subjectId: null,
        startedAt: null,
        completedAt: null,
        error: null,
      });
    }
    await appendEvent(tx, {
      subject: 'pipelines',
      subjectId: pipeline.id,
      type: 'retried',
      data: { state: 'queued' },
    });
    await savePipeline(tx, {
      ...pipeline,
      state: 'queued',
      error: null,
      request: {
        ...pipeline.request,
        via: context.actor.via,
        gate: {
          ...gate,
          acknowledgements: [...gate.acknowledgements, ...request.acknowledgements],
          confirmed: gate.confirmed || request.confirmed,
        },
      },
    });
    await recordAudit(tx, context, {
      action: 'pipeline.retried',
      objectKind: 'pipeline',
      objectId: pipeline.id,
    });
    await advancePipeline(platform, tx, { pipelineId: pipeline.id });
    return getPipelineWithResult(tx.sql, ownerId, pipeline.id);
  };
  return perform(platform, context, retry, { life: lifeOfPipelineKey });
}

function deploymentOf({ stages }: Pipeline): string | null {
  return stages.find((stage) => stage.name === 'deploy')?.subjectId ?? null;
}

/** A deployment that was signed is never made a second time: what is on the chain, or may get there, stays the one. */
function refuseSecondDeployment(pipeline: Pipeline, { state, openJob }: DeploymentStanding): void {
  const reason = isSigned(state)
    ? `its deployment is ${state}`
    : openJob
      ? `job ${openJob} works on its deployment`
      : null;
  if (reason) throw fail('pipeline-not-retryable', { state: `${pipeline.state}, but ${reason}` });
}

import { toStoredError } from '../lib/app-error.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { EndedJob, OnEnded } from '../queue/finish.ts';
import { closePending } from '../store/close-pending.ts';
import type { Tx } from '../store/db.ts';
import { closeUnsigned, findUnderWay } from '../store/deployment-states.ts';
import { lockPipeline, savePipeline } from '../store/pipelines.ts';
import { closeVerification } from '../store/verifications.ts';
import { closeDelivery } from '../store/webhook-deliveries.ts';
import { ownerHasNoReceivers } from '../store/webhooks.ts';
import { fail as webhookFail } from '../webhooks/errors.ts';
import { advancePipeline } from './advance-pipeline.ts';
import { announce } from './announce.ts';
import { fail } from './errors.ts';
import type { Platform } from './platform.ts';
import { jobEvent, unsignedDeploymentEvent } from './webhook-events.ts';

/** Which table a kind of job fills. */
const subjects = { generate: 'generations', compile: 'builds', audit: 'audits' } as const;

/** Pause before the deployment of a job that failed is taken up again, in seconds. */
const resumeSeconds = 15;

/**
 * What follows when a job ends, in the same transaction: its subject does not stay pending, and its pipeline moves.
 */
export function endJob(platform: Platform): OnEnded {
  const onEnded: OnEnded = async (tx, job) => {
    // Webhooks are not told of their own deliveries: that would never end.
    if (job.kind !== 'webhook') await announce(tx, { ...job, events: [jobEvent(job)] });
    if (job.state !== 'succeeded') {
      if (job.kind === 'deploy' && (await resumeDeployment(tx, job))) return;
      await closeSubject(tx, job);
    }
    if (job.pipelineId) await advancePipeline(platform, tx, { pipelineId: job.pipelineId, ended: job });
  };
  return Object.assign(onEnded, { nothingFollows: ownerHasNoReceivers });
}

/**
 * Signed bytes may be under way whatever became of the job: a deployment in that state gets another job, and its
 * pipeline waits for that one instead.
 */
async function resumeDeployment(tx: Tx, job: EndedJob): Promise<boolean> {
  const deployment = await findUnderWay(tx.sql, job.subjectId);
  if (!deployment) return false;
  const next = await enqueue(tx, {
    ...deployment,
    kind: 'deploy',
    subjectId: job.subjectId,
    pipelineId: job.pipelineId,
    requestId: job.requestId ?? job.id,
    delaySeconds: resumeSeconds,
  });
  if (job.pipelineId) await replaceStageJob(tx, job.pipelineId, { from: job.id, to: next });
  return true;
}

async function replaceStageJob(
  tx: Tx,
  pipelineId: string,
  jobs: { from: string; to: string },
): Promise<void> {
  const pipeline = await lockPipeline(tx, pipelineId);
  const stage = pipeline.stages.find((candidate) => candidate.jobId === jobs.from);
  if (!stage) return;
  stage.jobId = jobs.to;
  await savePipeline(tx, pipeline);
}

async function closeSubject(tx: Tx, job: EndedJob): Promise<void> {
  const { kind, subjectId: id, error } = job;
  if (kind === 'deploy') {
    // Nothing is signed, so nothing can happen on the chain any more.
    const status = job.state === 'cancelled' ? 'cancelled' : 'failed';
    const closed = await closeUnsigned(tx, { id, status, error });
    if (closed) await announce(tx, { ...job, events: [unsignedDeploymentEvent(closed, status, error)] });
  } else if (kind === 'verify') {
    await closeVerification(tx, id, error ?? toStoredError(fail('verification-cancelled')));
  } else if (kind === 'webhook') {
    await closeDelivery(tx, id, error ?? toStoredError(webhookFail('webhook-delivery-cancelled')));
  } else {
    await closePending(tx, { table: subjects[kind as keyof typeof subjects], id, error });
  }
}

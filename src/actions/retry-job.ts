import type { Acknowledgement } from '../audit/types.ts';
import type { DeployPlan } from '../deploy/types.ts';
import { type LockedJob, lockJob } from '../queue/cancel.ts';
import type { JobKind } from '../queue/kinds.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { getAuditRequest } from '../store/audits.ts';
import { getBuildRequest } from '../store/builds.ts';
import type { Tx } from '../store/db.ts';
import { type DeploymentStanding, isSigned, lockStanding } from '../store/deployment-states.ts';
import { type Deployment, getDeployment, loadDeploymentWork } from '../store/deployments.ts';
import { fail as missing } from '../store/errors.ts';
import { getGeneration } from '../store/generations.ts';
import { findRetryOf } from '../store/jobs.ts';
import type { JobWithResult } from '../store/results.ts';
import { fail as refuse } from './account-errors.ts';
import { hasScope } from './authenticate.ts';
import { chooseAudit } from './choose-audit.ts';
import { fail } from './errors.ts';
import { recordAudit } from './perform.ts';
import { performJob } from './perform-job.ts';
import type { ActionContext, Platform } from './platform.ts';
import { checkAudit, createAudit } from './request-audit.ts';
import { planCall } from './request-call.ts';
import { createBuild } from './request-compile.ts';
import { createDeployment, type DeploymentRequest, planRequested } from './request-deployment.ts';
import { checkGeneration, createGeneration, ownershipOf, type Requested } from './request-generation.ts';

/**
 * Tries a job anew that failed or was cancelled: a new job with a new subject, from what was asked for then. The old
 * one stays as it is. What can be checked at once is checked again, for a deployment the gate too.
 *
 * @param request.acknowledgements what the gate of a deployment may let pass; those given for the old one do not count
 * @param request.confirmed the explicit yes that a mainnet needs, given once more
 * @throws AppError `not-found`, `job-not-retryable`, `job-of-pipeline`, `job-retried`, `deployment-retried`,
 *   `job-kind-not-retryable`, `scope-missing`, and those of the action that made the old job
 */
export async function retryJob(
  platform: Platform,
  context: ActionContext,
  request: RetryRequest,
): Promise<JobWithResult> {
  const { id } = request;
  const work = async (tx: Tx) => {
    // Locked, so that two retries come one after the other and the second one finds the first.
    const job = await lockJob(tx, { ownerId: context.actor.ownerId, id });
    if (!job) throw missing('not-found', { what: 'job', id });
    await checkRetryable(tx, job);
    const kind = job.kind as RetryableKind;
    const made = await retriers[kind]({ platform, tx, context, job, request });
    await recordAudit(tx, context, {
      action: 'job.retried',
      objectKind: 'job',
      objectId: id,
      data: { kind, retriedAs: made.jobId },
    });
    return { kind, ...made };
  };
  return withReleases(platform.compiler, () => performJob(platform, context, work));
}

/** Which job, and what is said today to the gate of a deployment. */
export interface RetryRequest {
  id: string;
  acknowledgements: Acknowledgement[];
  confirmed: boolean;
}

async function checkRetryable(tx: Tx, job: LockedJob): Promise<void> {
  if (!(job.kind in retriers)) {
    const advice = adviceFor[job.kind] ?? 'What it is about has a way of its own to be done again.';
    throw fail('job-kind-not-retryable', { kind: job.kind, advice });
  }
  if (job.pipelineId) throw fail('job-of-pipeline', { id: job.pipelineId });
  if (job.state !== 'failed' && job.state !== 'cancelled') {
    throw fail('job-not-retryable', { state: job.state });
  }
  // One line of retries.
  const next = await findRetryOf(tx.sql, job.id);
  if (next) throw fail('job-retried', { next });
}

const adviceFor: Record<string, string> = {
  verify: 'Ask for it again with `POST /api/v1/deployments/{id}/verify`.',
  webhook: 'Deliver it again with `POST /api/v1/webhooks/{id}/deliveries/{did}/redeliver`.',
};

interface Retry {
  platform: Platform;
  tx: Tx;
  context: ActionContext;
  job: LockedJob;
  request: RetryRequest;
}

type RetryableKind = Extract<JobKind, 'generate' | 'compile' | 'audit' | 'deploy'>;

const retriers: Record<RetryableKind, (retry: Retry) => Promise<Requested>> = {
  async generate({ tx, context, job }) {
    const { request } = await getGeneration(tx.sql, job.ownerId, job.subjectId);
    checkGeneration(request);
    return createGeneration(tx, { ...inputOf(context, job), request });
  },

  async compile({ platform, tx, context, job }) {
    const request = await getBuildRequest(tx.sql, job.subjectId);
    const prepared = platform.compiler.prepare(request);
    return createBuild(tx, { ...inputOf(context, job), request, prepared });
  },

  async audit({ platform, tx, context, job }) {
    const request = await getAuditRequest(tx.sql, job.subjectId);
    await checkAudit(platform, tx.sql, job.ownerId, request);
    return createAudit(tx, { ...inputOf(context, job), request });
  },

  async deploy({ platform, tx, context, job, request }) {
    // The route is open to whoever may start jobs; who deploys must be allowed to.
    const scope = 'deployments:write';
    if (!hasScope(context.actor, scope)) throw refuse('scope-missing', { scope });
    const standing = await lockStanding(tx, job.subjectId);
    if (standing) refuseSecond(job, standing);
    const old = await getDeployment(tx.sql, job.ownerId, job.subjectId);
    const retryOf = { jobId: job.id, deploymentId: old.id };
    if (old.proxy || old.implementationId) {
      const what = old.call ? 'the upgrade' : 'the proxy';
      const advice = `Ask for ${what} again: the implementation that stands already costs nothing.`;
      throw fail('job-kind-not-retryable', { kind: 'deploy', advice });
    }
    if (old.call) {
      const { plan } = await loadDeploymentWork(tx.sql, old.id);
      const again = { ...termsOf(plan), signer: old.signerId, confirmed: request.confirmed };
      const { deploymentId: id, function: name, args } = old.call;
      const call = { ...again, id, function: name, args };
      return createDeployment(tx, await planCall(platform, tx.sql, context, call), context, retryOf);
    }
    const planned = await planRequested(platform, tx.sql, context, await askedFor({ tx, job, request }, old));
    return createDeployment(tx, planned, context, retryOf);
  },
};

function inputOf(context: ActionContext, job: LockedJob) {
  return { ...ownershipOf(context), pipelineId: null, requestId: context.requestId, retryOf: job.id };
}

/**
 * A deployment may have had several jobs, as one that failed while bytes were under way was followed by another, and the
 * deployment counts. What was signed is never made a second time: what is on the chain, or may get there, stays the one.
 */
function refuseSecond(job: LockedJob, standing: DeploymentStanding): void {
  const { state, pipelineId, openJob, retriedAs } = standing;
  if (pipelineId) throw fail('job-of-pipeline', { id: pipelineId });
  if (retriedAs) throw fail('deployment-retried', { next: retriedAs });
  if (openJob)
    throw fail('job-not-retryable', { state: `${job.state}, but job ${openJob} works on its deployment` });
  if (isSigned(state))
    throw fail('job-not-retryable', { state: `${job.state}, but its deployment is ${state}` });
}

/** What is paid, and what for. */
function termsOf({ value, feePolicy, feeCaps, confirmations, dryRun }: DeployPlan) {
  return { value, feePolicy, ...(feeCaps ? { feeCaps } : {}), confirmations, dryRun };
}

/**
 * What the old deployment was asked to be, and under no laxer policy. What was acknowledged and confirmed was for that
 * one only. The gate looks at the newest audit of the build, and at the old one where the build has none of its own.
 */
async function askedFor(
  { tx, job, request }: Pick<Retry, 'tx' | 'job' | 'request'>,
  deployment: Deployment,
): Promise<DeploymentRequest> {
  const { buildId, contract, gate } = deployment;
  const { plan } = await loadDeploymentWork(tx.sql, deployment.id);
  const newest = await chooseAudit(tx.sql, { ownerId: job.ownerId, buildId, auditId: undefined });
  const auditId = newest?.id ?? deployment.auditId;
  return {
    buildId,
    contract: `${contract.file}:${contract.name}`,
    ...(auditId ? { auditId } : {}),
    network: deployment.network,
    signer: deployment.signerId,
    constructorArgs: deployment.constructorArgs,
    ...(deployment.commit === null ? {} : { commit: deployment.commit }),
    ...termsOf(plan),
    ...(plan.create2 ? { salt: plan.create2.salt } : {}),
    ...(plan.verify === undefined ? {} : { verify: plan.verify }),
    gate: {
      ...(gate ? { policy: gate.policy } : {}),
      acknowledgements: request.acknowledgements,
      confirmed: request.confirmed,
    },
  };
}

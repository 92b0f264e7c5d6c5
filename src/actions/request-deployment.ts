import { enqueue } from '../queue/enqueue.ts';
import type { Reader, Tx } from '../store/db.ts';
import { type NewDeployment, newDeployment } from '../store/deployments.ts';
import type { DeployRequest, GateRequest } from '../store/pipelines.ts';
import type { JobWithResult } from '../store/results.ts';
import { chooseAudit } from './choose-audit.ts';
import { fail } from './errors.ts';
import { evaluateDeploymentGate } from './evaluate-deployment-gate.ts';
import { recordAudit } from './perform.ts';
import { performJob } from './perform-job.ts';
import { planDeployment, readPlanParts } from './plan-deployment.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf, type Requested } from './request-generation.ts';

export interface DeploymentRequest extends DeployRequest {
  buildId: string;
  contract?: string;
  /** The audit that the gate looks at; the build's newest one when absent. */
  auditId?: string;
  gate: GateRequest;
}

/**
 * Asks for a deployment of a build. The gate is evaluated before anything is written.
 * @throws AppError `policy-blocked` with the blocking findings, and those of `chooseAudit` and `planDeployment`
 */
export async function requestDeployment(
  platform: Platform,
  context: ActionContext,
  request: DeploymentRequest,
): Promise<JobWithResult> {
  // Checks stand inside: a repeat with the same key gets the first reply, whatever has changed since.
  return performJob(platform, context, async (tx) => {
    const deployment = await planRequested(platform, tx.sql, context, request);
    return { kind: 'deploy', ...(await createDeployment(tx, deployment, context)) };
  });
}

/**
 * Evaluates the gate and plans. Reads only.
 * @throws AppError those of `requestDeployment`
 */
export async function planRequested(
  platform: Platform,
  read: Reader,
  context: ActionContext,
  request: DeploymentRequest,
): Promise<NewDeployment> {
  const { ownerId } = context.actor;
  const { buildId, auditId } = request;
  const network = platform.chains.network(request.network);
  const wanted = {
    ...ownershipOf(context),
    deploy: request,
    buildId,
    ...(request.contract ? { contract: request.contract } : {}),
  };
  const parts = readPlanParts(platform, read, wanted);
  // Its errors are told where the plan needs it: those of audit and gate come first.
  parts.catch(() => {});
  const audit = await chooseAudit(read, { ownerId, buildId, auditId });
  const gate = evaluateDeploymentGate({ network, gate: request.gate, audit });
  if (gate.decision === 'blocked') throw blocked(gate);
  const input = { ...wanted, auditId: audit?.id ?? null, pipelineId: null, gate };
  return planDeployment(platform, read, input, parts);
}

/** The error that a blocked gate becomes: which policy, why, and the findings to fix or acknowledge. */
export function blocked(gate: NonNullable<NewDeployment['gate']>) {
  return fail(
    'policy-blocked',
    { policy: gate.policy, reasons: gate.reasons.map((reason) => reason.message).join(' ') },
    { data: { gate } },
  );
}

/** The rows behind it, in the caller's transaction, with what was acknowledged in the audit log. */
export async function createDeployment(
  tx: Tx,
  deployment: NewDeployment,
  context: ActionContext,
  /** What it tries anew. */
  retryOf?: { jobId: string; deploymentId: string },
): Promise<Requested> {
  const job = {
    ...deployment,
    kind: 'deploy' as const,
    subjectId: deployment.id,
    requestId: context.requestId,
    retryOf: retryOf?.jobId ?? null,
  };
  const row = newDeployment({ ...deployment, retryOf: retryOf?.deploymentId ?? deployment.retryOf ?? null });
  const jobId = await enqueue(tx, job, row);
  await recordAudit(tx, context, {
    action: 'deployment.requested',
    objectKind: 'deployment',
    objectId: deployment.id,
    data: {
      network: deployment.network,
      chainId: deployment.plan.chainId,
      contract: deployment.contract,
      signerId: deployment.signerId,
      from: deployment.plan.from,
    },
  });
  for (const acknowledged of deployment.gate?.acknowledged ?? []) {
    await recordAudit(tx, context, {
      action: 'finding.acknowledged',
      objectKind: 'deployment',
      objectId: deployment.id,
      data: { ...acknowledged, policy: deployment.gate?.policy, network: deployment.network },
    });
  }
  return { jobId, subjectId: deployment.id };
}

import { enqueue } from '../queue/enqueue.ts';
import type { Tx } from '../store/db.ts';
import { insertDeployment, type NewDeployment } from '../store/deployments.ts';
import type { DeployRequest, GateRequest } from '../store/pipelines.ts';
import { chooseAudit } from './choose-audit.ts';
import { fail } from './errors.ts';
import { evaluateDeploymentGate } from './evaluate-deployment-gate.ts';
import { perform, recordAudit } from './perform.ts';
import { planDeployment } from './plan-deployment.ts';
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
): Promise<Requested> {
  const { ownerId } = context.actor;
  const { buildId, auditId } = request;
  // Checks stand inside: a repeat with the same key gets the first reply, whatever has changed since.
  return perform(platform, context, async (tx) => {
    const network = platform.chains.network(request.network);
    const audit = await chooseAudit(tx.sql, { ownerId, buildId, auditId });
    const gate = evaluateDeploymentGate({ network, gate: request.gate, audit });
    if (gate.decision === 'blocked') throw blocked(gate);
    const deployment = await planDeployment(platform, tx.sql, {
      ...ownershipOf(context),
      deploy: request,
      buildId,
      ...(request.contract ? { contract: request.contract } : {}),
      auditId: audit?.id ?? null,
      pipelineId: null,
      gate,
    });
    return createDeployment(tx, deployment, context);
  });
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
): Promise<Requested> {
  await insertDeployment(tx, deployment);
  const jobId = await enqueue(tx, {
    ...deployment,
    kind: 'deploy',
    subjectId: deployment.id,
    requestId: context.requestId,
  });
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

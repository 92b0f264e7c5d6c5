import { randomBytes } from 'node:crypto';
import type { Hex } from '../chain/types.ts';
import { AppError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import type { Tx } from '../store/db.ts';
import {
  type DeploymentPlan,
  getDeploymentPlan,
  insertDeploymentPlan,
  lockPlanRequest,
  type PlanRequest,
} from '../store/deployment-plans.ts';
import type { NewDeployment } from '../store/deployments.ts';
import { admitJob } from './admit-job.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { createDeployment, planRequested } from './request-deployment.ts';
import { ownershipOf } from './request-generation.ts';

/**
 * Asks for one contract at one address on many chains (CREATE2): a deployment for each, made in one transaction, so that
 * either all of them are under way or none. From then on each goes its own way; a chain on which the contract stands
 * already is confirmed at no cost.
 *
 * @param request.salt 32 bytes; made up when absent
 * @throws AppError `plan-not-possible` with the reason for each chain, `plan-addresses-differ`
 */
export function requestDeploymentPlan(
  platform: Platform,
  context: ActionContext,
  request: Omit<PlanRequest, 'salt'> & { salt?: Hex },
): Promise<DeploymentPlan> {
  const { ownerId } = context.actor;
  return perform(platform, context, async (tx) => {
    const salt: Hex = request.salt ?? `0x${randomBytes(32).toString('hex')}`;
    const wanted: PlanRequest = { ...request, networks: [...new Set(request.networks)], salt };
    const deployments = await planEach(platform, tx, context, wanted);
    const addresses = new Set(deployments.map(({ plan }) => plan.create2?.address ?? plan.from));
    const [address] = addresses;
    if (address === undefined || addresses.size > 1) throw fail('plan-addresses-differ');
    const id = newId();
    insertDeploymentPlan(tx, { ...ownershipOf(context), id, request: wanted, address });
    for (const deployment of deployments) await start(platform, tx, context, { ...deployment, planId: id });
    await recordAudit(tx, context, {
      action: 'deployment-plan.requested',
      objectKind: 'deployment-plan',
      objectId: id,
      data: { networks: wanted.networks, salt, address },
    });
    return getDeploymentPlan(tx.sql, ownerId, id);
  });
}

/**
 * Tries anew on the chains where a plan failed, was reverted or was cancelled; what stands or is under way stays.
 *
 * @throws AppError `not-found`, `plan-not-resumable`, `plan-not-possible`
 */
export function resumeDeploymentPlan(
  platform: Platform,
  context: ActionContext,
  wanted: { id: string } & Pick<PlanRequest, 'gate'>,
): Promise<DeploymentPlan> {
  const { ownerId } = context.actor;
  const { id, gate } = wanted;
  return perform(platform, context, async (tx) => {
    const { request } = await lockPlanRequest(tx, ownerId, id);
    const before = await getDeploymentPlan(tx.sql, ownerId, id);
    const failed = before.deployments.filter(({ status }) =>
      ['failed', 'reverted', 'cancelled'].includes(status),
    );
    if (failed.length === 0) throw fail('plan-not-resumable', { state: before.state });
    const networks = failed.map(({ network }) => network);
    // What was acknowledged and confirmed was for those deployments only.
    const again = { ...request, networks, gate: { ...request.gate, ...gate } };
    const deployments = await planEach(platform, tx, context, again);
    for (const [at, deployment] of deployments.entries()) {
      const retryOf = failed[at]?.deploymentId;
      await start(platform, tx, context, { ...deployment, planId: id, retryOf: retryOf ?? null });
    }
    await recordAudit(tx, context, {
      action: 'deployment-plan.resumed',
      objectKind: 'deployment-plan',
      objectId: id,
      data: { networks },
    });
    return getDeploymentPlan(tx.sql, ownerId, id);
  });
}

async function start(
  platform: Platform,
  tx: Tx,
  context: ActionContext,
  deployment: NewDeployment,
): Promise<void> {
  await admitJob(platform, tx, context);
  await createDeployment(tx, deployment, context);
}

/** All chains are looked at, so that every reason is told at once. */
async function planEach(
  platform: Platform,
  tx: Tx,
  context: ActionContext,
  { networks, ...request }: PlanRequest,
): Promise<NewDeployment[]> {
  const deployments: NewDeployment[] = [];
  const problems: { network: string; error: AppError }[] = [];
  for (const network of networks) {
    try {
      deployments.push(await planRequested(platform, tx.sql, context, { ...request, network }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ network, error });
    }
  }
  if (problems.length === 0) return deployments;
  throw fail(
    'plan-not-possible',
    { problems: problems.map(({ network, error }) => `${network}: ${error.message}`).join(' ') },
    {
      issues: problems.map(({ network, error }) => ({
        pointer: `/networks/${networks.indexOf(network)}`,
        code: error.code,
        message: error.message,
      })),
    },
  );
}

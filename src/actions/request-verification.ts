import { fail as chainFail } from '../chain/errors.ts';
import type { NetworkVerifier } from '../chain/types.ts';
import { verifierProtocols } from '../chain/verifiers/index.ts';
import type { DeployPlan } from '../deploy/types.ts';
import { type AppError, toStoredError } from '../lib/app-error.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Reader, Tx } from '../store/db.ts';
import { lockStanding } from '../store/deployment-states.ts';
import { getDeployment } from '../store/deployments.ts';
import type { Ownership } from '../store/generations.ts';
import {
  askForVerification,
  listVerifications,
  type Verification,
  type VerificationStatus,
} from '../store/verifications.ts';
import { admitJob } from './admit-job.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf } from './request-generation.ts';

/** How a deployment's source stands, everywhere. */
export interface Verifications {
  deploymentId: string;
  status: VerificationStatus;
  verifiers: Verification[];
}

/**
 * Asks every place of the deployment's network to verify its source, for the first time or anew. What is under way or
 * verified stays as it is.
 * @throws AppError `not-found`, `not-a-creation`, `deployment-not-confirmed`, `network-not-configured`
 */
export function requestVerification(
  platform: Platform,
  context: ActionContext,
  id: string,
): Promise<Verifications> {
  const { ownerId } = context.actor;
  return perform(platform, context, async (tx) => {
    const { network, call, contract } = await getDeployment(tx.sql, ownerId, id);
    if (call) throw notACreation({ id, contract, target: call.deploymentId });
    const standing = await lockStanding(tx, id);
    if (standing?.state !== 'confirmed') {
      throw fail('deployment-not-confirmed', { id, status: standing?.state ?? 'gone' });
    }
    await admitJob(platform, tx, context);
    const { verifiers = [] } = platform.chains.network(network);
    const { requestId } = context;
    await start(platform, tx, { ...ownershipOf(context), deploymentId: id, requestId, verifiers });
    await recordAudit(tx, context, {
      action: 'deployment.verification-requested',
      objectKind: 'deployment',
      objectId: id,
      data: { network, verifiers: verifiers.map(({ kind }) => kind) },
    });
    return overview(tx.sql, id);
  });
}

/** The error for whoever asks of a call what only a contract has. */
export function notACreation(call: { id: string; contract: { name: string }; target: string }): AppError {
  return fail('not-a-creation', { id: call.id, contract: call.contract.name, target: call.target });
}

/** @throws AppError `not-found`, for a stranger's deployment too */
export async function getVerifications(read: Reader, ownerId: string, id: string): Promise<Verifications> {
  await getDeployment(read, ownerId, id);
  return overview(read, id);
}

/**
 * Starts the verification of a deployment in the transaction that records its confirmation: on networks that have a
 * place for it and are not local, unless the deployment was asked to be otherwise.
 */
export async function verifyConfirmed(
  platform: Platform,
  tx: Tx,
  { job, work }: { job: Ownership & { id: string; requestId: string | null }; work: Confirmed },
): Promise<void> {
  if (!isVerified(work.plan)) return;
  const { verifiers = [] } = platform.chains.network(work.network);
  const { ownerId, userId, projectId } = job;
  const requestId = job.requestId ?? job.id;
  await start(platform, tx, { ownerId, userId, projectId, deploymentId: work.id, requestId, verifiers });
}

/** Whether the source of a deployment is verified once it is confirmed. */
export function isVerified({ verify, networkKind }: Confirmed['plan']): boolean {
  return verify ?? networkKind !== 'local';
}

interface Confirmed {
  id: string;
  network: string;
  plan: Pick<DeployPlan, 'verify' | 'networkKind'>;
}

/** A row for each place, in their order, and a job for each that can be asked. */
async function start(
  { settings }: Platform,
  tx: Tx,
  wanted: Ownership & { deploymentId: string; requestId: string; verifiers: readonly NetworkVerifier[] },
): Promise<void> {
  const { deploymentId, requestId, verifiers, ...ownership } = wanted;
  const { ownerId } = ownership;
  for (const verifier of verifiers) {
    const { title, needsKey } = verifierProtocols[verifier.kind];
    const lacksKey = needsKey && settings.etherscan.apiKey === null;
    const id = await askForVerification(tx, {
      ...{ deploymentId, ownerId, verifier },
      status: lacksKey ? 'not_configured' : 'pending',
      error: lacksKey ? toStoredError(chainFail('verifier-not-configured', { verifier: title })) : null,
    });
    if (id && !lacksKey) await enqueue(tx, { ...ownership, kind: 'verify', subjectId: id, requestId });
  }
}

async function overview(read: Reader, deploymentId: string): Promise<Verifications> {
  const verifiers = await listVerifications(read, deploymentId);
  const statuses = new Set(verifiers.map(({ status }) => status));
  return {
    deploymentId,
    status: order.find((status) => statuses.has(status)) ?? 'not_configured',
    verifiers,
  };
}

/** What counts most first: verified somewhere is verified, and there is no verdict while one is to come. */
const order: readonly VerificationStatus[] = ['verified', 'pending', 'failed', 'unavailable'];

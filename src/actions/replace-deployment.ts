import type { ReplacementRequest } from '../deploy/types.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { dueNow } from '../queue/due-now.ts';
import type { Tx } from '../store/db.ts';
import {
  deploymentState,
  isUnsigned,
  lockReplaceable,
  setReplacementRequest,
} from '../store/deployment-states.ts';
import { type Deployment, getDeployment } from '../store/deployments.ts';
import { fail as missing } from '../store/errors.ts';
import { appendEvent } from '../store/events.ts';
import { cancelIn } from './cancel-job.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

type Wanted = Omit<ReplacementRequest, 'id'>;

/**
 * Cancels a deployment. Before anything is signed it ends at once. Afterwards the bytes cannot be called back: an empty
 * transaction is sent for the same nonce, and the deployment stays open until the chain has taken one of the two.
 *
 * @throws AppError `not-found`, `deployment-ended`, `deployment-mined`, `too-many-replacements`, `signer-external`
 */
export function cancelDeployment(
  platform: Platform,
  context: ActionContext,
  id: string,
): Promise<Deployment> {
  return replace(platform, context, id, { reason: 'cancel' });
}

/**
 * Offers more for bytes that are not mined yet, with the same nonce: whichever set of bytes is mined counts.
 *
 * @throws AppError as `cancelDeployment`, and `deployment-not-signed`
 */
export function speedUpDeployment(
  platform: Platform,
  context: ActionContext,
  request: { id: string } & Pick<ReplacementRequest, 'feePolicy' | 'feeCaps'>,
): Promise<Deployment> {
  const { id, feePolicy, feeCaps } = request;
  return replace(platform, context, id, {
    reason: 'speed-up',
    ...(feePolicy ? { feePolicy } : {}),
    ...(feeCaps ? { feeCaps } : {}),
  });
}

function replace(
  platform: Platform,
  context: ActionContext,
  id: string,
  wanted: Wanted,
): Promise<Deployment> {
  const { ownerId } = context.actor;
  return perform(platform, context, async (tx) => {
    const known = await lockReplaceable(tx, { ownerId, id });
    if (!known) throw missing('not-found', { what: 'deployment', id });
    const { state, openJob, answered, cancelling, external } = known;
    if (isUnsigned(state)) {
      if (wanted.reason !== 'cancel') throw fail('deployment-not-signed', { status: state });
      if (openJob) await cancelIn(platform, tx, { ownerId, id: openJob });
      // A worker is at it and may be about to sign: then the cancellation is what it finds next.
      if (isUnsigned(await deploymentState(tx.sql, id))) await request(tx, id, wanted);
    } else if (state === 'mined') throw fail('deployment-mined', { id });
    else if (state !== 'signed' && state !== 'broadcast')
      throw fail('deployment-ended', { id, status: state });
    // Only the wallet can make another transaction; what it made is given like the first signature.
    else if (external) throw fail('signer-external', { id });
    else if (answered >= limits.replacementRequestsMax)
      throw fail('too-many-replacements', { max: limits.replacementRequestsMax });
    // Asked twice, cancelled once.
    else if (!(wanted.reason === 'cancel' && cancelling)) await request(tx, id, wanted);
    await recordAudit(tx, context, {
      action: wanted.reason === 'cancel' ? 'deployment.cancel-requested' : 'deployment.speed-up-requested',
      objectKind: 'deployment',
      objectId: id,
      data: { ...wanted, status: state },
    });
    return getDeployment(tx.sql, ownerId, id);
  });
}

/** Written down for the worker, who looks at it whenever it takes the deployment up: now, where it waits. */
async function request(tx: Tx, id: string, wanted: Wanted): Promise<void> {
  const replacement: ReplacementRequest = { id: newId(), ...wanted };
  await setReplacementRequest(tx, id, replacement);
  await appendEvent(tx, {
    subject: 'deployments',
    subjectId: id,
    type: `${wanted.reason}-requested`,
    data: { requestId: replacement.id, ...wanted },
  });
  await dueNow(tx, { kind: 'deploy', subjectId: id });
}

import { limits } from '../lib/limits.ts';
import type { Tx } from '../store/db.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Refuses new work when the queue of the owner or of the service is full. Before anything is written, and only for what
 * is asked for from outside: what follows from an accepted job is always taken.
 * @throws AppError `service-queue-full`; the transaction fails with `owner-queue-full`
 */
export async function admitJob(
  platform: Pick<Platform, 'admission'>,
  tx: Tx,
  { actor }: Pick<ActionContext, 'actor'>,
): Promise<void> {
  await platform.admission.checkService(tx);
  platform.admission.checkOwner(tx, { ownerId: actor.ownerId, queuedMax: limits.jobsQueuedMax[actor.tier] });
}

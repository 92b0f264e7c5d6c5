import type { Tx } from '../store/db.ts';
import { fail as notThere } from '../store/errors.ts';
import { endStanding, endWaiver, getFindingToWaive, insertWaiver, type Waiver } from '../store/waivers.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Accepts a finding in its project, by its fingerprint, for ever or for a time: it is shown and does not count, in this audit
 * and in all others of the project. Takes the place of the waiver that there is.
 *
 * @throws AppError `not-found`, `waiver-expiry-past`; those of `perform`
 */
export function waiveFinding(
  platform: Platform,
  context: ActionContext,
  request: { findingId: string; reason: string; expiresAt: string | null },
): Promise<Waiver> {
  const { ownerId, userId } = context.actor;
  return perform(platform, context, async (tx) => {
    const finding = await getFindingToWaive(tx.sql, ownerId, request.findingId);
    const expiresAt = request.expiresAt === null ? null : new Date(request.expiresAt);
    if (expiresAt && expiresAt.getTime() <= Date.now())
      throw fail(
        'waiver-expiry-past',
        { time: expiresAt.toISOString() },
        { place: { pointer: '/expiresAt' } },
      );
    const { reason } = request;
    const waiver = await insertWaiver(tx, { ...finding, ownerId, userId, reason, expiresAt });
    const { fingerprint, detector, severity } = waiver;
    await recordAudit(tx, context, {
      action: 'finding.waived',
      objectKind: 'waiver',
      objectId: waiver.id,
      data: { fingerprint, detector, severity, reason, expiresAt: waiver.expiresAt },
    });
    return waiver;
  });
}

/** Ends the waiver of a finding's fingerprint. @throws AppError `not-found` */
export async function endWaiverOfFinding(
  platform: Platform,
  context: ActionContext,
  findingId: string,
): Promise<void> {
  const { ownerId, userId } = context.actor;
  await perform(platform, context, async (tx) => {
    const { projectId, fingerprint } = await getFindingToWaive(tx.sql, ownerId, findingId);
    const id = await endStanding(tx, { projectId, fingerprint, userId });
    if (id === undefined) throw notThere('not-found', { what: 'waiver of finding', id: findingId });
    await recordEnd(tx, context, { id, fingerprint });
    return null;
  });
}

/** Ends a waiver by its own id. @throws AppError `not-found` */
export async function endWaiverById(platform: Platform, context: ActionContext, id: string): Promise<void> {
  const { ownerId, userId } = context.actor;
  await perform(platform, context, async (tx) => {
    const { fingerprint } = await endWaiver(tx, { id, ownerId, userId });
    await recordEnd(tx, context, { id, fingerprint });
    return null;
  });
}

function recordEnd(
  tx: Tx,
  context: ActionContext,
  { id, fingerprint }: { id: string; fingerprint: string },
): Promise<void> {
  return recordAudit(tx, context, {
    action: 'waiver.removed',
    objectKind: 'waiver',
    objectId: id,
    data: { fingerprint },
  });
}

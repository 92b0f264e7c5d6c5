import { type Audit, getAudit, latestAuditOf } from '../store/audits.ts';
import { getBuild } from '../store/builds.ts';
import type { Reader } from '../store/db.ts';
import { fail } from './errors.ts';

/**
 * Finds the audit that the gate looks at for a build: the one that is named, else the build's newest. An audit says
 * something about the very source it looked at; one of another source would open the gate to anything.
 *
 * @returns null when none is named and there is none
 * @throws AppError `not-found`, `audit-of-other-source`
 */
export async function chooseAudit(
  read: Reader,
  wanted: { ownerId: string; buildId: string; auditId: string | undefined },
): Promise<Audit | null> {
  const { ownerId, buildId, auditId } = wanted;
  if (auditId === undefined) return latestAuditOf(read, ownerId, buildId);
  const audit = await getAudit(read, ownerId, auditId);
  if (audit.buildId === buildId) return audit;
  const other = audit.buildId && (await getBuild(read, ownerId, audit.buildId)).inputHash;
  const own = (await getBuild(read, ownerId, buildId)).inputHash;
  if (own !== null && own === other) return audit;
  throw fail('audit-of-other-source', { audit: auditId, build: buildId }, { place: { pointer: '/auditId' } });
}

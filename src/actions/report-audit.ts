import { type Comparison, compareAudits } from '../audit/baseline.ts';
import { isOpen } from '../audit/open-findings.ts';
import type { Reported } from '../audit/reports/types.ts';
import type { AuditReport } from '../audit/types.ts';
import { type Audit, getAudit, getAuditSources } from '../store/audits.ts';
import type { Reader } from '../store/db.ts';
import { fail } from './errors.ts';

/**
 * Puts together what a report of an audit shows: its findings with what is suppressed and waived, the sources, and the
 * comparison with another audit.
 *
 * @param wanted.baseline id of the audit to compare with
 * @throws AppError `not-found`, `audit-not-finished`, `stored-content-damaged`
 */
export async function reportAudit(
  read: Reader,
  ownerId: string,
  wanted: { id: string; baseline?: string | undefined },
): Promise<Reported> {
  const audit = await getAudit(read, ownerId, wanted.id);
  const report = finished(audit);
  const sources = await getAuditSources(read, ownerId, wanted.id);
  const reported = { title: wanted.id, report, sources, base: '' };
  if (wanted.baseline === undefined) return reported;
  return { ...reported, comparison: await compareWithAudit(read, ownerId, audit, wanted.baseline) };
}

/**
 * Compares a finished audit with another one, over what is open in each.
 * @throws AppError `not-found`, `audit-not-finished`
 */
export async function compareWithAudit(
  read: Reader,
  ownerId: string,
  audit: Audit,
  baseline: string,
): Promise<Comparison> {
  const earlier = finished(await getAudit(read, ownerId, baseline));
  return compareAudits(finished(audit), { name: baseline, findings: earlier.findings.filter(isOpen) });
}

function finished({ id, status, tools, findings, overall, counts }: Audit): AuditReport {
  if (status === 'pending' || counts === null) throw fail('audit-not-finished', { id });
  return { tools, findings, overall, counts };
}

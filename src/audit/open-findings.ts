import { type AuditReport, type Finding, type Severity, severities } from './types.ts';

/** Whether a finding counts: nobody has said, in the source or in the project, why it is accepted. */
export function isOpen(finding: Pick<Finding, 'suppressed' | 'waived'>): boolean {
  return finding.suppressed === undefined && finding.waived === undefined;
}

/**
 * Whether every tool that was asked looked at everything: what was not looked at is no pass, and says nothing of what is gone.
 */
export function isWhole({ tools }: Pick<AuditReport, 'tools'>): boolean {
  return tools.every(({ status }) => !['partial', 'failed', 'unavailable'].includes(status));
}

/** Whether `severity` is at least as bad as `limit`. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(limit);
}

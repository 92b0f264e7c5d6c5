import { limits } from '../lib/limits.ts';
import { isOpen } from './open-findings.ts';
import { type AuditReport, type Finding, type Severity, severities, type ToolReport } from './types.ts';

/**
 * Puts what tools found into one report: the most severe first, no more than may be kept. Findings that are suppressed
 * or waived count for nothing.
 */
export function summarise(tools: ToolReport[], findings: readonly Finding[]): AuditReport {
  const kept = [...findings].sort(bySeverity).slice(0, limits.findingsMax);
  const open = kept.filter(isOpen);
  return { tools, findings: kept, overall: highest(open), counts: count(open) };
}

function count(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 };
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

function highest(findings: readonly Finding[]): Severity | null {
  return severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? null;
}

/** Orders findings: the most severe first, then by place. */
export function bySeverity(a: Finding, b: Finding): number {
  const rank = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return rank || a.location.file.localeCompare(b.location.file) || a.location.line - b.location.line;
}

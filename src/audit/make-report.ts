import { limits } from '../lib/limits.ts';
import type { LeftOut } from '../solidity/parts/leave-out.ts';
import type { DetectorResult } from './audit-steps.ts';
import { detectors as allDetectors } from './detectors/index.ts';
import { indexSources } from './ir/source-index.ts';
import { applySuppressions } from './suppressions.ts';
import {
  type AuditReport,
  type AuditUnit,
  type Finding,
  type Severity,
  severities,
  type ToolReport,
} from './types.ts';

/** Version of the built-in analyser, shown in every report. */
export const analyserVersion = '0.1.0';

/** Puts together what reading a unit and running the detectors gave. */
export function makeReport(
  unit: AuditUnit,
  { read, results, seconds }: { read: ToolReport['problems']; results: DetectorResult[]; seconds: number },
): AuditReport {
  const problems = [...read, ...results.flatMap((result) => result.problems)];
  const ran = results.filter((result) => result.findings !== undefined);
  let complete = problems.length === 0;
  let findings = ran.flatMap((result) => result.findings ?? []);
  if (findings.length > limits.findingsMax) {
    problems.push({
      message: `${findings.length} findings; only the ${limits.findingsMax} most severe are kept`,
    });
    complete = false;
  }
  findings = findings.sort(bySeverity).slice(0, limits.findingsMax);
  if (ran.length > 0) {
    const marked = applySuppressions(findings, {
      source: indexSources(unit.sources, unit.asts),
      files: unit.ownFiles,
      known: allDetectors.map((detector) => detector.id),
    });
    findings = marked.findings;
    problems.push(...marked.problems); // A useless comment is worth a word, but the audit is whole.
  }
  const open = findings.filter((finding) => !finding.suppressed);
  const whole = open.length > 0 ? 'findings' : 'passed';
  const tool: ToolReport = {
    tool: 'slipway',
    version: analyserVersion,
    status: ran.length === 0 ? 'failed' : complete ? whole : 'partial',
    seconds,
    problems,
    detectors: ran.map(({ detector }) => detector),
  };
  return { tools: [tool], findings, overall: highest(open), counts: count(open) };
}

/**
 * One report for sources that were looked at in parts.
 *
 * @param reports of the parts, at least one
 * @param leftOut what is in none of the parts
 */
export function mergeReports(reports: readonly AuditReport[], leftOut: readonly LeftOut[]): AuditReport {
  const [only] = reports;
  if (only && reports.length === 1 && leftOut.length === 0) return only;
  const tools = reports.flatMap((report) => report.tools);
  const distinct = new Map<string, Finding>();
  for (const finding of reports.flatMap((report) => report.findings)) {
    const { file, line, column } = finding.location;
    const key = JSON.stringify([finding.detector, file, line, column]);
    if (!distinct.has(key)) distinct.set(key, finding);
  }
  const findings = [...distinct.values()].sort(bySeverity).slice(0, limits.findingsMax);
  const open = findings.filter((finding) => !finding.suppressed);
  const ran = tools.filter(({ status }) => status !== 'failed');
  const [first = [], ...others] = ran.map(({ detectors }) => detectors);
  const problems = [...leftOut.map(problemOf), ...distinctProblems(tools)];
  const tool: ToolReport = {
    tool: 'slipway',
    version: analyserVersion,
    // What was left out is no pass, whatever the rest says.
    status: ran.length === 0 ? 'failed' : 'partial',
    seconds: tools.reduce((sum, { seconds }) => sum + seconds, 0),
    problems: problems.length > 0 ? problems : [{ message: 'nothing of the sources could be looked at' }],
    detectors: first.filter((id) => others.every((ids) => ids.includes(id))),
  };
  return { tools: [tool], findings, overall: highest(open), counts: count(open) };
}

function problemOf({
  file,
  line,
  contract,
  function: name,
  what,
  reason,
}: LeftOut): ToolReport['problems'][0] {
  return {
    ...{ file, line },
    ...(contract === undefined ? {} : { contract }),
    ...(name === undefined ? {} : { function: name }),
    message: `${what} was left out: ${reason}`,
  };
}

function distinctProblems(tools: readonly ToolReport[]): ToolReport['problems'] {
  const all = tools.flatMap(({ problems }) => problems);
  return [...new Map(all.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function count(findings: Finding[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 };
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

function highest(findings: Finding[]): Severity | null {
  return severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? null;
}

function bySeverity(a: Finding, b: Finding): number {
  const rank = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return rank || a.location.file.localeCompare(b.location.file) || a.location.line - b.location.line;
}

import { limits } from '../lib/limits.ts';
import type { LeftOut } from '../solidity/parts/leave-out.ts';
import type { DetectorResult } from './audit-steps.ts';
import { detectors as allDetectors } from './detectors/index.ts';
import type { Copy } from './ir/program.ts';
import { indexSources } from './ir/source-index.ts';
import { bySeverity, summarise } from './summarise.ts';
import { applySuppressions } from './suppressions.ts';
import type { AuditReport, AuditUnit, Finding, ToolReport } from './types.ts';

/** Version of the built-in analyser, shown in every report. */
export const analyserVersion = '0.1.0';

/** Puts together what reading a unit and running the detectors gave. */
export function makeReport(
  unit: AuditUnit,
  {
    read,
    copies = [],
    results,
    seconds,
  }: {
    read: ToolReport['problems'];
    copies?: readonly Copy[];
    results: DetectorResult[];
    seconds: number;
  },
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
    ...(copies.length > 0 ? { copies: [...copies] } : {}),
  };
  return summarise([tool], findings);
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
    if (!distinct.has(key)) distinct.set(key, ofPart(finding, leftOut));
  }
  const ran = tools.filter(({ status }) => status !== 'failed');
  const [first = [], ...others] = ran.map(({ detectors }) => detectors);
  const copies = tools.flatMap((one) => one.copies ?? []);
  const problems = [...leftOut.map(problemOf), ...distinctProblems(tools)];
  const tool: ToolReport = {
    tool: 'slipway',
    version: analyserVersion,
    // What was left out is no pass, whatever the rest says.
    status: ran.length === 0 ? 'failed' : 'partial',
    seconds: tools.reduce((sum, { seconds }) => sum + seconds, 0),
    problems: problems.length > 0 ? problems : [{ message: 'nothing of the sources could be looked at' }],
    detectors: first.filter((id) => others.every((ids) => ids.includes(id))),
    ...(copies.length > 0 ? { copies } : {}),
  };
  return summarise([tool], [...distinct.values()]);
}

/** Detectors that miss something: what they miss may stand in what was left out. */
const absences = new Set(allDetectors.filter(({ isOfWhole }) => isOfWhole).map(({ id }) => id));

/** What is said of a contract as a whole is a guess where a part of it is out of sight. */
function ofPart(finding: Finding, leftOut: readonly LeftOut[]): Finding {
  const isOfWhole = finding.function === undefined || absences.has(finding.detector);
  const isSeen = !leftOut.some(({ file, isRead }) => file === finding.location.file && !isRead);
  return !isOfWhole || isSeen ? finding : { ...finding, confidence: 'low' };
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

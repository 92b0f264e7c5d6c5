import { limits } from '../lib/limits.ts';
import type { Detector } from './detector.ts';
import { detectors as allDetectors } from './detectors/index.ts';
import { collect } from './findings.ts';
import { buildProgram, type Program } from './ir/program.ts';
import { type Runs, runAll } from './ir/runs.ts';
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

export interface AuditOptions {
  /** Milliseconds; only differences are used. */
  now: () => number;
  /** Which detectors run: all of the list unless a test says otherwise. */
  detectors?: readonly Detector[];
}

/**
 * Audits typed syntax trees with the built-in analyser. Pure: same unit, same report, but for the seconds.
 * A detector or file that fails is named in `problems` and makes the tool `partial`; the rest stands.
 */
export function runAudit(unit: AuditUnit, options: AuditOptions): AuditReport {
  const started = options.now();
  const detectors = options.detectors ?? allDetectors;
  const problems: ToolReport['problems'] = [];
  const audited = prepare(unit, problems);
  let findings: Finding[] = [];
  const ran: string[] = [];
  for (const detector of audited ? detectors : []) {
    const found = audited && runDetector(detector, audited, problems);
    if (!found) continue;
    ran.push(detector.id);
    findings.push(...found);
  }
  let complete = problems.length === 0;
  if (findings.length > limits.findingsMax) {
    problems.push({
      message: `${findings.length} findings; only the ${limits.findingsMax} most severe are kept`,
    });
    complete = false;
  }
  findings = findings.sort(bySeverity).slice(0, limits.findingsMax);
  if (audited) {
    const known = allDetectors.map((detector) => detector.id);
    const marked = applySuppressions(findings, {
      source: audited.program.source,
      files: unit.ownFiles,
      known,
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
    seconds: (options.now() - started) / 1000,
    problems,
    detectors: ran,
  };
  return { tools: [tool], findings, overall: highest(open), counts: count(open) };
}

function prepare(
  unit: AuditUnit,
  problems: ToolReport['problems'],
): { program: Program; runs: Runs } | undefined {
  const missing = unit.ownFiles.filter((file) => !unit.asts[file] || unit.sources[file] === undefined);
  for (const file of missing) problems.push({ file, message: 'this file has no text or no syntax tree' });
  if (unit.ownFiles.length === missing.length) {
    if (missing.length === 0) problems.push({ message: 'there is no file to audit' });
    return undefined;
  }
  try {
    const program = buildProgram(unit);
    const runs = runAll(program);
    for (const { entry, message } of runs.failures) {
      const file = program.source.fileOf(entry.node);
      problems.push({
        ...(file === undefined ? {} : { file }),
        message: `${entry.name} could not be followed: ${message}`,
      });
    }
    for (const { context, entry } of runs.entries.filter((item) => item.truncated)) {
      const file = program.source.fileOf(entry.node);
      const message = `${context.name}.${entry.name} is too large: its later calls were not followed`;
      problems.push({ ...(file === undefined ? {} : { file }), message });
    }
    return { program, runs };
  } catch (error) {
    problems.push({ message: `the sources could not be read: ${messageOf(error)}` });
    return undefined;
  }
}

function runDetector(
  detector: Detector,
  audited: { program: Program; runs: Runs },
  problems: ToolReport['problems'],
): Finding[] | undefined {
  try {
    const collector = collect(audited.program, detector);
    detector.run(audited, collector.report);
    const found = collector.findings();
    if (found.length <= limits.findingsPerDetectorMax) return found;
    const message = `${found.length} findings; only the first ${limits.findingsPerDetectorMax} are kept`;
    problems.push({ detector: detector.id, message });
    return found.slice(0, limits.findingsPerDetectorMax);
  } catch (error) {
    problems.push({ detector: detector.id, message: messageOf(error) });
    return undefined;
  }
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { limits } from '../lib/limits.ts';
import type { Audited, Detector } from './detector.ts';
import { collect } from './findings.ts';
import { buildProgram, type LibraryOf, type Program } from './ir/program.ts';
import { runAll } from './ir/runs.ts';
import { unknownNodes } from './ir/unknown-nodes.ts';
import type { AuditUnit, Finding, ToolReport } from './types.ts';

type Problems = ToolReport['problems'];

/** What one detector did; `findings` undefined when it failed. */
export interface DetectorResult {
  detector: string;
  findings: Finding[] | undefined;
  problems: Problems;
}

/**
 * Links a unit's trees and runs every entry point. What cannot be read is named in `problems`, the rest stands.
 *
 * @param libraryOf contracts that it knows are followed, and nothing in them is reported
 * @returns nothing to look at when no file could be read
 */
export function readUnit(
  unit: AuditUnit,
  libraryOf?: LibraryOf,
): { audited: Audited | undefined; problems: Problems } {
  const problems: Problems = [];
  const missing = unit.ownFiles.filter((file) => !unit.asts[file] || unit.sources[file] === undefined);
  for (const file of missing) problems.push({ file, message: 'this file has no text or no syntax tree' });
  if (unit.ownFiles.length === missing.length) {
    if (missing.length === 0) problems.push({ message: 'there is no file to audit' });
    return { audited: undefined, problems };
  }
  try {
    const program = buildProgram(unit, libraryOf);
    const runs = runAll(program);
    problems.push(...unknownNodes(program), ...notFollowed(program, runs));
    return { audited: { program, runs }, problems };
  } catch (error) {
    problems.push({ message: `the sources could not be read: ${messageOf(error)}` });
    return { audited: undefined, problems };
  }
}

function notFollowed(program: Program, runs: Audited['runs']): Problems {
  const at = (entry: { node: Parameters<Program['source']['fileOf']>[0] }) => {
    const file = program.source.fileOf(entry.node);
    return file === undefined ? {} : { file };
  };
  const failed = runs.failures.map(({ entry, message }) => ({
    ...at(entry),
    message: `${entry.name} could not be followed: ${message}`,
  }));
  const cut = runs.entries.filter(({ truncated }) => truncated);
  return [
    ...failed,
    ...cut.map(({ context, entry }) => ({
      ...at(entry),
      message: `${context.name}.${entry.name} is too large: its later calls were not followed`,
    })),
  ];
}

/** Runs one detector; what it throws is its own failure. */
export function runDetector(detector: Detector, audited: Audited): DetectorResult {
  const { id } = detector;
  try {
    const collector = collect(audited.program, detector);
    detector.run(audited, collector.report);
    const found = collector.findings();
    if (found.length <= limits.findingsPerDetectorMax) return { detector: id, findings: found, problems: [] };
    const message = `${found.length} findings; only the first ${limits.findingsPerDetectorMax} are kept`;
    const findings = found.slice(0, limits.findingsPerDetectorMax);
    return { detector: id, findings, problems: [{ detector: id, message }] };
  } catch (error) {
    return failedDetector(id, messageOf(error));
  }
}

/** @returns the result of a detector that gave none */
export function failedDetector(detector: string, message: string): DetectorResult {
  return { detector, findings: undefined, problems: [{ detector, message }] };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Compiler, Sources } from '../solidity/types.ts';
import type { Detector } from './detector.ts';
import { runAudit } from './run-audit.ts';
import type { AuditReport, AuditUnit } from './types.ts';
import { unitOfOutcome } from './unit-of-outcome.ts';

/** The file that examples are compiled as. */
export const exampleFile = 'Example.sol';

/**
 * Compiles sources with the real compiler for a test.
 *
 * @throws Error with the compiler's messages when it refuses them
 */
export async function unitOf(compiler: Compiler, sources: Sources): Promise<AuditUnit> {
  const prepared = compiler.prepare({ sources });
  const outcome = await compiler.ast(prepared);
  if (!outcome.ok) {
    const errors = outcome.diagnostics.filter((item) => item.severity === 'error');
    throw new Error(errors.map((item) => `${item.place?.line ?? '?'}: ${item.message}`).join('\n'));
  }
  return unitOfOutcome(outcome);
}

/** Compiles and audits sources for a test, with a clock that stands still. */
export async function auditOf(compiler: Compiler, sources: Sources): Promise<AuditReport> {
  return runAudit(await unitOf(compiler, sources), { now: () => 0 });
}

/**
 * Runs a detector on its own examples.
 *
 * @param compile the real compiler for one source file
 * @returns what is wrong: an expected line that is not found, a finding where none is expected. Empty when all is well
 */
export async function checkDetector(
  detector: Detector,
  compile: (source: string) => Promise<AuditUnit>,
): Promise<string[]> {
  const problems: string[] = [];
  if (detector.bad.length === 0) problems.push(`${detector.id} has no bad example`);
  if (detector.good.length === 0) problems.push(`${detector.id} has no good example`);
  const examples = [
    ...detector.bad.map((source) => ({ kind: 'bad', source })),
    ...detector.good.map((source) => ({ kind: 'good', source })),
  ];
  for (const [index, { kind, source }] of examples.entries()) {
    const name = `${detector.id}, ${kind} example ${kind === 'bad' ? index + 1 : index - detector.bad.length + 1}`;
    const expected = markedLines(source);
    if (kind === 'bad' && expected.length === 0)
      problems.push(`${name}: no line is marked with "// <-- finding"`);
    const report = runAudit(await compile(source), { now: () => 0, detectors: [detector] });
    for (const tool of report.tools)
      for (const problem of tool.problems) problems.push(`${name}: ${problem.message}`);
    const found = [...new Set(report.findings.map((finding) => finding.location.line))];
    for (const line of expected)
      if (!found.includes(line)) problems.push(`${name}: line ${line} is not found`);
    for (const line of found)
      if (!expected.includes(line)) problems.push(`${name}: line ${line} is found, but not marked`);
  }
  return problems;
}

function markedLines(source: string): number[] {
  return source.split('\n').flatMap((line, index) => (line.includes('// <-- finding') ? [index + 1] : []));
}

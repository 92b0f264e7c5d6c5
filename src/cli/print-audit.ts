import { type Comparison, describeComparison } from '../audit/baseline.ts';
import { isOpen } from '../audit/open-findings.ts';
import { severities } from '../audit/types.ts';
import type { Audited } from './audit-paths.ts';
import { coloursFor } from './colours.ts';
import type { Io } from './command.ts';
import { printDiagnostics } from './print-diagnostics.ts';
import { printFinding, printTool, severityColour } from './print-findings.ts';
import { printable } from './printable.ts';

/** An audit as one JSON object, with what the compiler said where it refused. */
export function printAuditJson(
  io: Io,
  { report, diagnostics }: Audited,
  comparison: Comparison | undefined,
): void {
  const refused = diagnostics.length > 0 ? { ok: false, diagnostics } : {};
  const compared = comparison ? { comparison } : {};
  io.stdout.write(`${JSON.stringify({ ...refused, ...report, ...compared })}\n`);
}

/** The same for people: findings, what the tools did, and what it comes to. Against an earlier audit only what is new is shown in full. */
export function printAudit(io: Io, { report, diagnostics, sources }: Audited, comparison?: Comparison): void {
  const colours = coloursFor(io.env, io.stdout);
  const say = (text: string) => io.stdout.write(`${text}\n`);
  printDiagnostics(io, diagnostics);
  const fresh = new Set(comparison?.new);
  for (const finding of report.findings) {
    if (!comparison) printFinding(io, finding, { sources });
    else if (fresh.has(finding.fingerprint)) printFinding(io, finding, { sources, state: 'new' });
  }
  for (const { severity, detector, location, message } of comparison?.fixed ?? [])
    say(
      `\n${colours.green('no longer found')} ${severity} ${detector} ${printable(location.file)}: ${printable(message)}`,
    );
  for (const tool of report.tools) printTool(io, tool);
  const counted = severities.filter((severity) => report.counts[severity] > 0);
  const sum = counted.map((severity) =>
    severityColour(severity, colours)(`${report.counts[severity]} ${severity}`),
  );
  const accepted = report.findings.filter((finding) => !isOpen(finding)).length;
  say(`${sum.join(', ') || 'no open findings'}${accepted > 0 ? `, ${accepted} accepted` : ''}`);
  if (comparison) say(`against ${comparison.with}: ${describeComparison(comparison)}`);
}

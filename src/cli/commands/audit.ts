import type { Command } from 'commander';
import { startAnalyser } from '../../audit/analyser.ts';
import { type Severity, severities } from '../../audit/types.ts';
import { unitOfOutcome } from '../../audit/unit-of-outcome.ts';
import { readParts } from '../../solidity/parts/read-parts.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { withJson } from '../options.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { printFinding, printTool } from '../print-findings.ts';
import { readSources } from '../read-sources.ts';
import { withCompiler } from '../with-compiler.ts';

interface AuditOptions {
  compiler?: string;
  failOn: Severity;
  json?: boolean;
}

/** `slipway audit`: looks for faults in a file or a folder. Works with no server. */
export const audit: CliCommand = {
  name: 'audit',
  configure(command: Command, run) {
    withJson(command)
      .description('look for faults in a file or a folder (needs no server)')
      .argument('<path>', 'a .sol file or a folder of them')
      .option('--compiler <version>', 'exact version or range')
      .option('--fail-on <severity>', `exit with 1 from this severity on: ${severities.join(', ')}`, 'low')
      .action((path: string, options: AuditOptions) => run((io) => auditIt(io, path, options)));
  },
};

async function auditIt(io: Io, path: string, options: AuditOptions): Promise<number> {
  const limit = severities.indexOf(options.failOn);
  if (limit < 0) {
    io.stderr.write(`--fail-on takes one of ${severities.join(', ')}.\n`);
    return exitCodes.usage;
  }
  const request = {
    ...readSources(io.cwd, path),
    ...(options.compiler ? { compiler: options.compiler } : {}),
  };
  const found = await withCompiler(io, (compiler) => readParts(compiler, request));
  if (found.parts.length === 0) {
    // An audit that could not run is not a pass.
    if (options.json) io.stdout.write(`${JSON.stringify({ ok: false, diagnostics: found.diagnostics })}\n`);
    else printDiagnostics(io, found.diagnostics);
    return exitCodes.failed;
  }
  const analyser = startAnalyser();
  const report = await analyser.audit(found.parts.map(unitOfOutcome), { leftOut: found.leftOut });
  await analyser.close();
  if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    for (const finding of report.findings) printFinding(io, finding);
    for (const tool of report.tools) printTool(io, tool);
  }
  const incomplete = report.tools.some((tool) => tool.status === 'partial' || tool.status === 'failed');
  const open = report.findings.some(
    (finding) => !finding.suppressed && severities.indexOf(finding.severity) <= limit,
  );
  return open || incomplete ? exitCodes.failed : exitCodes.ok;
}

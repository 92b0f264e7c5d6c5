import type { Command } from 'commander';
import { runAudit } from '../../audit/run-audit.ts';
import { type Severity, severities } from '../../audit/types.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { withJson } from '../options.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { printFinding } from '../print-findings.ts';
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
  const outcome = await withCompiler(io, (compiler) => compiler.ast(compiler.prepare(request)));
  if (!outcome.ok) {
    // An audit that could not run is not a pass.
    if (options.json) io.stdout.write(`${JSON.stringify({ ok: false, diagnostics: outcome.diagnostics })}\n`);
    else printDiagnostics(io, outcome.diagnostics);
    return exitCodes.failed;
  }
  const { prepared, asts } = outcome;
  const sources = Object.fromEntries(
    Object.entries(prepared.input.sources).map(([file, source]) => [file, source.content]),
  );
  const report = runAudit(
    { compiler: prepared.compiler, sources, asts, ownFiles: prepared.ownFiles },
    { now: () => performance.now() },
  );
  if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    for (const finding of report.findings) printFinding(io, finding);
    for (const tool of report.tools) io.stdout.write(`\n${tool.tool} ${tool.version}: ${tool.status}\n`);
  }
  const incomplete = report.tools.some((tool) => tool.status === 'partial' || tool.status === 'failed');
  const open = report.findings.some(
    (finding) => !finding.suppressed && severities.indexOf(finding.severity) <= limit,
  );
  return open || incomplete ? exitCodes.failed : exitCodes.ok;
}

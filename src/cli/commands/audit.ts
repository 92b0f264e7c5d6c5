import type { Command } from 'commander';
import { startAnalyser } from '../../audit/analyser.ts';
import { proveFindings } from '../../audit/proof/prove-findings.ts';
import { startProver } from '../../audit/proof/start-prover.ts';
import { runTools } from '../../audit/run-tools.ts';
import { summarise } from '../../audit/summarise.ts';
import { type ToolName, toolNames } from '../../audit/tools/types.ts';
import { type AuditReport, type Severity, severities } from '../../audit/types.ts';
import { unitOfOutcome } from '../../audit/unit-of-outcome.ts';
import { openAnalysers } from '../../ops/analysers.ts';
import { type PartsOutcome, readParts } from '../../solidity/parts/read-parts.ts';
import type { Compiler } from '../../solidity/types.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { withJson } from '../options.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { printFinding, printTool } from '../print-findings.ts';
import { readSources } from '../read-sources.ts';
import { withCompiler } from '../with-compiler.ts';

interface AuditOptions {
  compiler?: string;
  failOn: Severity;
  tools: string;
  json?: boolean;
  prove?: boolean;
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
      .option('--tools <names>', `analysers, separated by commas: ${toolNames.join(', ')}`, 'slipway')
      .option('--prove', 'carry out attacks that show what was found, where that can be done')
      .action((path: string, options: AuditOptions) => run((io) => auditIt(io, path, options)));
  },
};

async function auditIt(io: Io, path: string, options: AuditOptions): Promise<number> {
  const limit = severities.indexOf(options.failOn);
  if (limit < 0) {
    io.stderr.write(`--fail-on takes one of ${severities.join(', ')}.\n`);
    return exitCodes.usage;
  }
  const names = readTools(options.tools);
  if (names === null) {
    io.stderr.write(`--tools takes ${toolNames.join(', ')}, separated by commas.\n`);
    return exitCodes.usage;
  }
  const request = {
    ...readSources(io.cwd, path),
    ...(options.compiler ? { compiler: options.compiler } : {}),
  };
  const { found, report } = await withCompiler(io, async (compiler, config) => {
    const found = await readParts(compiler, request);
    if (found.parts.length === 0) return { found, report: null };
    const own = names.includes('slipway') ? await auditOwn(found) : summarise([], []);
    const tools = { names, leftOut: found.leftOut, compiler, analysers: openAnalysers(config), now };
    const audited = await runTools(found.parts, own, tools);
    return { found, report: options.prove ? await prove(compiler, found, audited) : audited };
  });
  if (!report) {
    // An audit that could not run is not a pass.
    if (options.json) io.stdout.write(`${JSON.stringify({ ok: false, diagnostics: found.diagnostics })}\n`);
    else printDiagnostics(io, found.diagnostics);
    return exitCodes.failed;
  }
  if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    for (const finding of report.findings) printFinding(io, finding);
    for (const tool of report.tools) printTool(io, tool);
  }
  // A tool that was asked for and is not there is no pass either.
  const incomplete = report.tools.some(({ status }) => ['partial', 'failed', 'unavailable'].includes(status));
  const open = report.findings.some(
    (finding) => !finding.suppressed && severities.indexOf(finding.severity) <= limit,
  );
  return open || incomplete ? exitCodes.failed : exitCodes.ok;
}

function readTools(text: string): ToolName[] | null {
  const given = text.split(',').map((name) => name.trim());
  const names = toolNames.filter((name) => given.includes(name));
  return names.length > 0 && names.length === new Set(given).size ? names : null;
}

async function auditOwn({ parts, leftOut }: PartsOutcome): Promise<AuditReport> {
  const analyser = startAnalyser();
  try {
    return await analyser.audit(parts.map(unitOfOutcome), { leftOut });
  } finally {
    await analyser.close();
  }
}

async function prove(compiler: Compiler, { parts }: PartsOutcome, report: AuditReport): Promise<AuditReport> {
  const prover = startProver(compiler);
  try {
    const compiles = parts.map(({ prepared }) => prepared);
    return await proveFindings(report, { compiler, prover, compiles, now });
  } finally {
    await prover.close();
  }
}

const now = () => performance.now();

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { startAnalyser } from '../../audit/analyser.ts';
import {
  type Comparison,
  compareAudits,
  countedFindings,
  readBaseline,
  toBaseline,
} from '../../audit/baseline.ts';
import { isAtLeast, isWhole } from '../../audit/open-findings.ts';
import { reportFormats } from '../../audit/reports/index.ts';
import { type ToolName, toolNames } from '../../audit/tools/types.ts';
import { type Severity, severities } from '../../audit/types.ts';
import { openAnalysers } from '../../ops/analysers.ts';
import { type Audited, type AuditedPath, auditPaths, mergeAudits } from '../audit-paths.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { fail } from '../errors.ts';
import { withJson } from '../options.ts';
import { printAudit, printAuditJson } from '../print-audit.ts';
import { progressLine } from '../progress-line.ts';
import { watchAudit } from '../watch-audit.ts';
import { withCompiler } from '../with-compiler.ts';

interface AuditOptions {
  compiler?: string;
  profile?: string;
  tests?: boolean;
  failOn: Severity | 'none';
  baseline?: string;
  saveBaseline?: string;
  sarif?: string;
  markdown?: string;
  html?: string;
  watch?: boolean;
  tools: string;
  prove?: boolean;
  json?: boolean;
}

const limits = [...severities, 'none'] as const;

/** `slipway audit`: looks for faults in files, folders and projects. Works with no server. */
export const audit: CliCommand = {
  name: 'audit',
  configure(command: Command, run) {
    withJson(command)
      .description('look for faults in files, a folder, or a Hardhat or Foundry project (needs no server)')
      .argument('<paths...>', '.sol files, folders, projects, or archives of them')
      .option('--compiler <version>', 'exact version or range')
      .option('--profile <name>', 'a profile of foundry.toml, or a build profile of Hardhat 3')
      .option('--tests', "the project's tests and scripts too")
      .option('--fail-on <severity>', `exit with 1 from this severity on: ${limits.join(', ')}`, 'low')
      .option('--tools <names>', `analysers, separated by commas: ${toolNames.join(', ')}`, 'slipway')
      .option('--prove', 'carry out attacks that show what was found, where that can be done')
      .option('--baseline <file>', 'compare with an earlier audit: only what is new counts')
      .option('--save-baseline <file>', 'write what is open now, for later audits to be compared with')
      .option('--sarif <file>', 'write a report as SARIF 2.1.0')
      .option('--markdown <file>', 'write a report as Markdown')
      .option('--html <file>', 'write a report as one HTML page')
      .option('--watch', 'audit again whenever a source changes, until Ctrl+C')
      .addHelpText('after', exitCodeHelp)
      .action((paths: string[], options: AuditOptions) => run((io) => auditThem(io, paths, options)));
  },
};

const exitCodeHelp = `
Exit codes:
  0  no open finding from --fail-on up; with --baseline, no new one
  1  there is one, or a part could not be looked at
  2  wrong use, or a path that cannot be read
`;

async function auditThem(io: Io, paths: readonly string[], options: AuditOptions): Promise<number> {
  if (!limits.includes(options.failOn)) {
    io.stderr.write(`--fail-on takes one of ${limits.join(', ')}.\n`);
    return exitCodes.usage;
  }
  const names = readTools(options.tools);
  if (names === null) {
    io.stderr.write(`--tools takes ${toolNames.join(', ')}, separated by commas.\n`);
    return exitCodes.usage;
  }
  const { compiler: version, profile, tests } = options;
  const project = {
    ...(version ? { compiler: version } : {}),
    ...(profile ? { profile } : {}),
    ...(tests ? { tests } : {}),
  };
  const progress = progressLine(io);
  const analyser = startAnalyser();
  const work = withCompiler(io, async (compiler, config) => {
    const tools = { names, machine: openAnalysers(config) };
    const look = async (kept?: (path: string) => AuditedPath | undefined) => {
      const how = {
        cwd: io.cwd,
        compiler,
        analyser,
        tools,
        prove: options.prove === true,
        options: project,
        say: progress.say,
      };
      try {
        return await auditPaths(paths, kept ? { ...how, kept } : how);
      } finally {
        progress.clear();
      }
    };
    const tell = (audited: Audited, since?: Comparison) =>
      report(io, paths, { audited, options, ...(since ? { since } : {}) });
    return options.watch ? watchAudit(io, { look, report: tell }) : tell(mergeAudits(await look()));
  });
  return work.finally(() => analyser.close());
}

function readTools(text: string): ToolName[] | null {
  const given = text.split(',').map((name) => name.trim());
  const names = toolNames.filter((name) => given.includes(name));
  return names.length > 0 && names.length === new Set(given).size ? names : null;
}

/** Prints and writes what was found. @returns the exit code */
function report(
  io: Io,
  paths: readonly string[],
  { audited, options, since }: { audited: Audited; options: AuditOptions; since?: Comparison },
): number {
  const compared = compareWithFile(io, audited, options);
  writeReports(io, paths, { audited, options, comparison: compared });
  if (options.json) printAuditJson(io, audited, compared);
  else printAudit(io, audited, since ?? compared);
  const { failOn } = options;
  const counted = countedFindings(audited.report, compared);
  const stops = failOn !== 'none' && counted.some(({ severity }) => isAtLeast(severity, failOn));
  return stops || !isWhole(audited.report) ? exitCodes.failed : exitCodes.ok;
}

function compareWithFile(io: Io, { report }: Audited, { baseline }: AuditOptions): Comparison | undefined {
  if (baseline === undefined) return undefined;
  const findings = readBaseline(baseline, readFile(resolve(io.cwd, baseline)));
  return compareAudits(report, { name: baseline, findings });
}

function writeReports(
  io: Io,
  paths: readonly string[],
  how: { audited: Audited; options: AuditOptions; comparison: Comparison | undefined },
): void {
  const { audited, options, comparison } = how;
  const { report, sources, base } = audited;
  const reported = { title: paths.join(', '), report, sources, base, ...(comparison ? { comparison } : {}) };
  for (const name of ['sarif', 'markdown', 'html'] as const) {
    const file = options[name];
    if (file !== undefined) writeFile(resolve(io.cwd, file), reportFormats[name].print(reported));
  }
  // What was not looked at would come back as new: a baseline of a part is none.
  if (options.saveBaseline === undefined) return;
  if (!isWhole(report)) io.stderr.write('No baseline was written: a part could not be looked at.\n');
  else {
    const text = JSON.stringify(toBaseline(report.findings), null, 2);
    writeFile(resolve(io.cwd, options.saveBaseline), `${text}\n`);
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fail('file-unreadable', { file, reason: (error as Error).message }, { cause: error });
  }
}

function writeFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw fail('file-unwritable', { file, reason: (error as Error).message }, { cause: error });
  }
}

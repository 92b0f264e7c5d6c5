import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Analyser } from '../audit/analyser.ts';
import { proveFindings } from '../audit/proof/prove-findings.ts';
import { startProver } from '../audit/proof/start-prover.ts';
import { type Machine, runTools } from '../audit/run-tools.ts';
import { summarise } from '../audit/summarise.ts';
import type { ToolName } from '../audit/tools/types.ts';
import type { AuditReport, Finding, ToolReport } from '../audit/types.ts';
import { unitOfOutcome } from '../audit/unit-of-outcome.ts';
import { AppError } from '../lib/app-error.ts';
import { type PartsOutcome, readParts } from '../solidity/parts/read-parts.ts';
import type { ProjectOptions } from '../solidity/project/types.ts';
import type { CompileRequest, Compiler, Diagnostic } from '../solidity/types.ts';
import { readInputBelow } from './read-compile-input.ts';

/** What was audited: one path, or all that were named put together. */
export interface Audited {
  report: AuditReport;
  /** What the compiler said where it refused. */
  diagnostics: Diagnostic[];
  /** Texts of the audited files by the names that findings have. */
  sources: Record<string, string>;
  /** Where the files lie below the working directory, with a slash at the end. */
  base: string;
}

/** One path's audit, for as long as no file of it changes. */
export interface AuditedPath extends Audited {
  path: string;
  /** The folder that holds what was read; none for an archive. */
  root: string | undefined;
  /** Whether a change of the file, an absolute path, could make it come out differently. */
  covers(file: string): boolean;
}

export interface AuditHow {
  cwd: string;
  compiler: Compiler;
  analyser: Analyser;
  /** The analysers that are wanted, and the machine that others than the built-in one run on. */
  tools: { names: readonly ToolName[]; machine: Machine };
  /** Whether attacks are carried out. */
  prove: boolean;
  options: ProjectOptions;
  /** An earlier audit of a path that nothing has happened to since. */
  kept?: (path: string) => AuditedPath | undefined;
  /** Told what is done at the moment. */
  say: (text: string) => void;
}

/**
 * Audits paths one by one, so that one which does not compile takes nothing from the others; it is no pass though.
 *
 * @throws AppError of the readers; of `readParts` where it is about the only path
 */
export async function auditPaths(paths: readonly string[], how: AuditHow): Promise<AuditedPath[]> {
  const parts: AuditedPath[] = [];
  for (const [at, path] of paths.entries()) {
    const say = (text: string) =>
      how.say(paths.length > 1 ? `${at + 1} of ${paths.length} ${path}: ${text}` : text);
    const kept = how.kept?.(path);
    if (kept) {
      parts.push(kept);
      continue;
    }
    say('reading');
    const input = await readInputBelow(how.cwd, path, how.options);
    try {
      parts.push(await auditInput(path, input, { ...how, say }));
    } catch (error) {
      if (paths.length === 1 || !(error instanceof AppError)) throw error;
      parts.push(await notAudited(path, error, how));
    }
  }
  return parts;
}

/** Puts the audits of several paths together; their files are then named from the working directory on. */
export function mergeAudits(parts: readonly AuditedPath[]): Audited {
  const [only] = parts;
  return only && parts.length === 1 ? only : merge(parts.map(fromHere));
}

async function auditInput(
  path: string,
  { request, root }: { request: CompileRequest; root: string | undefined },
  { cwd, compiler, analyser, tools, prove, say }: AuditHow,
): Promise<AuditedPath> {
  say(`compiling ${Object.keys(request.sources).length} files`);
  const found = await readParts(compiler, request);
  const units = found.parts.map(unitOfOutcome);
  const { leftOut } = found;
  const progress = (done: number, total: number) => say(`looking, ${done} of ${total} detectors`);
  const { names, machine: analysers } = tools;
  const isWanted = names.includes('slipway') || units.length === 0;
  const own = isWanted ? await analyser.audit(units, { leftOut, progress }) : summarise([], []);
  if (names.some((name) => name !== 'slipway')) say('waiting for the other analysers');
  const now = () => performance.now();
  const audited = await runTools(found.parts, own, { names, leftOut, compiler, analysers, now });
  if (prove) say('carrying out attacks');
  const report = prove ? await proveAll(compiler, found, audited) : audited;
  const ownFiles = [...new Set(units.flatMap((unit) => unit.ownFiles))];
  const all = Object.assign({}, ...units.map(({ sources }) => sources), request.sources);
  const isFolder = statSync(resolve(cwd, path)).isDirectory();
  const files = new Set(Object.keys(request.sources).map((file) => join(root ?? '', file)));
  return {
    path,
    root,
    // In a folder a new file counts too.
    covers: (file) => files.has(file) || (isFolder && root !== undefined && file.startsWith(root + sep)),
    report,
    diagnostics: found.parts.length > 0 ? [] : found.diagnostics,
    sources: Object.fromEntries(ownFiles.map((file) => [file, all[file] ?? ''])),
    base: root === undefined ? '' : baseOf(cwd, root),
  };
}

/** Foreign code runs in a process that is there for this only. */
async function proveAll(
  compiler: Compiler,
  { parts }: PartsOutcome,
  report: AuditReport,
): Promise<AuditReport> {
  const prover = startProver(compiler);
  try {
    const compiles = parts.map(({ prepared }) => prepared);
    return await proveFindings(report, { compiler, prover, compiles, now: () => performance.now() });
  } finally {
    await prover.close();
  }
}

/** A path of which nothing could be looked at, beside others; it is no pass. */
async function notAudited(path: string, error: AppError, { analyser }: AuditHow): Promise<AuditedPath> {
  const reason = error.message;
  const leftOut = [{ file: error.place?.file ?? path, line: error.place?.line ?? 1, what: path, reason }];
  const report = await analyser.audit([], { leftOut });
  return { path, root: undefined, covers: () => true, report, diagnostics: [], sources: {}, base: '' };
}

/** @returns the folder as the working directory sees it; empty for itself and for what lies outside of it */
function baseOf(cwd: string, root: string): string {
  const way = relative(cwd, root).split(sep).join('/');
  return way === '' || way.startsWith('..') || isAbsolute(way) ? '' : `${way}/`;
}

/** Files that were audited get their whole name; those of libraries keep theirs. */
function fromHere(part: Audited): Audited {
  const name = (file: string) => (Object.hasOwn(part.sources, file) ? `${part.base}${file}` : file);
  const findings = part.report.findings.map((finding) => ({
    ...finding,
    location: { ...finding.location, file: name(finding.location.file) },
    path: finding.path.map((step) => ({ ...step, file: name(step.file) })),
  }));
  const tools = part.report.tools.map((tool) => ({
    ...tool,
    problems: tool.problems.map((problem) =>
      problem.file === undefined ? problem : { ...problem, file: name(problem.file) },
    ),
  }));
  const sources = Object.entries(part.sources).map(([file, text]) => [name(file), text]);
  return {
    ...part,
    report: { ...part.report, findings, tools },
    sources: Object.fromEntries(sources),
    base: '',
  };
}

function merge(parts: readonly Audited[]): Audited {
  const findings = new Map<string, Finding>();
  for (const finding of parts.flatMap(({ report }) => report.findings)) {
    const { file, line, column } = finding.location;
    const key = [finding.detector, file, line, column].join(' ');
    // A file that several paths reach is audited with each.
    if (!findings.has(key)) findings.set(key, finding);
  }
  const byTool = Map.groupBy(
    parts.flatMap(({ report }) => report.tools),
    ({ tool }) => tool,
  );
  return {
    report: summarise([...byTool.values()].map(mergeTool), [...findings.values()]),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
    sources: Object.assign({}, ...parts.map(({ sources }) => sources)),
    base: '',
  };
}

function mergeTool(reports: readonly ToolReport[]): ToolReport {
  const ran = reports.find(({ status }) => status !== 'failed') ?? reports[0];
  const is = (...wanted: ToolReport['status'][]) => reports.some(({ status }) => wanted.includes(status));
  const whole = is('findings') ? 'findings' : 'passed';
  const every = (wanted: ToolReport['status']) => reports.every(({ status }) => status === wanted);
  const proved = reports.flatMap((report) => report.proved ?? []);
  const copies = reports.flatMap((report) => report.copies ?? []);
  return {
    ...(proved.length > 0 ? { proved } : {}),
    ...(copies.length > 0 ? { copies } : {}),
    tool: ran?.tool ?? '',
    version: ran?.version ?? '',
    status: every('failed') ? 'failed' : is('failed', 'partial', 'unavailable') ? 'partial' : whole,
    seconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
    problems: reports.flatMap(({ problems }) => problems),
    detectors: [...new Set(reports.flatMap(({ detectors }) => detectors))],
  };
}

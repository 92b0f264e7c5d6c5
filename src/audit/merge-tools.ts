import { limits } from '../lib/limits.ts';
import type { AstNode } from '../solidity/types.ts';
import type { Category } from './categories.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors/index.ts';
import { fingerprintOf, identityOf, normaliseCode } from './fingerprints.ts';
import { textOf } from './ir/ast.ts';
import { buildProgram, type Program } from './ir/program.ts';
import { nodeFinder } from './place-node.ts';
import { summarise } from './summarise.ts';
import { applySuppressions } from './suppressions.ts';
import type { Alarm, Place, Proofs, Tool } from './tools/types.ts';
import {
  type AuditReport,
  type AuditUnit,
  type Confidence,
  type Finding,
  type Severity,
  severities,
  type ToolReport,
} from './types.ts';

/** What one tool came to. `report.status` is final but for `passed`, which becomes `findings` where it has some. */
export interface ToolRun {
  tool: Tool;
  report: ToolReport;
  /** What it found in each part of the sources. */
  looks: readonly { unit: AuditUnit; alarms: readonly Alarm[] }[];
  proofs?: Proofs | undefined;
}

/** Lines of a place that says where something is, and not only in which function. */
const exactLinesMax = 3;
/** Most lines of a finding's excerpt that come from a place without columns. */
const excerptLinesMax = 6;

/**
 * Adds what other analysers found to the built-in one's report. An alarm of the same class at the same place is no
 * second finding: the first one is corroborated. The others stand under our detector's name, severity and explanation
 * where ours has one for the fault, else under their own (`slither:xyz`). What a solver proved takes findings back.
 *
 * Their word alone counts no more than with medium confidence, a solver's with its values aside.
 */
export function mergeTools(own: AuditReport, runs: readonly ToolRun[]): AuditReport {
  const merging: Merging = {
    findings: own.findings.map((finding) => ({ ...finding })),
    ordinals: new Map(),
    maps: new Map(),
  };
  const reports = runs.map((run) => {
    const report = { ...run.report, problems: [...run.report.problems] };
    const seen = new Set<string>();
    for (const look of run.looks) addAlarms(merging, { run, look, report, seen });
    if (report.status === 'passed' && seen.size > 0) report.status = 'findings';
    return report;
  });
  const settled = runs.reduce((left, { proofs }) => (proofs ? settle(left, proofs) : left), merging.findings);
  const tools = [...own.tools, ...reports];
  for (const report of tools) noteCut(report, settled.length);
  return summarise(tools, settled);
}

interface Merging {
  findings: Finding[];
  /** How many equal places there were of a fault. */
  ordinals: Map<string, number>;
  maps: Map<AuditUnit, SourceMap>;
}

/** Where places of a unit are in its trees. */
interface SourceMap {
  /** Null where the trees cannot be linked: they nest too deeply. */
  program: Program | null;
  /** Undefined for a line that is not there. */
  node(place: Place): AstNode | undefined;
}

function addAlarms(
  merging: Merging,
  context: { run: ToolRun; look: ToolRun['looks'][0]; report: ToolReport; seen: Set<string> },
): void {
  const { tool } = context.run;
  const { unit } = context.look;
  const { report, seen } = context;
  const alarms = mostSevere(context.look.alarms, report);
  const strange = alarms.filter(({ place }) => unit.sources[place.file] === undefined);
  if (strange.length > 0) doubt(report, `${strange.length} of its findings are in files that are not there`);
  let lost = 0;
  const made: Finding[] = [];
  for (const alarm of alarms.filter(({ place }) => unit.ownFiles.includes(place.file))) {
    const same = [...merging.findings, ...made].filter((finding) => isSame(tool, alarm, finding));
    for (const finding of same) corroborate(finding, tool, alarm);
    const finding = same[0] ?? findingOf(merging, { unit, tool, alarm });
    if (finding && same.length === 0) made.push(finding);
    if (finding) seen.add(finding.fingerprint);
    else lost++;
  }
  if (lost > 0) doubt(report, `${lost} of its findings name lines that the files do not have`);
  const { findings: marked } = applySuppressions(made, {
    source: { lines: (file) => (unit.sources[file] ?? '').split(/\r\n|\r|\n/) },
    files: unit.ownFiles,
    known: [],
  });
  merging.findings.push(...marked);
}

/** No tool says more than is kept of all of them. */
function mostSevere(alarms: readonly Alarm[], report: ToolReport): Alarm[] {
  const sorted = [...alarms].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  if (sorted.length <= limits.findingsMax) return sorted;
  doubt(report, `${sorted.length} findings; only the ${limits.findingsMax} most severe are kept`);
  return sorted.slice(0, limits.findingsMax);
}

function mapOf({ maps }: Merging, unit: AuditUnit): SourceMap {
  const held = maps.get(unit);
  if (held) return held;
  const finders = new Map<string, ReturnType<typeof nodeFinder>>();
  const made: SourceMap = {
    program: linked(unit),
    node(place) {
      const root = unit.asts[place.file];
      if (!root) return undefined;
      const find = finders.get(place.file) ?? nodeFinder(root, unit.sources[place.file] ?? '');
      finders.set(place.file, find);
      return find(place);
    },
  };
  maps.set(unit, made);
  return made;
}

function linked(unit: AuditUnit): Program | null {
  try {
    return buildProgram(unit);
  } catch (error) {
    // The tree is too deep for us, and need not have been for others.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The class of faults that a finding belongs to; undefined where ours has none. */
export function categoryOf(detector: string): Category | undefined {
  const [name = '', check] = detector.split(':');
  if (check !== undefined) return undefined;
  return detectorOf(name)?.category;
}

function doubt(report: ToolReport, message: string): void {
  report.problems.push({ message });
  if (report.status === 'passed' || report.status === 'findings') report.status = 'partial';
}

function noteCut(report: ToolReport, found: number): void {
  if (found <= limits.findingsMax || report.status !== 'findings') return;
  doubt(report, `${found} findings of all tools; only the ${limits.findingsMax} most severe are kept`);
}

function detectorOf(id: string | undefined): Detector | undefined {
  return id === undefined ? undefined : detectors.find((detector) => detector.id === id);
}

/** One class, one place: ours for the same fault, or of the same class where both places are exact. */
function isSame(tool: Tool, alarm: Alarm, finding: Finding): boolean {
  const mapped = tool.mapping[alarm.check];
  const name = mapped?.detector ?? `${tool.name}:${alarm.check}`;
  const category = mapped?.category ?? detectorOf(mapped?.detector)?.category;
  // Two places of its own that lie in each other are two findings, unless they are one.
  if (finding.tool === tool.name) return finding.detector === name && begins(alarm.place, finding);
  const places = [alarm.place, ...(alarm.others ?? [])];
  if (finding.detector === name) return places.some((place) => overlaps(place, finding));
  if (category === undefined || categoryOf(finding.detector) !== category) return false;
  return places.some((place) => isExact(place) && overlaps(place, finding));
}

function begins({ file, line, column }: Place, { location }: Finding): boolean {
  return (
    file === location.file && line === location.line && (column === undefined || column === location.column)
  );
}

function isExact({ line, endLine = line }: Place): boolean {
  return endLine - line < exactLinesMax;
}

function overlaps({ file, line, endLine = line }: Place, { location }: Finding): boolean {
  return file === location.file && line <= location.endLine && endLine >= location.line;
}

function corroborate(finding: Finding, tool: Tool, { counterexample }: Alarm): void {
  if (counterexample) finding.counterexample ??= counterexample;
  if (finding.tool === tool.name) return;
  finding.corroboratedBy = [...new Set([...(finding.corroboratedBy ?? []), tool.name])];
}

function findingOf(
  merging: Merging,
  { unit, tool, alarm }: { unit: AuditUnit; tool: Tool; alarm: Alarm },
): Finding | undefined {
  const { place, counterexample } = alarm;
  const { program, node: find } = mapOf(merging, unit);
  const text = unit.sources[place.file] ?? '';
  if (place.line > text.split('\n').length) return undefined;
  const node = program ? find(place) : undefined;
  const callable = node && program?.enclosing(node);
  const contract = callable?.contract?.name ?? (node && program ? contractOf(program, node) : alarm.contract);
  const caller = callable?.signature ?? alarm.function;
  const detector = detectorOf(tool.mapping[alarm.check]?.detector);
  const id = detector?.id ?? `${tool.name}:${alarm.check}`;
  const location = locationOf(text, place);
  const code = node && program ? identityOf(program, node) : normaliseCode(location.excerpt);
  const identity = `${tool.name}\n${code}`;
  const ordinal = merging.ordinals.get(id + identity) ?? 0;
  merging.ordinals.set(id + identity, ordinal + 1);
  const advice = `See what ${tool.title} says about it: ${alarm.references?.[0] ?? tool.url}`;
  return {
    fingerprint: fingerprintOf(id, identity, ordinal),
    detector: id,
    severity: detector ? milder(alarm.severity, detector.severity) : alarm.severity,
    confidence: counterexample ? alarm.confidence : atMostMedium(alarm.confidence),
    title: detector?.title ?? `${tool.title}: ${alarm.check}`,
    message: alarm.message.slice(0, limits.toolMessageCharactersMax),
    location,
    path: (alarm.others ?? [])
      .filter(({ file, note }) => note !== undefined && unit.sources[file] !== undefined)
      .map((other) => ({ ...locationOf(unit.sources[other.file] ?? '', other), note: other.note ?? '' })),
    ...(contract === undefined ? {} : { contract }),
    ...(caller === undefined ? {} : { function: caller }),
    why: detector?.why ?? `${tool.title} reports it as \`${alarm.check}\`; our catalogue has no such fault.`,
    exploit: detector?.exploit ?? advice,
    fix: detector?.fix ?? advice,
    references: [...new Set([...(detector?.references ?? []), ...(alarm.references ?? [])])],
    tool: tool.name,
    ...(counterexample ? { counterexample } : {}),
  };
}

function contractOf(program: Program, node: AstNode): string | undefined {
  let at: AstNode | undefined = node;
  while (at && at.nodeType !== 'ContractDefinition') at = program.parent(at);
  return at && textOf(at, 'name');
}

function milder(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) > severities.indexOf(b) ? a : b;
}

function atMostMedium(confidence: Confidence): Confidence {
  return confidence === 'high' ? 'medium' : confidence;
}

/** Fills in what the analyser left out, and shows the lines. */
function locationOf(text: string, place: Place): Finding['location'] {
  const lines = text.split(/\r\n|\r|\n/);
  const { file, line } = place;
  const first = lines[line - 1] ?? '';
  const endLine = Math.min(Math.max(place.endLine ?? line, line), lines.length);
  const last = lines[endLine - 1] ?? '';
  const shown = lines.slice(line - 1, Math.min(endLine, line - 1 + excerptLinesMax));
  return {
    file,
    line,
    column: place.column ?? first.length - first.trimStart().length + 1,
    endLine,
    endColumn: place.endColumn ?? last.trimEnd().length + 1,
    excerpt: shown.join('\n').trim().slice(0, limits.excerptCharactersMax),
  };
}

/**
 * What was proved never to wrap around is no finding. Where other arithmetic of an `unchecked` block is open the proof
 * holds only up to the first step that wraps around, and the finding stays as a remark.
 */
function settle(findings: Finding[], { settled, allSettled }: Proofs): Finding[] {
  const isSettled = ({ detector, tool, location }: Finding) =>
    detector === 'integer-overflow' &&
    tool === undefined &&
    settled.some(
      (place) =>
        place.file === location.file &&
        place.line === location.line &&
        place.column === location.column &&
        place.endLine === location.endLine &&
        place.endColumn === location.endColumn,
    );
  if (allSettled) return findings.filter((finding) => !isSettled(finding));
  return findings.map((finding) =>
    isSettled(finding)
      ? {
          ...finding,
          severity: 'low',
          confidence: 'low',
          message: `${finding.message} The solver proved that no call makes this step the first to wrap around.`,
        }
      : finding,
  );
}

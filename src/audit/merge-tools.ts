import { limits } from '../lib/limits.ts';
import type { AstNode } from '../solidity/types.ts';
import type { Category } from './categories.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors/index.ts';
import { fingerprintOf, identityOf } from './fingerprints.ts';
import { textOf } from './ir/ast.ts';
import { buildProgram, type Program } from './ir/program.ts';
import { nodeAt } from './place-node.ts';
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
    programs: new Map(),
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
  programs: Map<AuditUnit, Program>;
}

function addAlarms(
  merging: Merging,
  context: { run: ToolRun; look: ToolRun['looks'][0]; report: ToolReport; seen: Set<string> },
): void {
  const { run, look, report, seen } = context;
  const { tool } = run;
  const { unit, alarms } = look;
  const { findings, ordinals, programs } = merging;
  const strange = alarms.filter(({ place }) => unit.sources[place.file] === undefined);
  if (strange.length > 0) doubt(report, `${strange.length} of its findings are in files that are not there`);
  let lost = 0;
  const made: Finding[] = [];
  for (const alarm of alarms.filter(({ place }) => unit.ownFiles.includes(place.file))) {
    const { file, line, column } = alarm.place;
    const key = JSON.stringify([alarm.check, file, line, column]);
    const same = findings.filter((finding) => isSame(tool, alarm, finding));
    for (const finding of same) corroborate(finding, tool, alarm);
    const program = programs.get(unit) ?? buildProgram(unit);
    programs.set(unit, program);
    const finding =
      same.length > 0 || seen.has(key) ? same[0] : findingOf({ program, unit, tool, alarm, ordinals });
    if (finding && same.length === 0) made.push(finding);
    if (finding) seen.add(key);
    else if (!seen.has(key)) lost++;
  }
  if (lost > 0) doubt(report, `${lost} of its findings name lines that the files do not have`);
  const { findings: marked } = applySuppressions(made, {
    source: { lines: (file) => (unit.sources[file] ?? '').split(/\r\n|\r|\n/) },
    files: unit.ownFiles,
    known: [],
  });
  findings.push(...marked);
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
  if (finding.tool === tool.name) return false;
  const mapped = tool.mapping[alarm.check];
  const name = mapped?.detector ?? `${tool.name}:${alarm.check}`;
  const category = mapped?.category ?? detectorOf(mapped?.detector)?.category;
  const places = [alarm.place, ...(alarm.others ?? [])];
  if (finding.detector === name) return places.some((place) => overlaps(place, finding));
  if (category === undefined || categoryOf(finding.detector) !== category) return false;
  return places.some((place) => isExact(place) && overlaps(place, finding));
}

function isExact({ line, endLine = line }: Place): boolean {
  return endLine - line < exactLinesMax;
}

function overlaps({ file, line, endLine = line }: Place, { location }: Finding): boolean {
  return file === location.file && line <= location.endLine && endLine >= location.line;
}

function corroborate(finding: Finding, tool: Tool, { counterexample }: Alarm): void {
  finding.corroboratedBy = [...new Set([...(finding.corroboratedBy ?? []), tool.name])];
  if (counterexample) finding.counterexample ??= counterexample;
}

function findingOf(options: {
  program: Program;
  unit: AuditUnit;
  tool: Tool;
  alarm: Alarm;
  ordinals: Map<string, number>;
}): Finding | undefined {
  const { program, unit, tool, alarm, ordinals } = options;
  const { place, counterexample } = alarm;
  const root = unit.asts[place.file];
  const text = unit.sources[place.file] ?? '';
  const node = root && nodeAt(root, text, place);
  if (!node) return undefined;
  const callable = program.enclosing(node);
  const contract = callable?.contract?.name ?? contractOf(program, node) ?? alarm.contract;
  const caller = callable?.signature ?? alarm.function;
  const detector = detectorOf(tool.mapping[alarm.check]?.detector);
  const id = detector?.id ?? `${tool.name}:${alarm.check}`;
  const identity = `${tool.name}\n${identityOf(program, node)}`;
  const ordinal = ordinals.get(id + identity) ?? 0;
  ordinals.set(id + identity, ordinal + 1);
  return {
    fingerprint: fingerprintOf(id, identity, ordinal),
    detector: id,
    severity: detector ? milder(alarm.severity, detector.severity) : alarm.severity,
    confidence: counterexample ? alarm.confidence : atMostMedium(alarm.confidence),
    title: detector?.title ?? `${tool.title}: ${alarm.check}`,
    message: alarm.message.slice(0, limits.toolMessageCharactersMax),
    location: locationOf(text, place),
    path: (alarm.others ?? [])
      .filter(({ file, note }) => note !== undefined && unit.sources[file] !== undefined)
      .map((other) => ({ ...locationOf(unit.sources[other.file] ?? '', other), note: other.note ?? '' })),
    ...(contract === undefined ? {} : { contract }),
    ...(caller === undefined ? {} : { function: caller }),
    why: detector?.why ?? `${tool.title} reports it as \`${alarm.check}\`; our catalogue has no such fault.`,
    exploit:
      detector?.exploit ?? `See what ${tool.title} says about it: ${alarm.references?.[0] ?? tool.url}`,
    fix: detector?.fix ?? `See what ${tool.title} says about it: ${alarm.references?.[0] ?? tool.url}`,
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

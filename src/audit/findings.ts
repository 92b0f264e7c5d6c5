import type { AstNode } from '../solidity/types.ts';
import type { Detector, Sighting } from './detector.ts';
import { fingerprintOf, headOf, identityOf } from './fingerprints.ts';
import type { Frame } from './ir/frames.ts';
import type { Callable, Program } from './ir/program.ts';
import type { Finding, Location } from './types.ts';

/** Makes findings of one detector: places, paths, one finding for one place. */
export interface Collector {
  report(sighting: Sighting): void;
  /** @returns the findings in source order, with their fingerprints. */
  findings(): Finding[];
}

/** @returns a collector that keeps the first sighting of each place in the files the audit reports on. */
export function collect(program: Program, detector: Detector): Collector {
  const drafts = new Map<string, Draft>();
  return {
    report(sighting) {
      const place = ownPlace(program, sighting.node, sighting.frame);
      if (!place || drafts.has(place.src)) return;
      const draft = draftOf(program, detector, sighting, place);
      if (draft) drafts.set(place.src, draft);
    },
    findings: () => number([...drafts.values()].sort(bySource), detector.id),
  };
}

/**
 * The node itself when it stands in the audited files, else the audited code's own call that leads there.
 * @returns undefined when no audited line is on the way
 */
export function ownPlace(program: Program, node: AstNode, frame: Frame | undefined): AstNode | undefined {
  if (program.isOwn(node)) return node;
  for (let at = frame; at?.via; at = at.parent) if (program.isOwn(at.via)) return at.via;
  return undefined;
}

interface Draft {
  finding: Omit<Finding, 'fingerprint'>;
  identity: string;
}

function draftOf(
  program: Program,
  detector: Detector,
  sighting: Sighting,
  place: AstNode,
): Draft | undefined {
  const location = program.source.locate(headOf(program, place));
  if (!location) return undefined;
  const callable = program.enclosing(place);
  const contract = callable?.contract?.name;
  const path = pathTo(program, sighting);
  return {
    identity: identityOf(program, place),
    finding: {
      detector: detector.id,
      severity: sighting.severity ?? detector.severity,
      confidence: sighting.confidence ?? detector.confidence,
      title: detector.title,
      message: sighting.message,
      location,
      path,
      ...(contract === undefined ? {} : { contract }),
      ...(callable === undefined ? {} : { function: callable.signature }),
      why: detector.why,
      exploit: detector.exploit,
      fix: sighting.fix ?? detector.fix,
      references: detector.references,
    },
  };
}

// From the entry point through every call and modifier to the place, then the detector's own steps.
function pathTo(program: Program, sighting: Sighting): Location[] {
  const frames: Frame[] = [];
  for (let at = sighting.frame; at; at = at.parent) frames.unshift(at);
  const steps: (Location | undefined)[] = frames.map((frame) => {
    if (frame.via)
      return program.source.locate(
        frame.via,
        `${frame.parent?.callable.name ?? ''} runs ${frame.callable.name}`,
      );
    return program.source.locate(headOf(program, frame.callable.node), entryNote(frame.callable));
  });
  steps.push(program.source.locate(headOf(program, sighting.node), sighting.note ?? sighting.message));
  for (const step of sighting.steps ?? []) {
    const shown = ownPlace(program, step.node, step.frame) ?? step.node;
    steps.push(program.source.locate(headOf(program, shown), step.note));
  }
  return steps.filter((step) => step !== undefined);
}

function entryNote(callable: Callable): string {
  if (callable.kind === 'constructor') return 'the constructor runs';
  const open = callable.visibility === 'public' || callable.visibility === 'external';
  return open ? `anyone may call ${callable.name}` : `${callable.name} runs`;
}

function number(drafts: Draft[], detector: string): Finding[] {
  const seen = new Map<string, number>();
  return drafts.map(({ finding, identity }) => {
    const ordinal = seen.get(identity) ?? 0;
    seen.set(identity, ordinal + 1);
    return { fingerprint: fingerprintOf(detector, identity, ordinal), ...finding };
  });
}

function bySource(a: Draft, b: Draft): number {
  const [x, y] = [a.finding.location, b.finding.location];
  return x.file.localeCompare(y.file) || x.line - y.line || x.column - y.column;
}

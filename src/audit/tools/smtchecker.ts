import { gte } from 'semver';
import { limits } from '../../lib/limits.ts';
import { type ProofAnswer, type Prover, proverSince } from '../../solidity/prover.ts';
import type { AstNode } from '../../solidity/types.ts';
import { readVerdict, type Verdict } from '../counterexample.ts';
import { childrenOf, descendants, textOf } from '../ir/ast.ts';
import { indexSources, type SourceIndex } from '../ir/source-index.ts';
import type { AuditUnit, Finding, Location, Severity } from '../types.ts';
import type { Alarm, Place, Proofs, Tool, ToolHost, ToolReading } from './types.ts';

/** The properties that revert a call, and those of arithmetic: asked apart, so that one does not cost the other. */
const reverting = ['assert', 'divByZero', 'outOfBounds', 'popEmptyArray', 'balance'];
const arithmetic = ['overflow', 'underflow'];

/** The compiler's own model checker, with its solver Z3. */
export const smtchecker: Tool = {
  name: 'smtchecker',
  title: 'SMTChecker',
  about:
    'The model checker of the Solidity compiler: proves properties, or gives the values that break them.',
  url: 'https://docs.soliditylang.org/en/latest/smtchecker.html',
  licence: 'GPL-3.0',
  program: null,
  mapping: {
    wraps: { detector: 'integer-overflow' },
    overflow: { category: 'arithmetic' },
    underflow: { category: 'arithmetic' },
    'division-by-zero': { category: 'arithmetic' },
  },
  refuses: ({ compiler }) =>
    gte(compiler, proverSince) ? null : `the model checker of compiler ${compiler} cannot be bounded`,
  async run(unit, host): Promise<ToolReading> {
    const all = standingContracts(unit);
    const asked = all.slice(0, limits.proofContractsMax);
    if (asked.length === 0) return { ok: true, complete: true, alarms: [], problems: [] };
    const prover = await host.openProver();
    try {
      const verdicts = await askAll(unit, { host, prover, asked });
      const left = all.length - asked.length;
      if (left > 0) verdicts.problems.push({ message: `${left} more contracts were not asked about` });
      return reading(unit, verdicts);
    } finally {
      await prover.close();
    }
  },
};

interface Standing {
  file: string;
  name: string;
  /** Ids of it and all its bases. */
  bases: readonly number[];
}

/** A verdict at its place, and about which contract. */
interface Placed extends Verdict {
  contract: string;
  location: Location;
  /** Arithmetic that the source leaves unchecked, and the question did not. */
  unchecked: boolean;
}

interface Verdicts {
  placed: Placed[];
  problems: { file?: string; message: string }[];
  /** Questions that came to an answer. */
  answered: number;
  /** Contracts whose arithmetic came to no answer. */
  silent: number;
}

/** Asks about each contract as long as there is time, an equal share for every question that is left. */
async function askAll(
  unit: AuditUnit,
  { host, prover, asked }: { host: ToolHost; prover: Prover; asked: readonly Standing[] },
): Promise<Verdicts> {
  const until = host.now() + host.seconds * 1_000;
  const source = indexSources(unit.sources, unit.asts);
  const found = host.own.filter(({ detector }) => detector === 'integer-overflow');
  const verdicts: Verdicts = { placed: [], problems: [], answered: 0, silent: 0 };
  let left = asked.length * 2;
  for (const contract of asked) {
    const replaced = concerns(unit, contract, found) ? withoutUnchecked(unit) : {};
    for (const question of [{ targets: reverting }, { targets: arithmetic, replaced }]) {
      const seconds = Math.max(1, (until - host.now()) / 1_000 / left--);
      const { file, name } = contract;
      const answer = await prover.prove({ file, contract: name, seconds, ...question });
      const problem = answer.ok ? problemOf(answer) : `${name}: ${answer.reason}, ${answer.detail}`;
      if (problem !== null || !answer.ok) {
        verdicts.problems.push({ file, message: problem ?? '' });
        if (question.targets === arithmetic) verdicts.silent++;
      } else {
        verdicts.answered++;
        verdicts.placed.push(...placedOf(unit, { answer, contract: name, source }));
      }
    }
  }
  return verdicts;
}

/** Contracts that could stand on a chain: no interfaces and libraries, nothing abstract. */
function standingContracts({ asts, ownFiles }: AuditUnit): Standing[] {
  return ownFiles.flatMap((file) =>
    childrenOf(asts[file] ?? nothing, 'nodes')
      .filter((node) => node['contractKind'] === 'contract' && node['abstract'] !== true)
      .map((node) => ({
        file,
        name: textOf(node, 'name'),
        bases: (node['linearizedBaseContracts'] as number[] | undefined) ?? [],
      })),
  );
}

const nothing: AstNode = { id: -1, nodeType: 'SourceUnit', src: '0:0:0' };

/** Whether one of these findings stands in code that the contract runs. */
function concerns(unit: AuditUnit, { bases }: Standing, findings: readonly Finding[]): boolean {
  return findings.some(({ contract, location }) => {
    const holder = childrenOf(unit.asts[location.file] ?? nothing, 'nodes').find(
      (node) => node.nodeType === 'ContractDefinition' && node['name'] === contract,
    );
    return !holder || holder['contractKind'] === 'library' || bases.includes(holder.id);
  });
}

/**
 * The sources with the word `unchecked` blanked, so that the model checker looks at that arithmetic too. Up to the first
 * step that would wrap around both mean the same: a step that can be the first to do so is refuted in both.
 */
function withoutUnchecked({ sources, asts }: AuditUnit): Record<string, string> {
  const changed = Object.entries(asts).flatMap(([file, root]) => {
    const blocks = descendants(root, 'UncheckedBlock');
    if (blocks.length === 0) return [];
    const bytes = Buffer.from(sources[file] ?? '', 'utf8');
    for (const block of blocks) {
      const start = startOf(block);
      if (bytes.toString('latin1', start, start + word.length) === word)
        bytes.fill(' ', start, start + word.length);
    }
    return [[file, bytes.toString('utf8')]];
  });
  return Object.fromEntries(changed);
}

const word = 'unchecked';

function startOf(node: AstNode): number {
  return Number(node.src.split(':')[0]);
}

/** Why an answer is none: it was refused, or had no solver. */
function problemOf({ errors }: Extract<ProofAnswer, { ok: true }>): string | null {
  const fault = errors.find(({ severity, message }) => {
    return severity === 'error' || /no Horn solver was found|Error trying to invoke SMT solver/.test(message);
  });
  return fault ? fault.message.slice(0, 300) : null;
}

function placedOf(
  unit: AuditUnit,
  { answer, contract, source }: { answer: ProofAnswer; contract: string; source: SourceIndex },
): Placed[] {
  if (!answer.ok) return [];
  return answer.errors.flatMap(({ message, sourceLocation: at }) => {
    const verdict = readVerdict(message);
    const root = at && unit.asts[at.file];
    if (!verdict || !root || !unit.ownFiles.includes(at.file)) return [];
    const src = `${at.start}:${at.end - at.start}:${root.src.split(':')[2]}`;
    const location = source.locate({ ...root, src });
    if (!location) return [];
    const unchecked = descendants(root, 'UncheckedBlock').some((block) => {
      const [start = 0, length = 0] = block.src.split(':').map(Number);
      return start <= at.start && at.end <= start + length;
    });
    return [{ ...verdict, contract, location, unchecked }];
  });
}

function reading(unit: AuditUnit, verdicts: Verdicts): ToolReading {
  const { placed, problems, answered, silent } = verdicts;
  if (answered === 0) return { ok: false, message: problems[0]?.message ?? 'it gave no answer' };
  const open = placed.filter(({ outcome }) => outcome === 'open').length;
  const complete = problems.length === 0;
  if (open > 0) problems.push({ message: `${open} properties could be neither proved nor refuted` });
  return {
    ok: true,
    complete,
    alarms: alarmsOf(placed),
    problems,
    proofs: proofsOf(placed, {
      isWhole: silent === 0 && complete,
      tellsProved: gte(unit.compiler, '0.8.20'),
    }),
  };
}

/** One alarm for a place and property, however many contracts have it. */
function alarmsOf(placed: readonly Placed[]): Alarm[] {
  const alarms = new Map<string, Alarm>();
  for (const { property, outcome, counterexample, contract, location, unchecked } of placed) {
    if (outcome !== 'refuted') continue;
    const { check, severity, says } = kindOf(property, unchecked);
    const key = [check, location.file, location.line, location.column, location.endColumn].join(':');
    if (alarms.get(key)?.counterexample) continue;
    alarms.set(key, {
      check,
      severity,
      confidence: 'high',
      message: `${says}${counterexample ? ` ${describe(counterexample.values)}` : ''}`.trim(),
      place: placeOf(location),
      contract,
      ...(counterexample ? { counterexample } : {}),
    });
  }
  return [...alarms.values()];
}

function kindOf(property: string, unchecked: boolean): { check: string; severity: Severity; says: string } {
  if (/^(Over|Under)flow/.test(property) && unchecked) {
    // It may be meant to, where our own analyser sees nothing in it.
    return { check: 'wraps', severity: 'low', says: `This step wraps around (${property}).` };
  }
  const check = kinds.find(([start]) => property.startsWith(start))?.[1] ?? 'other';
  if (check === 'assert') return { check, severity: 'medium', says: 'This assertion can be broken.' };
  return { check, severity: 'info', says: `This step can revert (${property}).` };
}

const kinds = [
  ['Assertion violation', 'assert'],
  ['Overflow', 'overflow'],
  ['Underflow', 'underflow'],
  ['Division by zero', 'division-by-zero'],
  ['Out of bounds', 'out-of-bounds'],
  ['Empty array', 'pop-of-empty-array'],
  ['Insufficient funds', 'insufficient-balance'],
] as const;

function describe(values: Record<string, string>): string {
  const shown = Object.entries(values).slice(0, 8);
  return shown.length === 0 ? '' : `With ${shown.map(([name, value]) => `${name} = ${value}`).join(', ')}.`;
}

function proofsOf(placed: readonly Placed[], known: { isWhole: boolean; tellsProved: boolean }): Proofs {
  const proved = placed
    .filter(({ outcome }) => outcome === 'proved')
    .slice(0, limits.provedPropertiesMax)
    .map(({ property, contract, location }) => ({
      property: kinds.find(([start]) => property.startsWith(start))?.[1] ?? property,
      contract,
      location,
    }));
  if (!known.isWhole || !known.tellsProved) return { proved, settled: [], allSettled: false };
  const unchecked = placed.filter((one) => one.unchecked && /^(Over|Under)flow/.test(one.property));
  const open = unchecked.filter(({ outcome }) => outcome !== 'proved');
  const settled = unchecked.filter(
    ({ outcome, location }) =>
      outcome === 'proved' && !open.some((other) => isSame(other.location, location)),
  );
  return {
    proved,
    settled: settled.map(({ location }) => placeOf(location)),
    allSettled: open.length === 0,
  };
}

function placeOf({ file, line, column, endLine, endColumn }: Location): Required<Omit<Place, 'note'>> {
  return { file, line, column, endLine, endColumn };
}

function isSame(a: Location, b: Location): boolean {
  return (
    a.file === b.file &&
    a.line === b.line &&
    a.column === b.column &&
    a.endLine === b.endLine &&
    a.endColumn === b.endColumn
  );
}

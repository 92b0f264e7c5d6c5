import {
  type Candidate,
  exportedNames,
  type LibraryPath,
  reachInside,
  readCandidate,
  type Vocabulary,
  vocabularyOf,
} from './library-candidates.ts';
import type { ContractShape, SourceUses } from './source-uses.ts';

/** Something that the sources want and a version of a library cannot give. */
export interface Problem {
  /** The same for the same want, whatever the version. */
  key: string;
  /** As the end of "it was chosen because …". */
  text: string;
}

/** A file of a library that the sources import, and the names they take from it. */
export interface Wish extends LibraryPath {
  names: ReadonlySet<string>;
}

/** What lacks more than this lacks everything. */
const problemsMax = 100;
/** Real inheritance is not deeper. */
const basesDepthMax = 100;

/** Files and names that this version does not have: with it, no compiler would get far. */
export function importProblems(candidate: Candidate, wishes: readonly Wish[]): Problem[] {
  const problems: Problem[] = [];
  for (const wish of wishes) {
    if (!readCandidate(candidate, wish)) {
      problems.push({ key: wish.path, text: `${candidate.version} has no ${wish.path}` });
      continue;
    }
    if (wish.names.size === 0) continue;
    const exported = exportedNames(candidate, wish);
    for (const name of wish.names) {
      if (exported.has(name)) continue;
      if (problems.length >= problemsMax) return problems;
      problems.push({
        key: `${name} ${wish.path}`,
        text: `${wish.path} of ${candidate.version} has no ${name}`,
      });
    }
  }
  return problems;
}

/** What of the sources' own code would not compile with each version: names, arguments, overrides. */
export function useProblems(
  candidates: readonly Candidate[],
  wishes: readonly Wish[],
  own: { uses: readonly SourceUses[]; elsewhere: readonly SourceUses[] },
): Problem[][] {
  const vocabularies = candidates.map((one) => vocabularyOf(one, reachInside(one, wishes)));
  const former = new Set(
    candidates.flatMap((one) => [...one.libraries.values()].flatMap((library) => [...library.formerNames])),
  );
  const known = new Set(former);
  for (const { declared, types } of [...own.uses, ...own.elsewhere]) {
    for (const name of declared.keys()) known.add(name);
    for (const name of types) known.add(name);
  }
  return candidates.map(({ version }, index) => {
    const vocabulary = vocabularies[index] as Vocabulary;
    const contracts = new Map(vocabulary.contracts);
    for (const one of own.uses) for (const [name, shape] of one.contracts) contracts.set(name, shape);
    const unfed = unfedReader(contracts, vocabulary.contracts);
    return own.uses.flatMap((uses) => [
      ...missingNames({ version, vocabulary, vocabularies, uses, known }),
      ...wrongCalls({ version, vocabulary, uses, known }),
      ...wrongOverrides({ version, vocabulary, uses, known }),
      ...deadHooks({ version, vocabulary, vocabularies, uses }),
      ...wrongBases({ version, contracts, unfed, library: vocabulary.contracts, uses }),
    ]);
  });
}

interface Looked {
  version: string;
  vocabulary: Vocabulary;
  uses: SourceUses;
  /** Names that somebody else declares. */
  known: ReadonlySet<string>;
}

function missingNames(looked: Looked & { vocabularies: readonly Vocabulary[] }): Problem[] {
  const { version, vocabulary, vocabularies, uses, known } = looked;
  const problems: Problem[] = [];
  const look = (name: string, kind: 'callables' | 'types') => {
    if (known.has(name) || vocabulary.callables.has(name) || vocabulary.types.has(name)) return;
    if (vocabularies.some((other) => other[kind].has(name)))
      problems.push({ key: name, text: `${version} has no ${name}` });
  };
  for (const name of uses.calls.keys()) look(name, 'callables');
  for (const name of uses.overrides.keys()) if (!uses.calls.has(name)) look(name, 'callables');
  for (const word of uses.words) look(word, 'types');
  return problems;
}

function wrongCalls({ version, vocabulary, uses, known }: Looked): Problem[] {
  const problems: Problem[] = [];
  for (const [name, arities] of uses.calls) {
    const shapes = vocabulary.callables.get(name);
    if (!shapes || known.has(name) || vocabulary.types.has(name) || uses.overrides.has(name)) continue;
    for (const arity of arities) {
      if (shapes.some((shape) => shape.parameters === arity)) continue;
      const wanted = [...new Set(shapes.map((shape) => shape.parameters))].sort().join(' or ');
      problems.push({ key: `${name}(${arity})`, text: `in ${version} ${name} takes ${counted(wanted)}` });
    }
  }
  return problems;
}

function wrongOverrides({ version, vocabulary, uses, known }: Looked): Problem[] {
  const problems: Problem[] = [];
  for (const [name, own] of uses.overrides) {
    const shapes = known.has(name) ? undefined : vocabulary.callables.get(name);
    if (!shapes) continue;
    for (const { parameters } of own) {
      const same = shapes.filter((shape) => shape.parameters === parameters);
      if (same.some((shape) => shape.isVirtual)) continue;
      const text =
        same.length > 0
          ? `${version} does not let ${name} be overridden`
          : `${version} has no ${name} with ${parameters} parameters`;
      problems.push({ key: `override ${name}/${parameters}`, text });
    }
  }
  return problems;
}

/** Functions that only another version would ever call: without `override` this one takes them in silence. */
function deadHooks(looked: Omit<Looked, 'known'> & { vocabularies: readonly Vocabulary[] }): Problem[] {
  const { version, vocabulary, vocabularies, uses } = looked;
  const problems: Problem[] = [];
  for (const [name, own] of uses.declared) {
    if (!name.startsWith('_') || uses.overrides.has(name)) continue;
    const isHook = ({ callables }: Vocabulary) =>
      callables
        .get(name)
        ?.some((shape) => shape.isVirtual && own.some((one) => one.parameters === shape.parameters));
    if (!isHook(vocabulary) && vocabularies.some(isHook))
      problems.push({ key: `hook ${name}`, text: `${version} has no ${name}` });
  }
  return problems;
}

/** Constructors of the library that are given other arguments than they take, or none at all. */
function wrongBases(looked: {
  version: string;
  library: Vocabulary['contracts'];
  /** The library's and the sources', where the sources' win. */
  contracts: ReadonlyMap<string, ContractShape>;
  unfed: (name: string) => ReadonlySet<string>;
  uses: SourceUses;
}): Problem[] {
  const { version, library, contracts, unfed, uses } = looked;
  const problems: Problem[] = [];
  const add = (name: string, given: number) => {
    const shape = library.get(name);
    if (!shape || shape !== contracts.get(name) || shape.constructorParameters === given) return;
    const takes = shape.constructorParameters;
    const text = `in ${version} the constructor of ${name} takes ${counted(`${takes}`)}`;
    problems.push({ key: `new ${name}(${given})`, text });
  };
  for (const [name, contract] of uses.contracts) {
    for (const [base, given] of contract.bases) if (given !== undefined) add(base, given);
    if (contract.kind === 'contract') for (const base of unfed(name)) add(base, 0);
  }
  return problems;
}

/**
 * Tells of a contract which of the library's, among itself and its bases, have constructors with arguments that nobody
 * among them gives. Each contract is looked at once.
 */
function unfedReader(
  contracts: ReadonlyMap<string, ContractShape>,
  library: Vocabulary['contracts'],
): (name: string) => ReadonlySet<string> {
  const known = new Map<string, Set<string>>();
  return (name) => unfed(name, 0);

  function unfed(name: string, depth: number): Set<string> {
    const held = known.get(name);
    if (held) return held;
    const found = new Set<string>();
    const contract = contracts.get(name);
    if (!contract || depth > basesDepthMax) return found;
    // Before its bases are looked at: sources that go round in a circle end here.
    known.set(name, found);
    for (const base of contract.bases.keys()) for (const one of unfed(base, depth + 1)) found.add(one);
    for (const [base, given] of contract.bases) if (given !== undefined) found.delete(base);
    if (contract.constructorParameters > 0 && library.get(name) === contract) found.add(name);
    return found;
  }
}

function counted(count: string): string {
  if (count === '0') return 'no argument';
  return count === '1' ? '1 argument' : `${count} arguments`;
}

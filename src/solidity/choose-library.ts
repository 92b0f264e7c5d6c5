import type { BundledLibrary } from './bundled-library.ts';
import { type Candidate, candidatesFor, reachInside, readCandidate } from './library-candidates.ts';
import { importProblems, type Problem, useProblems, type Wish } from './library-problems.ts';
import type { SourceUses } from './source-uses.ts';

/** What the versions of libraries are chosen by. */
export interface Evidence {
  /** What the caller's own files import without saying a version. */
  wishes: readonly Wish[];
  /** Versions that imports of the caller's say. */
  pins: readonly BundledLibrary[];
  /** What the caller's own files declare and use; asked for only where it decides. */
  uses: () => readonly SourceUses[];
  /** Whether some compiler satisfies the caller's pragmas and these ranges. */
  fits: (ranges: string[]) => boolean;
}

export interface ChosenLibrary {
  library: BundledLibrary;
  reason: string;
}

/**
 * Chooses one version for every library that the sources import, the same for libraries of one family. It is the one
 * that lacks fewest of the imported files and names; of equals the one with which least of the sources' own code would
 * fail (what it calls, overrides and constructs, its pragmas, its pins); of equals the newest.
 *
 * @returns by name, with the members of their families
 */
export function chooseLibraries(evidence: Evidence): Map<string, ChosenLibrary> {
  const chosen = new Map<string, ChosenLibrary>();
  for (const { name } of evidence.wishes) {
    if (chosen.has(name)) continue;
    const candidates = candidatesFor(name);
    const members = new Set(candidates.flatMap((one) => [...one.libraries.keys()]));
    const wishes = evidence.wishes.filter((wish) => members.has(wish.name));
    const { candidate, reason } = chooseCandidate(candidates, wishes, evidence);
    for (const library of candidate.libraries.values()) chosen.set(library.name, { library, reason });
  }
  return chosen;
}

function chooseCandidate(
  all: readonly Candidate[],
  wishes: readonly Wish[],
  evidence: Evidence,
): { candidate: Candidate; reason: string } {
  const [newest] = all as [Candidate];
  if (all.length === 1) return { candidate: newest, reason: 'the only bundled version' };
  const missing = all.map((candidate) => importProblems(candidate, wishes));
  const least = Math.min(...missing.map((problems) => problems.length));
  const possible = all.filter((_, index) => missing[index]?.length === least);
  if (possible.length === 1) return decided(all, missing, all.indexOf(possible[0] as Candidate));

  const failing = useProblems(possible, wishes, {
    uses: evidence.uses(),
    elsewhere: otherLibraries(all, evidence.wishes),
  });
  const pinned = possible.map((candidate) => pinProblems(candidate, evidence));
  for (const [index, candidate] of possible.entries())
    failing[index]?.push(...(pinned[index] ?? []), ...pragmaProblems(candidate, wishes, evidence));
  // Where a pin stands against one sign in the code, the pin is what somebody meant.
  const counts = failing.map(
    (problems, index) => new Set(problems.map(({ key }) => key)).size + (pinned[index]?.length ? 0.5 : 0),
  );
  return decided(possible, failing, counts.indexOf(Math.min(...counts)));
}

/** The reason is the first thing that the newest of the others cannot do. */
function decided(candidates: readonly Candidate[], problems: readonly Problem[][], index: number) {
  const own = new Set(problems[index]?.map(({ key }) => key));
  const against = problems.flatMap((list, other) => (other === index ? [] : list));
  const reason = against.find(({ key }) => !own.has(key))?.text ?? 'the newest bundled version';
  return { candidate: candidates[index] as Candidate, reason };
}

function pinProblems(candidate: Candidate, { pins }: Evidence): Problem[] {
  return pins
    .filter(({ name, version }) => candidate.libraries.has(name) && version !== candidate.version)
    .map(({ name, version }) => ({ key: `pin ${name} ${version}`, text: `${name} is pinned to ${version}` }));
}

function pragmaProblems(candidate: Candidate, wishes: readonly Wish[], { fits }: Evidence): Problem[] {
  const ranges = new Set<string>();
  for (const file of reachInside(candidate, wishes))
    for (const { range } of readCandidate(candidate, file)?.facts.pragmas ?? []) ranges.add(range);
  if (fits([...ranges])) return [];
  return [{ key: 'pragma', text: `the pragmas of ${candidate.version} do not fit those of the sources` }];
}

/** What the other libraries declare that the sources import: its names say nothing about this one. */
function otherLibraries(candidates: readonly Candidate[], wishes: readonly Wish[]): SourceUses[] {
  const others = wishes.filter(({ name }) => !candidates.some((one) => one.libraries.has(name)));
  return others.flatMap(({ name, path }) => {
    const [newest] = candidatesFor(name);
    if (!newest) return [];
    return reachInside(newest, [{ name, path }]).flatMap((file) => {
      const uses = newest.libraries.get(file.name)?.uses(file.path);
      return uses ? [uses] : [];
    });
  });
}

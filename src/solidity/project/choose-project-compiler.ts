import { rcompare, satisfies, valid, validRange } from 'semver';
import { bundledVersions } from '../bundled-compilers.ts';
import { someCompilerFits } from '../choose-compiler.ts';
import type { RequestNote } from '../types.ts';
import type { CollectedSource } from './collect-sources.ts';
import { fail } from './errors.ts';
import type { CompilerChoice, ProjectConfig } from './types.ts';

/** Files that are named in a message. */
const shownMax = 5;

/**
 * Chooses the one compiler, with its settings, for the files that are compiled together. Hardhat takes for each file the
 * newest of its list that the pragmas allow, or what an override says; where that differs, the one that most files
 * take and all can be compiled with is chosen and the difference told.
 *
 * @param options.wanted the caller's own choice
 * @throws AppError `project-compilers-differ` with the files of each compiler
 */
export function chooseProjectCompiler(options: {
  config: ProjectConfig;
  roots: readonly string[];
  sources: ReadonlyMap<string, CollectedSource>;
  wanted: string | undefined;
}): { choice: CompilerChoice; notes: RequestNote[] } {
  const { config, roots, sources, wanted } = options;
  if (wanted !== undefined)
    return { choice: { version: wanted, settings: settingsFor(wanted, config) }, notes: [] };
  const ranges = new Map(roots.map((root) => [root, rangesOf(root, sources)]));
  const taken = new Map([...ranges].map(([root, own]) => [root, choiceOf(root, own, config)]));
  const groups = [...Map.groupBy(roots, (root) => taken.get(root) as CompilerChoice)].sort(byWeight);
  const [first] = groups;
  if (!first) return { choice: config.compilers[0] as CompilerChoice, notes: [] };
  const shared = groups.find(([one]) => [...ranges.values()].every((own) => fits(one, own)));
  // A single choice that does not fit is refused with the pragma, by whoever prepares the compile.
  const [choice] = shared ?? first;
  if (groups.length > 1 && !shared)
    throw differ(groups.map(([one, files]) => [one.version ?? 'another', files]));
  if (choice.version === undefined) checkPragmas(ranges);
  return {
    choice,
    notes: groups.flatMap(([one, files]) => (one === choice ? [] : [note(one, files, choice)])),
  };
}

function note(one: CompilerChoice, files: readonly string[], choice: CompilerChoice): RequestNote {
  return {
    message: `Hardhat would compile ${listed(files)} with ${describe(one)}; together with the others ${describe(choice)} is taken. Name one of them as entry to compile it as Hardhat does.`,
  };
}

type Group = [CompilerChoice, readonly string[]];

/** Most files first, of equals the newest compiler. */
function byWeight([one, files]: Group, [other, others]: Group): number {
  return others.length - files.length || newestFirst(one, other);
}

/** What leaves the version open comes last. */
function newestFirst(one: CompilerChoice, other: CompilerChoice): number {
  return rcompare(exact(one), exact(other));
}

function exact({ version = '0.0.0' }: CompilerChoice): string {
  return valid(version) === version ? version : '0.0.0';
}

/** The one that Hardhat takes for a file; where none fits the newest, so that the refusal names the pragma. */
function choiceOf(root: string, ranges: readonly string[], config: ProjectConfig): CompilerChoice {
  const override = config.overrides[root];
  if (override) return override;
  const sorted = [...config.compilers].sort(newestFirst);
  return sorted.find((one) => fits(one, ranges)) ?? (sorted[0] as CompilerChoice);
}

function fits({ version }: CompilerChoice, ranges: readonly string[]): boolean {
  return someCompilerFits(ranges, version === undefined ? everyVersion : [version]);
}

/** The settings that the configuration has for a compiler that the caller names. */
function settingsFor(wanted: string, { compilers }: ProjectConfig) {
  const same = compilers.find(({ version }) => version === wanted);
  const near = compilers.find(
    ({ version }) => version !== undefined && validRange(wanted) !== null && satisfies(version, wanted),
  );
  return (same ?? near ?? (compilers[0] as CompilerChoice)).settings;
}

/** Without a named compiler the pragmas decide; files that no one compiler fits have to be told apart. */
function checkPragmas(ranges: ReadonlyMap<string, readonly string[]>): void {
  const versions = bundledVersions();
  const all = [...new Set([...ranges.values()].flat())];
  if (someCompilerFits(all, everyVersion)) return;
  const groups = new Map<string, string[]>();
  for (const [root, own] of ranges) {
    const best = versions.find((version) => fits({ version, settings: {} }, own));
    // A file that no compiler fits is refused with its pragma, by whoever prepares the compile.
    if (best === undefined) return;
    groups.set(best, [...(groups.get(best) ?? []), root]);
  }
  if (groups.size > 1) throw differ([...groups]);
}

/** Releases there are or will be: one that is not bundled may still be had. */
const everyVersion = [26, 17, 12, 6, 99].flatMap((last, index) =>
  Array.from({ length: last + 1 }, (_, patch) => `0.${index + 4}.${patch}`),
);

function rangesOf(root: string, sources: ReadonlyMap<string, CollectedSource>): string[] {
  const seen = new Set<string>();
  const ranges = new Set<string>();
  const queue = [root];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const source = seen.has(name) ? undefined : sources.get(name);
    seen.add(name);
    if (!source) continue;
    for (const { range } of source.facts.pragmas) ranges.add(range);
    for (const one of source.imports) if (!seen.has(one)) queue.push(one);
  }
  return [...ranges];
}

function differ(groups: readonly (readonly [version: string, files: readonly string[]])[]) {
  const list = [...groups].sort(([one], [other]) => (one < other ? 1 : -1));
  return fail(
    'project-compilers-differ',
    { groups: list.map(([version, files]) => `${version} for ${listed(files)}`).join('; ') },
    {
      data: {
        groups: list.slice(0, 20).map(([compiler, files]) => ({ compiler, files: files.slice(0, 100) })),
      },
    },
  );
}

function describe({ version, settings }: CompilerChoice): string {
  const { optimizer } = settings;
  const runs = optimizer?.enabled === false ? 'no optimizer' : `${optimizer?.runs ?? 200} runs`;
  return `${version ?? 'what its pragmas allow'} (${runs})`;
}

function listed(files: readonly string[]): string {
  const more = files.length - shownMax;
  return [...files.slice(0, shownMax), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

import { satisfies } from 'semver';
import { libraryImport, libraryVersions } from '../library-imports.ts';
import type { RequestNote } from '../types.ts';
import { type Collected, isIn } from './collect-sources.ts';
import type { ProjectConfig, ProjectFiles } from './types.ts';

/** Names that one note shows. */
const shownMax = 10;

/** Says what is compiled in place of what the project means, and what is not compiled. */
export function projectNotes(
  files: ProjectFiles,
  from: { config: ProjectConfig; collected: Collected; libraries: Readonly<Record<string, string>> },
): RequestNote[] {
  const { config, collected, libraries } = from;
  const isOwn = (path: string) =>
    config.sources.some((folder) => isIn(path, folder)) && !config.libs.some((lib) => isIn(path, lib));
  const yul = [...files.paths].filter((path) => path.endsWith('.yul') && isOwn(path));
  const messages = [
    ...listed('Not among the files, so bundled libraries stand in', collected.standIns),
    ...listed('Only Solidity is compiled; left out', yul),
    ...otherVersions(collected, libraries),
  ];
  return messages.map((message) => ({ message }));
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.slice(0, shownMax).join(', ')}.`];
}

/** A library that is asked for in a version that is not bundled comes in another. */
function otherVersions({ sources }: Collected, libraries: Readonly<Record<string, string>>): string[] {
  const imported = new Set(
    [...sources.values()].flatMap(({ facts }) => facts.imports.map(({ path }) => libraryImport(path)?.name)),
  );
  return Object.entries(libraries).flatMap(([name, range]) => {
    const versions = libraryVersions(name).map(({ version }) => version);
    const isBundled = versions.some((version) => satisfies(version, range));
    const isBrought = [...sources.keys()].some((one) => one.startsWith(`${name}/`));
    if (isBundled || isBrought || !imported.has(name)) return [];
    return [
      `package.json asks for ${name} ${range}; bundled are ${versions.join(' and ')}, and the nearest that fits is taken.`,
    ];
  });
}

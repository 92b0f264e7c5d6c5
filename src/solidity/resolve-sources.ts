import { chooseEntry } from './entry.ts';
import { readRemappings } from './remappings.ts';
import { resolveImports } from './resolve-imports.ts';
import { type ReachedFile, sourceReader } from './source-reader.ts';
import type { CompileRequest, LibraryUse } from './types.ts';
import { wantedLibraries } from './wanted-libraries.ts';

/** The files that take part in a compile, and what decided so. */
export interface ResolvedSources {
  entry: string;
  files: ReachedFile[];
  libraries: LibraryUse[];
  /** Those of the request, and before them our own where one library was imported by several names. */
  remappings: string[];
}

/**
 * Chooses the entry and follows the imports. Where one library is imported by several names, as
 * `openzeppelin-contracts/contracts/…` beside the `@openzeppelin/contracts/…` of its twin, remappings make them one: the
 * compiler would take two files of different names for two libraries.
 *
 * @param fits whether some compiler satisfies all these version ranges
 * @throws AppError for remappings, the entry, imports and the versions of libraries
 */
export function resolveSources(
  request: CompileRequest,
  fits: (ranges: string[]) => boolean,
): ResolvedSources {
  const given = request.settings?.remappings ?? [];
  const resolved = resolve(request, given, fits);
  const added = [...resolved.prefixes].flatMap(([name, prefixes]) => unite(name, prefixes, request));
  if (added.length === 0) return { ...resolved, remappings: given };
  const remappings = [...added, ...given];
  return { ...resolve(request, remappings, fits), remappings };
}

function resolve(
  { sources, entry, contract, libraryVersions }: CompileRequest,
  remappings: readonly string[],
  fits: (ranges: string[]) => boolean,
) {
  const reader = sourceReader(sources, readRemappings(remappings));
  const chosen = chooseEntry({ reader, entry, contract });
  const pins = wantedLibraries(libraryVersions);
  return { entry: chosen.entry, ...resolveImports({ reader, roots: chosen.roots, fits, pins }) };
}

/** Remappings from the names in use to one of them: where the caller's remappings lead, else the library's own. */
function unite(name: string, prefixes: ReadonlySet<string>, { sources, settings }: CompileRequest): string[] {
  if (prefixes.size < 2) return [];
  const given = readRemappings(settings?.remappings ?? []);
  const led = [...prefixes].find((prefix) => given.some(({ target }) => leads(target, prefix)));
  const target = led ?? `${name}/`;
  return [...prefixes]
    .filter((prefix) => prefix !== target && !given.some((one) => leads(one.target, prefix)))
    .filter((prefix) => !Object.keys(sources).some((path) => path.startsWith(prefix)))
    .map((prefix) => `${prefix}=${target}`);
}

function leads(target: string, prefix: string): boolean {
  return target !== '' && (prefix.startsWith(target) || target.startsWith(prefix));
}

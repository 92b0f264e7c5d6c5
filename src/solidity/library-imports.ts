import { satisfies, validRange } from 'semver';
import type { Place } from '../lib/app-error.ts';
import type { BundledLibrary } from './bundled-library.ts';
import { fail } from './errors.ts';
import { libraries } from './libraries/index.ts';

/** An import name taken apart: `@openzeppelin/contracts@4.9.6/access/Ownable.sol`. */
export interface LibraryImport {
  name: string;
  /** All that stands before the file: the name or an alias, with the version and the folder before it. */
  prefix: string;
  /** The version range after `@`, when there is one. */
  pin: string | undefined;
  /** The file inside the library. */
  path: string;
}

/** What imports start with → the library's name; the longest first, because `solmate/src` is `solmate` too. */
const prefixes: readonly (readonly [prefix: string, name: string])[] = [
  ...new Map(
    libraries.flatMap(({ name, aliases }) => [name, ...aliases].map((prefix) => [`${prefix}/`, name])),
  ),
].sort(([one], [other]) => other.length - one.length);

/** Folders that installers put libraries into; what stands before them is somebody's project. */
const installed = /^(?:.*\/)?(?:lib|node_modules)\//;

/** @returns the parts of an import from a bundled library, or nothing when it is none. */
export function libraryImport(source: string): LibraryImport | undefined {
  const direct = takeApart(source, 0);
  if (direct) return direct;
  const folder = installed.exec(source)?.[0];
  return folder === undefined ? undefined : takeApart(source, folder.length);
}

function takeApart(source: string, from: number): LibraryImport | undefined {
  const wanted = source.slice(from);
  const pinned = pinOf(wanted);
  const plain = pinned ? `${pinned.name}/${pinned.rest}` : wanted;
  const found = prefixes.find(([prefix]) => plain.startsWith(prefix));
  if (!found || plain.length === found[0].length) return undefined;
  const path = plain.slice(found[0].length);
  return { name: found[1], prefix: source.slice(0, -path.length), pin: pinned?.pin, path };
}

/** Takes `name@version/rest` apart, for the names of libraries only. */
function pinOf(source: string): { name: string; pin: string; rest: string } | undefined {
  const at = source.indexOf('@', 1);
  const slash = source.indexOf('/', at);
  const name = source.slice(0, at);
  if (at < 0 || slash <= at + 1 || !libraries.some((library) => library.name === name)) return undefined;
  return { name, pin: source.slice(at + 1, slash), rest: source.slice(slash + 1) };
}

/** All versions bundled of a library, newest first. */
export function libraryVersions(name: string): BundledLibrary[] {
  return libraries.filter((library) => library.name === name);
}

/** The names with versions, for hints. */
export function libraryNames(): string {
  const byName = Map.groupBy(libraries, ({ name }) => name);
  return [...byName]
    .map(([name, all]) => `${name} ${all.map(({ version }) => version).join(' and ')}`)
    .join(', ');
}

/** Every file of every library as it is imported, for "did you mean". */
export function libraryPaths(): string[] {
  return libraries.flatMap((library) => [...library.paths()].map((path) => `${library.name}/${path}`));
}

/**
 * @param placeOf where the import stands, asked for only to complain
 * @throws AppError `library-version-not-bundled` when no bundled version is in the pinned range
 */
export function pinnedLibrary(name: string, pin: string, placeOf: () => Place): BundledLibrary {
  const all = libraryVersions(name);
  const range = pin === 'latest' ? '*' : validRange(pin);
  const found = range === null ? undefined : all.find((library) => satisfies(library.version, range));
  if (found) return found;
  const place = placeOf();
  throw fail(
    'library-version-not-bundled',
    {
      file: place.file ?? '',
      line: place.line ?? 1,
      library: name,
      wanted: pin,
      versions: all.map((library) => library.version).join(', '),
      newest: all[0]?.version ?? '',
    },
    { place },
  );
}

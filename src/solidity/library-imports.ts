import { satisfies, validRange } from 'semver';
import type { Place } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { libraries } from './libraries/index.ts';
import type { BundledLibrary } from './npm-library.ts';
import type { SourceFacts } from './source-facts.ts';
import type { LibraryUse } from './types.ts';

/** An import name taken apart: `@openzeppelin/contracts@4.9.6/access/Ownable.sol`. */
export interface LibraryImport {
  name: string;
  /** The version range after `@`, when there is one. */
  pin: string | undefined;
  /** The file inside the library. */
  path: string;
}

/** @returns the parts of an import from a bundled library, or nothing when it is none. */
export function libraryImport(source: string): LibraryImport | undefined {
  for (const { name } of libraries) {
    if (!source.startsWith(name)) continue;
    const rest = source.slice(name.length);
    if (rest.startsWith('/')) return { name, pin: undefined, path: rest.slice(1) };
    const slash = rest.indexOf('/');
    if (rest.startsWith('@') && slash > 1)
      return { name, pin: rest.slice(1, slash), path: rest.slice(slash + 1) };
  }
  return undefined;
}

/** All versions bundled of a library, newest first. */
export function libraryVersions(name: string): BundledLibrary[] {
  return libraries.filter((library) => library.name === name);
}

/** The names with versions, for hints. */
export function libraryNames(): string {
  return libraries.map((library) => `${library.name} ${library.version}`).join(', ');
}

/** Every file of every library as it is imported, for "did you mean". */
export function libraryPaths(): string[] {
  return libraries.flatMap((library) => [...library.paths()].map((path) => `${library.name}/${path}`));
}

/** @throws AppError `library-version-not-bundled` when no bundled version is in the pinned range */
export function pinnedLibrary(name: string, pin: string, place: Place): BundledLibrary {
  const all = libraryVersions(name);
  const range = validRange(pin);
  const found = range === null ? undefined : all.find((library) => satisfies(library.version, range));
  if (found) return found;
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

/**
 * Chooses the one version of a library for imports without a pin, by evidence in this order: the imported files exist
 * in one version only; the caller's code uses what one version only has; a compiler fits one version only; the newest.
 *
 * @param fits whether some bundled compiler satisfies the caller's pragmas and those of this library file
 */
export function chooseLibrary(
  name: string,
  own: { facts: SourceFacts[]; imported: ReadonlySet<string>; fits: (library: SourceFacts) => boolean },
): { library: BundledLibrary; use: LibraryUse } {
  const all = libraryVersions(name);
  const chosen = (library: BundledLibrary, reason: string) => {
    return { library, use: { name, version: library.version, reason } };
  };
  const [first, ...others] = all.filter((library) =>
    [...own.imported].every((path) => library.paths().has(path)),
  );
  if (!first) return chosen(all[0] as BundledLibrary, 'the newest bundled version');
  if (others.length === 0 && all.length > 1) {
    const path = [...own.imported].find((one) => all.some((library) => !library.paths().has(one)));
    return chosen(first, `${path} exists only in this version`);
  }
  for (const library of [first, ...others]) {
    const sign = library.sign(own.facts, own.imported);
    if (sign) return chosen(library, sign);
  }
  const compatible = [first, ...others].find((library) =>
    [...own.imported].every((path) => {
      const file = library.read(path);
      return !file || own.fits(file.facts);
    }),
  );
  if (compatible && compatible !== first) return chosen(compatible, 'its pragmas fit those of the sources');
  return chosen(first, 'the newest bundled version');
}

import type { AppError } from '../lib/app-error.ts';
import type { BundledLibrary } from './bundled-library.ts';
import { fail } from './errors.ts';
import { type LibraryImport, libraryNames, libraryPaths, libraryVersions } from './library-imports.ts';
import { nearest } from './nearest.ts';
import { errorPlace } from './source-place.ts';
import type { ReachedFile, Target } from './source-reader.ts';

/**
 * Says which import leads nowhere, what may have been meant, and what to do about it.
 *
 * @param options.library the library that was looked in, and why that version
 */
export function importNotFound(options: {
  from: ReachedFile;
  target: Target;
  ownNames: readonly string[];
  parts?: LibraryImport;
  library?: BundledLibrary;
  reason?: string;
}): AppError {
  const { from, target, ownNames, parts, library } = options;
  const known = parts && library ? pathsOf(library, parts.prefix) : libraryPaths();
  const moved = parts && library?.moved[parts.path];
  const meant = moved ?? nearest(target.name, [...ownNames, ...known]);
  const place = errorPlace(from.name, from.content, target.wanted);
  return fail(
    'import-not-found',
    {
      file: from.name,
      line: place.line ?? 1,
      path: target.wanted.path,
      suggestion: meant === undefined ? '' : ` Did you mean ${meant}?`,
      advice: adviceFor(options, meant),
    },
    { place, ...(meant === undefined ? {} : { data: { suggestion: meant } }) },
  );
}

function adviceFor(options: Parameters<typeof importNotFound>[0], meant: string | undefined): string {
  const { target, parts, library, reason } = options;
  if (meant?.toLowerCase() === target.name.toLowerCase())
    return 'Letter case counts in the paths of imports.';
  if (parts && library) {
    const moved = library.moved[parts.path];
    if (moved) return `${library.name} ${library.version} has it no more; ${moved} takes its place.`;
    const other = libraryVersions(parts.name).find((one) => one.paths().has(parts.path));
    if (other) {
      const all = `Take all of ${parts.name} from one version, or pin this import: ${parts.name}@${other.version}/${parts.path}.`;
      return `${parts.path} is in ${other.version} only; ${library.version} was taken: ${reason}. ${all}`;
    }
    return `${library.name} ${library.version} has no such file. Correct the path, or add the file to the sources.`;
  }
  return `Add the file to the sources, or import from a bundled library: ${libraryNames()}.`;
}

function pathsOf(library: BundledLibrary, prefix: string): string[] {
  return [...library.paths()].map((path) => prefix + path);
}

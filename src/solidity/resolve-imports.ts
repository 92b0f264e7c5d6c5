import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import {
  chooseLibrary,
  libraryImport,
  libraryNames,
  libraryPaths,
  libraryVersions,
  pinnedLibrary,
} from './library-imports.ts';
import { suggestion } from './nearest.ts';
import type { BundledLibrary, LibraryFile } from './npm-library.ts';
import { type Remapping, remap } from './remappings.ts';
import { type SourceFacts, type Span, sourceFacts } from './source-facts.ts';
import { joinRelative, pathProblem } from './source-paths.ts';
import { errorPlace } from './source-place.ts';
import type { LibraryUse, Sources } from './types.ts';

/** One file that takes part in a compile. */
export interface ReachedFile extends LibraryFile {
  name: string;
  own: boolean;
}

type Import = SourceFacts['imports'][number];

/**
 * Follows every import from the roots through the caller's sources and the bundled libraries.
 * A caller's own file wins over a library's file of the same name.
 *
 * @param options.fits whether a bundled compiler satisfies all these version ranges
 * @returns the files in the order they were reached, and the libraries used
 * @throws AppError `import-invalid`, `import-not-found`, `imports-too-many`, `library-version-not-bundled`
 */
export function resolveImports(options: {
  sources: Sources;
  roots: readonly string[];
  remappings: readonly Remapping[];
  fits: (ranges: string[]) => boolean;
}): { files: ReachedFile[]; libraries: LibraryUse[] } {
  const { sources, remappings } = options;
  const reached = new Map<string, ReachedFile>();
  const uses = new Map<string, LibraryUse>();
  const unpinned = new Map<string, BundledLibrary>();

  // The caller's own files come first: they are the evidence for the version of each library.
  for (const root of options.roots) reachOwn(root);
  const own = [...reached.values()];
  chooseLibraries();
  for (const file of own) for (const one of file.facts.imports) reach(file, one);
  return { files: [...reached.values()], libraries: [...uses.values()] };

  function reachOwn(root: string): void {
    const queue = [root];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const content = ownSource(name);
      if (content === undefined || reached.has(name)) continue;
      const file = { name, content, facts: sourceFacts(content), own: true };
      reached.set(name, file);
      for (const one of file.facts.imports) queue.push(resolveName(file, one, remappings));
    }
  }

  function chooseLibraries(): void {
    const imported = new Map<string, Set<string>>();
    for (const file of own) {
      for (const one of file.facts.imports) {
        const name = resolveName(file, one, remappings);
        const parts = ownSource(name) === undefined ? libraryImport(name) : undefined;
        if (!parts || parts.pin !== undefined) continue;
        const paths = imported.get(parts.name) ?? new Set();
        imported.set(parts.name, paths.add(parts.path));
      }
    }
    const ranges = own.flatMap((file) => file.facts.pragmas.map((pragma) => pragma.range));
    for (const [name, paths] of imported) {
      const { library, use } = chooseLibrary(name, {
        facts: own.map((file) => file.facts),
        imported: paths,
        fits: (facts) => options.fits([...ranges, ...facts.pragmas.map((pragma) => pragma.range)]),
      });
      unpinned.set(name, library);
      uses.set(name, use);
    }
  }

  function reach(from: ReachedFile, wanted: Import): void {
    const queue = [{ from, wanted }];
    for (let next = queue.pop(); next; next = queue.pop()) {
      const name = resolveName(next.from, next.wanted, remappings);
      if (reached.has(name)) continue;
      const file = { name, own: false, ...find(next.from, next.wanted, name) };
      if (reached.size >= limits.importedFilesMax)
        throw fail('imports-too-many', { max: limits.importedFilesMax });
      reached.set(name, file);
      for (const one of file.facts.imports) queue.push({ from: file, wanted: one });
    }
  }

  function find(from: ReachedFile, wanted: Import, name: string): LibraryFile {
    const parts = libraryImport(name);
    if (!parts) throw notFound(from, wanted, [...Object.keys(sources), ...libraryPaths()]);
    const library = findLibrary(from, wanted, parts);
    const file = library.read(parts.path);
    if (file) return file;
    const prefix = name.slice(0, name.length - parts.path.length);
    const known = [...library.paths()].map((path) => prefix + path);
    throw notFound(from, wanted, [...Object.keys(sources), ...known], name);
  }

  function findLibrary(from: ReachedFile, wanted: Import, parts: { name: string; pin: string | undefined }) {
    if (parts.pin !== undefined) {
      const library = pinnedLibrary(parts.name, parts.pin, importPlace(from, wanted));
      const key = `${parts.name}@${parts.pin}`;
      uses.set(key, { name: key, version: library.version, reason: 'pinned by the import' });
      return library;
    }
    // A library reached only through a remapped library file: nothing of the caller's says which version.
    const library = unpinned.get(parts.name) ?? (libraryVersions(parts.name)[0] as BundledLibrary);
    if (!uses.has(parts.name)) {
      uses.set(parts.name, {
        name: parts.name,
        version: library.version,
        reason: 'the newest bundled version',
      });
    }
    return library;
  }

  function ownSource(name: string): string | undefined {
    return Object.hasOwn(sources, name) ? sources[name] : undefined;
  }
}

/** The compiler's name for an import: relative ones joined to their file, then remapped. */
export function resolveName(from: ReachedFile, wanted: Import, remappings: readonly Remapping[]): string {
  const { path } = wanted;
  const relative = path.startsWith('./') || path.startsWith('../');
  const joined =
    relative && !path.includes('\\') && !path.includes('\0') ? joinRelative(from.name, path) : path;
  const name = joined === undefined ? '..' : remap(remappings, from.name, joined);
  const reason = pathProblem(name);
  if (reason === undefined) return name;
  const place = importPlace(from, wanted);
  const shown = path.slice(0, limits.sourcePathCharactersMax).replaceAll('\0', '\\0');
  throw fail(
    'import-invalid',
    { file: from.name, line: place.line ?? 1, path: shown, reason, advice: adviceFor(reason) },
    { place },
  );
}

function adviceFor(reason: string): string {
  if (reason.includes('URL'))
    return `Nothing is fetched. Put the file among the sources, or import from ${libraryNames()}.`;
  if (reason.includes('backslash')) return 'Write the path with forward slashes, such as ./lib/Math.sol.';
  return 'An import reaches only the given sources and the bundled libraries. Write a path such as ./Other.sol.';
}

function notFound(from: ReachedFile, wanted: Import, known: string[], resolved?: string) {
  const place = importPlace(from, wanted);
  const name = resolved ?? (wanted.path.startsWith('.') ? joinRelative(from.name, wanted.path) : wanted.path);
  return fail(
    'import-not-found',
    {
      file: from.name,
      line: place.line ?? 1,
      path: wanted.path,
      suggestion: suggestion(name ?? wanted.path, known),
      libraries: libraryNames(),
    },
    { place },
  );
}

function importPlace(from: ReachedFile, span: Span) {
  return errorPlace(from.name, from.content, span);
}

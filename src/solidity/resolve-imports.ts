import { limits } from '../lib/limits.ts';
import type { BundledLibrary } from './bundled-library.ts';
import { type ChosenLibrary, chooseLibraries } from './choose-library.ts';
import { fail } from './errors.ts';
import { importNotFound } from './import-not-found.ts';
import { type LibraryImport, libraryImport, libraryVersions, pinnedLibrary } from './library-imports.ts';
import type { Wish } from './library-problems.ts';
import { errorPlace } from './source-place.ts';
import type { ReachedFile, SourceReader, Target } from './source-reader.ts';
import { type SourceUses, sourceUses } from './source-uses.ts';
import type { LibraryUse } from './types.ts';

/**
 * Follows every import from the roots through the caller's sources and the bundled libraries.
 * A caller's own file wins over a library's file of the same name.
 *
 * @param options.fits whether a bundled compiler satisfies all these version ranges
 * @param options.pins versions that are asked for beside what imports say
 * @returns the files in the order they were reached, the libraries used, and for each library that was reached by
 *   several names (without versions) those names
 * @throws AppError `import-invalid`, `import-not-found`, `imports-too-many`, `pragmas-too-many`,
 *   `library-version-not-bundled`, `library-versions-disagree`
 */
export function resolveImports(options: {
  reader: SourceReader;
  roots: readonly string[];
  fits: (ranges: string[]) => boolean;
  pins?: readonly BundledLibrary[];
}): { files: ReachedFile[]; libraries: LibraryUse[]; prefixes: Map<string, Set<string>> } {
  const { reader } = options;
  const reached = new Map<string, ReachedFile>();
  const uses = new Map<string, LibraryUse>();
  const prefixes = new Map<string, Set<string>>();

  // The caller's own files come first: they are the evidence for the version of each library.
  for (const root of options.roots) reachOwn(root);
  const own = [...reached.values()];
  const chosen = chooseLibraries(readEvidence());
  for (const file of own) for (const target of reader.targets(file)) reach(file, target);
  return { files: [...reached.values()], libraries: [...uses.values()], prefixes };

  function reachOwn(root: string): void {
    const queue = [root];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const file = reached.has(name) ? undefined : reader.read(name);
      if (!file) continue;
      reached.set(name, file);
      for (const target of reader.targets(file)) queue.push(target.name);
    }
  }

  function readEvidence() {
    const wishes = new Map<string, Wish & { names: Set<string> }>();
    const pins: BundledLibrary[] = [...(options.pins ?? [])];
    for (const file of own) {
      for (const { wanted, name } of reader.targets(file)) {
        const parts = reader.read(name) ? undefined : libraryImport(name);
        if (!parts) continue;
        if (parts.pin !== undefined) {
          const place = () => errorPlace(file.name, file.content, wanted);
          pins.push(pinnedLibrary(parts.name, parts.pin, place));
          continue;
        }
        const key = `${parts.name}/${parts.path}`;
        const wish = wishes.get(key) ?? { name: parts.name, path: parts.path, names: new Set() };
        for (const taken of wanted.names?.values() ?? []) wish.names.add(taken);
        wishes.set(key, wish);
      }
    }
    const ranges = new Set<string>();
    for (const file of own) for (const { range } of file.facts.pragmas) ranges.add(range);
    if (ranges.size > limits.pragmasMax) throw fail('pragmas-too-many', { max: limits.pragmasMax });
    return {
      wishes: [...wishes.values()],
      pins,
      uses: () => readUses(own),
      fits: (others: string[]) => options.fits([...ranges, ...others]),
    };
  }

  function reach(from: ReachedFile, first: Target): void {
    const queue = [{ from, target: first }];
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { name } = next.target;
      if (reached.has(name)) continue;
      const file = find(next.from, next.target);
      if (reached.size >= limits.importedFilesMax)
        throw fail('imports-too-many', { max: limits.importedFilesMax });
      reached.set(name, file);
      for (const target of reader.targets(file)) queue.push({ from: file, target });
    }
  }

  /** A library's file; where a library's import meets a file of the caller's, that one. */
  function find(from: ReachedFile, target: Target): ReachedFile {
    const ownFile = reader.read(target.name);
    if (ownFile) return ownFile;
    const parts = libraryImport(target.name);
    if (!parts) throw importNotFound({ from, target, ownNames: reader.names });
    const { library, reason } = findLibrary(from, target, parts);
    const file = library.read(parts.path);
    if (!file) throw importNotFound({ from, target, ownNames: reader.names, parts, library, reason });
    const label = parts.pin === undefined ? parts.name : `${parts.name}@${parts.pin}`;
    if (!uses.has(label))
      uses.set(label, { name: label, version: library.version, licence: library.licence, reason });
    if (parts.pin === undefined)
      prefixes.set(parts.name, (prefixes.get(parts.name) ?? new Set()).add(parts.prefix));
    return { name: target.name, own: false, ...file, library };
  }

  function findLibrary(from: ReachedFile, { wanted }: Target, parts: LibraryImport): ChosenLibrary {
    const place = () => errorPlace(from.name, from.content, wanted);
    if (parts.pin !== undefined) {
      return { library: pinnedLibrary(parts.name, parts.pin, place), reason: 'pinned by the import' };
    }
    const twin = neededBy(from.library, parts.name);
    const found = chosen.get(parts.name) ?? twin;
    if (twin && found?.library !== twin.library) throw disagree(from, place(), parts.name);
    if (found) {
      chosen.set(parts.name, found);
      return found;
    }
    const [library] = libraryVersions(parts.name) as [BundledLibrary];
    return {
      library,
      reason: from.library ? `needed by ${from.library.name}` : 'the newest bundled version',
    };
  }

  function disagree(from: ReachedFile, place: ReturnType<typeof errorPlace>, name: string) {
    const needed = from.library?.version ?? '';
    const { library, reason } = chosen.get(name) as ChosenLibrary;
    return fail(
      'library-versions-disagree',
      { file: from.name, library: name, needed, version: library.version, reason },
      { place },
    );
  }
}

/** The member of the same family that a library's file means: that of its own version. */
function neededBy(library: BundledLibrary | undefined, name: string): ChosenLibrary | undefined {
  if (library?.family === undefined) return undefined;
  const twin = libraryVersions(name).find(
    (one) => one.family === library.family && one.version === library.version,
  );
  return twin && { library: twin, reason: `needed by ${library.name} ${library.version}` };
}

/** Evidence is read from the first of this many characters: it is a guess either way. */
function readUses(files: readonly ReachedFile[]): SourceUses[] {
  let left: number = limits.evidenceCharactersMax;
  return files.flatMap((file) => {
    if (file.content.length > left) return [];
    left -= file.content.length;
    return [sourceUses(file.content)];
  });
}

import { limits } from '../lib/limits.ts';
import type { BundledLibrary, LibraryFile } from './bundled-library.ts';
import { fail } from './errors.ts';
import { libraryNames } from './library-imports.ts';
import { type Remapping, remap } from './remappings.ts';
import { type Import, sourceFacts } from './source-facts.ts';
import { joinRelative, pathProblem } from './source-paths.ts';
import { errorPlace } from './source-place.ts';
import type { Sources } from './types.ts';

/** One file that takes part in a compile. */
export interface ReachedFile extends LibraryFile {
  name: string;
  own: boolean;
  /** Where it is from, unless it is the caller's own. */
  library?: BundledLibrary;
}

/** An import and the source that it means by the compiler's rules, whether there is one or not. */
export interface Target {
  wanted: Import;
  name: string;
}

/** The caller's sources, each read and its imports resolved once. */
export interface SourceReader {
  /** Sorted. */
  names: readonly string[];
  read(name: string): ReachedFile | undefined;
  /** @throws AppError `import-invalid`, `imports-too-many` */
  targets(file: ReachedFile): readonly Target[];
}

/** Opens the caller's sources for one compile: every file is cut into pieces once, however many ask for it. */
export function sourceReader(sources: Sources, remappings: readonly Remapping[]): SourceReader {
  const files = new Map<string, ReachedFile>();
  const targetsByFile = new Map<string, Target[]>();
  return { names: Object.keys(sources).sort(), read, targets };

  function read(name: string): ReachedFile | undefined {
    const held = files.get(name);
    if (held) return held;
    const content = Object.hasOwn(sources, name) ? sources[name] : undefined;
    if (content === undefined) return undefined;
    const file = { name, own: true, content, facts: sourceFacts(content) };
    files.set(name, file);
    return file;
  }

  function targets(file: ReachedFile): Target[] {
    const held = targetsByFile.get(file.name);
    if (held) return held;
    if (file.facts.imports.length > limits.importedFilesMax)
      throw fail('imports-too-many', { max: limits.importedFilesMax });
    const found = file.facts.imports.map((wanted) => ({
      wanted,
      name: resolveName(file, wanted, remappings),
    }));
    targetsByFile.set(file.name, found);
    return found;
  }
}

/** The compiler's name for an import: relative ones joined to their file, then remapped. @throws AppError `import-invalid` */
export function resolveName(from: ReachedFile, wanted: Import, remappings: readonly Remapping[]): string {
  const { path } = wanted;
  const relative = path.startsWith('./') || path.startsWith('../');
  const joined =
    relative && !path.includes('\\') && !path.includes('\0') ? joinRelative(from.name, path) : path;
  const name = joined === undefined ? '..' : remap(remappings, from.name, joined);
  const reason = pathProblem(name);
  if (reason === undefined) return name;
  const place = errorPlace(from.name, from.content, wanted);
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

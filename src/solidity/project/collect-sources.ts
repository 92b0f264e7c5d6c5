import { limits } from '../../lib/limits.ts';
import { fail as failSolidity } from '../errors.ts';
import { libraryImport, libraryNames, libraryVersions } from '../library-imports.ts';
import { findRemapping, type Remapping } from '../remappings.ts';
import { type SourceFacts, sourceFacts } from '../source-facts.ts';
import { joinRelative, pathProblem } from '../source-paths.ts';
import { errorPlace } from '../source-place.ts';
import { decodeText } from './config-text.ts';
import { fail } from './errors.ts';
import { splitRemapping } from './read-remappings-txt.ts';
import type { ProjectConfig, ProjectFiles } from './types.ts';

/** A source that a compile of the project reaches. */
export interface CollectedSource {
  text: string;
  facts: SourceFacts;
  /** Whether it is somebody else's. */
  foreign: boolean;
  /** Names that its imports lead to, of the project's files only. */
  imports: string[];
}

export interface Collected {
  /** By the name that the project's tool would give it. */
  sources: Map<string, CollectedSource>;
  /** Those that lead somewhere, in alphabetical order. */
  remappings: string[];
  /** Folders that are not among the files, for which bundled libraries stand in. */
  standIns: string[];
}

type Import = SourceFacts['imports'][number];

/**
 * Follows imports from the roots through the files of a project, as its tool would. What lies in an installed library
 * that is not among the files is left to the bundled ones.
 *
 * @throws AppError `project-dependency-missing`, `source-not-text`, `sources-too-many`, `sources-too-large`
 */
export function collectSources(
  files: ProjectFiles,
  options: { config: ProjectConfig; roots: readonly string[] },
): Collected {
  const { config, roots } = options;
  const remappings = config.remappings.map(splitRemapping);
  const dropped = new Set<Remapping>();
  const used = new Set<Remapping>();
  const standIns = new Set<string>();
  const sources = new Map<string, CollectedSource>();
  let bytes = 0;
  let imports = 0;

  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const path = sources.has(name) ? undefined : locate(name);
    if (path === undefined) continue;
    const source = read(name, path);
    sources.set(name, source);
    imports += source.facts.imports.length;
    if (imports > limits.projectImportsMax)
      throw failSolidity('imports-too-many', { max: limits.projectImportsMax });
    for (const one of source.facts.imports) {
      const target = resolve(name, one, source.text);
      if (target === undefined || locate(target) === undefined) continue;
      source.imports.push(target);
      queue.push(target);
    }
  }
  const kept = remappings.filter((one) => !dropped.has(one) && (used.has(one) || leadsSomewhere(one)));
  return { sources, remappings: kept.map(toLine).sort(), standIns: [...standIns].sort() };

  function read(name: string, path: string): CollectedSource {
    const content = files.read(path) as Uint8Array;
    bytes += content.length;
    if (sources.size >= limits.sourceFilesMax)
      throw failSolidity('sources-too-many', { count: sources.size + 1, max: limits.sourceFilesMax });
    if (bytes > limits.sourcesBytesMax)
      throw failSolidity('sources-too-large', { bytes, max: limits.sourcesBytesMax });
    const text = decodeText(name, content);
    const foreign = path !== name || (!roots.includes(name) && config.libs.some((lib) => isIn(name, lib)));
    return { text, facts: sourceFacts(text), foreign, imports: [] };
  }

  /** @returns where the file of a name lies, when it is among the files */
  function locate(name: string): string | undefined {
    if (pathProblem(name) !== undefined || !name.endsWith('.sol')) return undefined;
    if (files.read(name)) return name;
    const installed = `node_modules/${name}`;
    return config.npmNames && files.read(installed) ? installed : undefined;
  }

  /** @returns the name that an import has for the compiler; undefined where it leads out of the project */
  function resolve(from: string, { path, start, end }: Import, text: string): string | undefined {
    const isRelative = path.startsWith('./') || path.startsWith('../');
    const plain = isRelative ? joinRelative(from, path) : path;
    if (plain === undefined) return undefined;
    const remapping = findRemapping(
      remappings.filter((one) => !dropped.has(one)),
      from,
      plain,
    );
    const name = remapping ? remapping.target + plain.slice(remapping.prefix.length) : plain;
    if (locate(name) !== undefined) return use(remapping, name);
    const installed = isRelative ? undefined : search(plain);
    if (installed !== undefined) return installed;
    if (isBundled(name)) return useBundled(remapping, name, plain);
    if (!remapping || leadsSomewhere(remapping)) return name;
    // What it leads to is not here; perhaps the import means something without it.
    if (locate(plain) !== undefined || isBundled(plain)) {
      dropped.add(remapping);
      return plain;
    }
    if (libraryImport(name)) return useBundled(remapping, name, plain);
    const place = errorPlace(from, text, { start, end });
    const names = { file: from, line: place.line ?? 1, path, target: remapping.target };
    throw fail('project-dependency-missing', { ...names, libraries: libraryNames() }, { place });
  }

  function useBundled(remapping: Remapping | undefined, name: string, plain: string): string {
    const isInstalled = config.libs.some((lib) => isIn(name, lib));
    if (name !== plain || isInstalled) standIns.add(checkoutOf(name));
    return use(remapping, name);
  }

  function isBundled(name: string): boolean {
    const parts = libraryImport(name);
    return parts !== undefined && libraryVersions(parts.name).some((one) => one.paths().has(parts.path));
  }

  function use(remapping: Remapping | undefined, name: string): string {
    if (remapping) used.add(remapping);
    return name;
  }

  function leadsSomewhere({ target }: Remapping): boolean {
    return target === '' || files.hasFolder(target) || files.read(target) !== undefined;
  }

  /** Looks where installers put things, for an import that no remapping leads to, and makes the remapping. */
  function search(path: string): string | undefined {
    const prefix = path.slice(0, path.indexOf('/') + 1);
    if (prefix === '') return undefined;
    const rest = path.slice(prefix.length);
    for (const lib of config.libs) {
      for (const folder of ['', 'src/', 'contracts/']) {
        const target = `${lib}/${prefix}${folder}`;
        if (locate(target + rest) === undefined) continue;
        // Where the name leads elsewhere already, only the folder below it is sent here.
        const isTaken = remappings.some((one) => one.context === '' && one.prefix === prefix);
        const below = isTaken ? rest.slice(0, rest.indexOf('/') + 1) : '';
        const remapping = { context: '', prefix: prefix + below, target: target + below };
        remappings.push(remapping);
        return use(remapping, target + rest);
      }
    }
    return undefined;
  }

  /** `lib/x` of a name that begins with it, else its first folder. */
  function checkoutOf(name: string): string {
    const lib = config.libs.find((one) => isIn(name, one));
    const rest = lib === undefined ? name : name.slice(lib.length + 1);
    const [first = '', second = ''] = rest.split('/');
    const checkout = first.startsWith('@') && second !== '' ? `${first}/${second}` : first;
    return lib === undefined ? checkout : `${lib}/${checkout}`;
  }
}

function toLine({ context, prefix, target }: Remapping): string {
  return `${context === '' ? '' : `${context}:`}${prefix}=${target}`;
}

/** @param folder empty for the top, in which everything is */
export function isIn(path: string, folder: string): boolean {
  return folder === '' || folder === '.' || path.startsWith(`${folder}/`);
}

import type { BundledLibrary, LibraryFile } from './bundled-library.ts';
import { libraries } from './libraries/index.ts';
import { libraryImport } from './library-imports.ts';
import type { Import } from './source-facts.ts';
import { joinRelative } from './source-paths.ts';
import type { ContractShape, Shape, SourceUses } from './source-uses.ts';

/** One version of a library, or of a family whose members import each other, that imports could be taken from. */
export interface Candidate {
  version: string;
  libraries: ReadonlyMap<string, BundledLibrary>;
}

/** A file of a library. */
export interface LibraryPath {
  name: string;
  path: string;
}

/** What a library's files offer by name. */
export interface Vocabulary {
  callables: ReadonlyMap<string, readonly Shape[]>;
  types: ReadonlySet<string>;
  contracts: ReadonlyMap<string, ContractShape>;
}

/** @returns every version of a library and its family, newest first */
export function candidatesFor(name: string): Candidate[] {
  const family = libraries.find((library) => library.name === name)?.family;
  const members = libraries.filter((one) => one.name === name || (family && one.family === family));
  const versions = new Set(members.filter((one) => one.name === name).map((one) => one.version));
  return [...versions].map((version) => ({
    version,
    libraries: new Map(
      members.filter((one) => one.version === version).map((library) => [library.name, library]),
    ),
  }));
}

/** @returns the file, when the candidate has it */
export function readCandidate(candidate: Candidate, file: LibraryPath): LibraryFile | undefined {
  return candidate.libraries.get(file.name)?.read(file.path);
}

/** All files that these reach inside of the candidate; what it does not have is left out. */
export function reachInside(candidate: Candidate, files: Iterable<LibraryPath>): LibraryPath[] {
  const reached = new Map<string, LibraryPath>();
  const queue = [...files];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const key = `${next.name}/${next.path}`;
    const file = reached.has(key) ? undefined : readCandidate(candidate, next);
    if (!file) continue;
    reached.set(key, next);
    for (const one of file.facts.imports) {
      const target = targetOf(next, one);
      if (target) queue.push(target);
    }
  }
  return [...reached.values()];
}

/** The names that a file can be asked for in `import {…}`: its own and what its imports bring. */
export function exportedNames(candidate: Candidate, file: LibraryPath): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const queue: LibraryPath[] = [file];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const key = `${next.name}/${next.path}`;
    const facts = seen.has(key) ? undefined : readCandidate(candidate, next)?.facts;
    seen.add(key);
    if (!facts) continue;
    for (const { name } of facts.declarations) names.add(name);
    for (const name of facts.otherNames) names.add(name);
    for (const one of facts.imports) {
      if (one.names) for (const name of one.names.keys()) names.add(name);
      else if (one.unit !== undefined) names.add(one.unit);
      else {
        const target = targetOf(next, one);
        if (target) queue.push(target);
      }
    }
  }
  return names;
}

/** Puts together what some files of a candidate offer. */
export function vocabularyOf(candidate: Candidate, files: readonly LibraryPath[]): Vocabulary {
  const callables = new Map<string, Shape[]>();
  const types = new Set<string>();
  const contracts = new Map<string, ContractShape>();
  for (const { name, path } of files) {
    const uses = candidate.libraries.get(name)?.uses(path);
    if (!uses) continue;
    for (const map of [uses.declared, uses.overrides]) addShapes(callables, map);
    for (const type of uses.types) types.add(type);
    for (const [contract, shape] of uses.contracts) contracts.set(contract, shape);
    const imports = readCandidate(candidate, { name, path })?.facts.imports ?? [];
    for (const one of imports) for (const alias of one.names?.keys() ?? []) types.add(alias);
  }
  return { callables, types, contracts };
}

function addShapes(to: Map<string, Shape[]>, from: SourceUses['declared']): void {
  for (const [name, all] of from) {
    const shapes = all.filter((shape) => !shape.isPrivate);
    const held = to.get(name);
    if (held) held.push(...shapes);
    else if (shapes.length > 0) to.set(name, shapes);
  }
}

function targetOf(file: LibraryPath, { path }: Import): LibraryPath | undefined {
  if (!path.startsWith('.')) return libraryImport(path);
  const joined = joinRelative(file.path, path);
  return joined === undefined ? undefined : { name: file.name, path: joined };
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AppError } from '../../../src/lib/app-error.ts';
import { readRemappings } from '../../../src/solidity/remappings.ts';
import { type SourceFacts, sourceFacts } from '../../../src/solidity/source-facts.ts';
import { resolveName } from '../../../src/solidity/source-reader.ts';
import type { CorpusPackage } from './corpus-package.ts';

export interface SourceFile {
  name: string;
  content: string;
  facts: SourceFacts;
  /** Of the package itself, not of a dependency. */
  own: boolean;
}

/** What files reach, themselves included. */
export interface Reached {
  files: ReadonlyMap<string, SourceFile>;
  /** Imports that lead nowhere, one sentence each. */
  problems: string[];
}

export interface Project {
  /** The package's own files under the names that the project gave them, in order of name. */
  own: ReadonlyMap<string, SourceFile>;
  /** These files and all that they import, from the package and its dependencies. */
  reach(names: Iterable<string>): Reached;
}

/** Reads a package of the corpus. Of its dependencies, what an import reaches is read and nothing else. */
export function readProject(pkg: CorpusPackage, modules: string): Project {
  const root = join(modules, pkg.package);
  const remappings = readRemappings(pkg.remappings ?? []);
  const own = new Map<string, SourceFile>();
  for (const [folder, called] of Object.entries(pkg.sources)) {
    for (const path of solidityFiles(join(root, folder))) {
      const name = called === '' ? path : `${called}/${path}`;
      own.set(name, readSource(name, join(root, folder, path), true));
    }
  }
  const dependencies = new Map<string, SourceFile | undefined>();
  const imports = new Map<string, { names: string[]; problems: string[] }>();
  return { own, reach };

  function reach(names: Iterable<string>): Reached {
    const files = new Map<string, SourceFile>();
    const problems: string[] = [];
    const queue = [...names];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (files.has(name)) continue;
      const file = find(name);
      if (!file) throw new Error(`${pkg.name} has no file ${name}`);
      files.set(name, file);
      const next = importsOf(file);
      problems.push(...next.problems);
      queue.push(...next.names);
    }
    return { files, problems };
  }

  function importsOf(file: SourceFile): { names: string[]; problems: string[] } {
    const known = imports.get(file.name);
    if (known) return known;
    const read = { names: [] as string[], problems: [] as string[] };
    for (const wanted of file.facts.imports) {
      try {
        const name = resolveName(file, wanted, remappings);
        if (find(name)) read.names.push(name);
        else read.problems.push(`${file.name} imports ${wanted.path}, which is in no package`);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        read.problems.push(error.message);
      }
    }
    imports.set(file.name, read);
    return read;
  }

  function find(name: string): SourceFile | undefined {
    const mine = own.get(name);
    if (mine || dependencies.has(name)) return mine ?? dependencies.get(name);
    const path = places(name).find((place) => existsSync(place));
    const file = path === undefined ? undefined : readSource(name, path, false);
    dependencies.set(name, file);
    return file;
  }

  function places(name: string): string[] {
    const moved = Object.entries(pkg.dependencies ?? {}).find(([start]) => name.startsWith(start));
    const path = moved ? moved[1] + name.slice(moved[0].length) : name;
    return [join(root, 'node_modules', path), join(modules, path)];
  }
}

function readSource(name: string, path: string, own: boolean): SourceFile {
  const content = readFileSync(path, 'utf8');
  return { name, content, facts: sourceFacts(content), own };
}

function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sol'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('node_modules/'))
    .sort();
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceFacts, sourceFacts } from './source-facts.ts';
import { type SourceUses, sourceUses } from './source-uses.ts';

export interface LibraryFile {
  content: string;
  facts: SourceFacts;
}

/** A Solidity library that comes with us. One file per version in `libraries/`. */
export interface BundledLibrary {
  /** The name that imports start with, and the only one that takes a version: `name@version/…`. */
  name: string;
  /** Exact, as in its package. */
  version: string;
  /** SPDX identifier: what is compiled in is under it. */
  licence: string;
  /** What else imports of it start with, in Foundry projects above all. Each leads to the library's own root. */
  aliases: readonly string[];
  /** Libraries of one family that import each other are taken at one version. */
  family?: string;
  /** Something that a user should know of it. */
  note?: string;
  /** Names that releases between the bundled ones had: using them says nothing about the version. */
  formerNames: ReadonlySet<string>;
  /** Files that such releases had → the import that takes their place. */
  moved: Readonly<Record<string, string>>;
  /** All its files, relative to its root. */
  paths(): ReadonlySet<string>;
  /** Reads a file once. Only what `paths` lists can be read. */
  read(path: string): LibraryFile | undefined;
  /** What a file declares; read only where a version has to be chosen. */
  uses(path: string): SourceUses | undefined;
}

export interface LibraryOptions {
  name: string;
  aliases?: readonly string[];
  family?: string;
  note?: string;
  formerNames?: readonly string[];
  moved?: Readonly<Record<string, string>>;
}

/** Makes a library of a folder; files are read from disk at first use and then kept. */
export function bundledLibrary(
  options: LibraryOptions & {
    root: string;
    version: string;
    licence: string;
    only?: RegExp;
    rewrite?: (path: string, read: (path: string) => string) => string;
  },
): BundledLibrary {
  const { root, only = /\.sol$/ } = options;
  const readText = (path: string) => readFileSync(join(root, path), 'utf8');
  const files = new Map<string, LibraryFile>();
  const usesByPath = new Map<string, SourceUses>();
  let known: ReadonlySet<string> | undefined;
  return {
    name: options.name,
    version: options.version,
    licence: options.licence,
    aliases: options.aliases ?? [],
    ...(options.family === undefined ? {} : { family: options.family }),
    ...(options.note === undefined ? {} : { note: options.note }),
    formerNames: new Set(options.formerNames),
    moved: options.moved ?? {},
    paths,
    read,
    uses,
  };

  function paths(): ReadonlySet<string> {
    known ??= new Set(
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => only.test(path))
        .sort(),
    );
    return known;
  }

  function read(path: string): LibraryFile | undefined {
    const held = files.get(path);
    if (held) return held;
    if (!paths().has(path)) return undefined;
    const content = options.rewrite ? options.rewrite(path, readText) : readText(path);
    const file = { content, facts: sourceFacts(content) };
    files.set(path, file);
    return file;
  }

  function uses(path: string): SourceUses | undefined {
    const held = usesByPath.get(path);
    if (held) return held;
    const file = read(path);
    if (!file) return undefined;
    const found = sourceUses(file.content);
    usesByPath.set(path, found);
    return found;
  }
}

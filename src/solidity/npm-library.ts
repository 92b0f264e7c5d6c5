import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type SourceFacts, sourceFacts } from './source-facts.ts';

export interface LibraryFile {
  content: string;
  facts: SourceFacts;
}

/** A Solidity library that comes with us. One file per version in `libraries/`. */
export interface BundledLibrary {
  /** The name that imports start with. */
  name: string;
  /** Exact, as in its package. */
  version: string;
  /** All its files, relative to the name. */
  paths(): ReadonlySet<string>;
  /** Reads a file once. Only what `paths` lists can be read. */
  read(path: string): LibraryFile | undefined;
  /** Tells what in the caller's own files only works with this version; nothing when there is no such sign. */
  sign(own: SourceFacts[], imported: ReadonlySet<string>): string | undefined;
}

/** Makes a library of an installed npm package; files are read from disk at first use and then kept. */
export function npmLibrary(options: {
  package: string;
  name: string;
  sign: BundledLibrary['sign'];
}): BundledLibrary {
  const manifest = createRequire(import.meta.url).resolve(`${options.package}/package.json`);
  const root = dirname(manifest);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const files = new Map<string, LibraryFile>();
  let known: ReadonlySet<string> | undefined;

  return { name: options.name, version, paths, read, sign: options.sign };

  function paths(): ReadonlySet<string> {
    known ??= new Set(
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => path.endsWith('.sol')),
    );
    return known;
  }

  function read(path: string): LibraryFile | undefined {
    const held = files.get(path);
    if (held) return held;
    if (!paths().has(path)) return undefined;
    const content = readFileSync(join(root, path), 'utf8');
    const file = { content, facts: sourceFacts(content) };
    files.set(path, file);
    return file;
  }
}

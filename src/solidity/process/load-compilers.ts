import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CompilerFile, LoadedCompiler, ProcessConfig } from './messages.ts';
import { splitSoljson } from './split-soljson.ts';

/** The compilers that the process holds: all threads share a module and its compiled code. */
export interface Compilers {
  /** Reads, checks, splits and compiles it at first use; the one that was unused longest makes room. */
  load(file: CompilerFile): Promise<LoadedCompiler>;
  /** Lets go of all that `keep` does not name, but never of the first. */
  forget(keep: ReadonlySet<string>): void;
}

export function loadCompilers({
  first,
  compilersMax,
}: Pick<ProcessConfig, 'first' | 'compilersMax'>): Compilers {
  /** In order of use, the most recent last. */
  const held = new Map<string, Promise<LoadedCompiler>>();

  function load(file: CompilerFile): Promise<LoadedCompiler> {
    const loaded = held.get(file.version) ?? readCompiler(file);
    held.delete(file.version);
    held.set(file.version, loaded);
    loaded.catch(() => {
      if (held.get(file.version) === loaded) held.delete(file.version);
    });
    for (const version of held.keys()) {
      if (held.size <= compilersMax) break;
      if (version !== first.version) held.delete(version);
    }
    return loaded;
  }

  return {
    load,
    forget(keep) {
      for (const version of held.keys()) {
        if (version !== first.version && !keep.has(version)) held.delete(version);
      }
    },
  };
}

async function readCompiler({ version, path, sha256, wasmSha256 }: CompilerFile): Promise<LoadedCompiler> {
  const bytes = await readFile(path);
  const digest = digestOf(bytes);
  if (digest !== sha256) throw new Error(`compiler ${version} is not the published one (SHA-256 ${digest})`);
  const source = bytes.toString('latin1');
  const { glue, wasm } = splitSoljson(source);
  if (!wasm) return { glue };
  // Without a digest to compare with, unpacking must give the same twice.
  const expected = wasmSha256 ?? digestOf(splitSoljson(source).wasm ?? new Uint8Array());
  if (digestOf(wasm) !== expected) throw new Error(`compiler ${version} was not unpacked rightly`);
  return { glue, module: await WebAssembly.compile(wasm) };
}

function digestOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

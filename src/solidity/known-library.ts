import { libraries } from './libraries/index.ts';

/** A contract of a bundled library that somebody's sources have a copy of. */
export interface KnownContract {
  library: string;
  version: string;
  /** The library's file, relative to its root. */
  path: string;
}

/** Shorter ones say too little to be somebody's in particular. */
const charactersMin = 80;

/**
 * Recognises an unchanged copy of a library's contract, in a flattened file too, by its text without comments and
 * white space.
 *
 * @param name of the contract; libraries name their files after it
 * @param code the text of the whole definition
 */
export function findKnownContract(name: string, code: string): KnownContract | undefined {
  const wanted = bare(code);
  if (wanted.length < charactersMin) return undefined;
  for (const { library, version, path, text } of candidates(name)) {
    if (text().includes(wanted)) return { library, version, path };
  }
  return undefined;
}

interface Candidate extends KnownContract {
  text(): string;
}

let byName: Map<string, Candidate[]> | undefined;

function candidates(name: string): Candidate[] {
  if (!byName) {
    byName = new Map();
    for (const library of libraries) {
      for (const path of library.paths()) {
        const file = /([^/]+)\.sol$/.exec(path)?.[1];
        if (file === undefined) continue;
        let text: string | undefined;
        const candidate: Candidate = {
          library: library.name,
          version: library.version,
          path,
          text: () => {
            text ??= bare(library.read(path)?.content ?? '');
            return text;
          },
        };
        byName.set(file, [...(byName.get(file) ?? []), candidate]);
      }
    }
  }
  return byName.get(name) ?? [];
}

/** Code without comments and white space; texts in quotes stay as they are. */
function bare(code: string): string {
  return code.replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|\s+/g, '$1');
}

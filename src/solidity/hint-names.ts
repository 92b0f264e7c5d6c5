import { someCompilerFits } from './choose-compiler.ts';
import { libraries } from './libraries/index.ts';
import { nearest } from './nearest.ts';
import { type SourceFacts, sourceFacts } from './source-facts.ts';
import { tokenReader } from './tokens.ts';
import type { PreparedCompile } from './types.ts';

/** Longer names are made by programs; comparing them with all others takes its time. */
const nameCharactersMax = 100;

/**
 * For names that the compiler does not know. The sources are looked at when it is first asked, not before.
 *
 * `advise` says which file declares it and is not imported, which bundled library has it, or else what is most like it;
 * nothing where it would be a guess. `look` says whether the sources declare a name anywhere, and what is most like it.
 */
export function nameAdvisor({ compiler, input }: Pick<PreparedCompile, 'compiler' | 'input'>) {
  const answers = new Map<string, string | undefined>();
  let files: Map<string, ReadonlySet<string>> | undefined;
  const declaredIn = new Map<string, ReadonlySet<string>>();
  return { advise, look };

  function advise(name: string, file: string | undefined): string | undefined {
    if (!isName(name)) return undefined;
    const key = `${name} ${file}`;
    if (!answers.has(key)) answers.set(key, answer(name, file));
    return answers.get(key);
  }

  function answer(name: string, file: string | undefined): string | undefined {
    for (const [path, names] of fileLevel()) {
      if (path !== file && names.has(name)) return `Import it: ${name} is declared in ${path}.`;
    }
    const library = libraryWith(name, compiler);
    if (library) return `A bundled library has it: import {${name}} from "${library}";`;
    const { declared, similar } = look(name, file);
    if (declared)
      return `${name} is declared, but not to be seen from here: what is private, or of another function or contract, is not.`;
    return similar && `Did you mean ${similar}?`;
  }

  function look(name: string, file: string | undefined): { declared: boolean; similar: string | undefined } {
    if (!isName(name)) return { declared: false, similar: undefined };
    const here = file === undefined ? new Set<string>() : namesIn(file);
    const everywhere = [...fileLevel().values()];
    if (here.has(name) || everywhere.some((names) => names.has(name)))
      return { declared: true, similar: undefined };
    return {
      declared: false,
      similar: nearest(name, [...here, ...everywhere.flatMap((names) => [...names])]),
    };
  }

  function fileLevel(): Map<string, ReadonlySet<string>> {
    files ??= new Map(
      Object.entries(input.sources).map(([path, { content }]) => [
        path,
        fileLevelNames(sourceFacts(content)),
      ]),
    );
    return files;
  }

  function namesIn(file: string): ReadonlySet<string> {
    const source = Object.hasOwn(input.sources, file) ? input.sources[file]?.content : undefined;
    const held = declaredIn.get(file) ?? declaredNames(source ?? '');
    declaredIn.set(file, held);
    return held;
  }
}

function isName(name: string): boolean {
  return name.length <= nameCharactersMax && /^[a-zA-Z_$][\w$]*$/.test(name);
}

/** The file of a bundled library that is called so, declares it, and takes this compiler; newer versions come first. */
function libraryWith(name: string, compiler: string): string | undefined {
  for (const library of libraries) {
    for (const path of library.paths()) {
      if (!path.endsWith(`/${name}.sol`) && path !== `${name}.sol`) continue;
      const facts = library.read(path)?.facts;
      const ranges = facts?.pragmas.map(({ range }) => range) ?? [];
      if (facts && fileLevelNames(facts).has(name) && someCompilerFits(ranges, [compiler])) {
        return `${library.name}/${path}`;
      }
    }
  }
  return undefined;
}

function fileLevelNames(facts: SourceFacts): ReadonlySet<string> {
  return new Set([...facts.declarations.map(({ name }) => name), ...facts.otherNames]);
}

/** Words that stand before a name that is used, not declared. */
const usedAfter = new Set(
  'return emit new delete is else do throw in using revert try case import from assembly unchecked'.split(
    ' ',
  ),
);
/** Words that stand where a name could. */
const noNames = new Set(
  `public private internal external view pure payable constant immutable transient override virtual memory storage
   calldata indexed anonymous returns is as from for global if while do else return unchecked assembly`.split(
    /\s+/,
  ),
);

/** Every name that a source declares, at any depth: a word behind a type or a keyword that introduces one. */
function declaredNames(source: string): Set<string> {
  const names = new Set<string>();
  const reader = tokenReader(source);
  let previous = '';
  /** Parentheses that are open since `mapping`, behind whose closing one a name follows as behind a type. */
  let mappingDepth = 0;
  /** From `enum` to its closing brace every word is a name. */
  let inEnum = false;
  for (reader.next(); reader.kind !== 'end'; reader.next()) {
    const text = reader.kind === 'string' ? '"' : reader.text();
    if (reader.kind === 'word') {
      const behindType = /^[\w$]+$/.test(previous) ? !usedAfter.has(previous) : previous === ']';
      if ((behindType || inEnum) && !noNames.has(text) && text.length <= nameCharactersMax) names.add(text);
      if (text === 'enum') inEnum = true;
    } else if (text === '}') inEnum = false;
    else if (text === '(' && (mappingDepth > 0 || previous === 'mapping')) mappingDepth++;
    else if (text === ')' && mappingDepth > 0) {
      mappingDepth--;
      previous = mappingDepth === 0 ? ']' : text;
      continue;
    }
    previous = text;
  }
  return names;
}

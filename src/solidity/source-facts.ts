import { type TokenReader, tokenReader } from './tokens.ts';

/** Offsets are UTF-16, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

export interface Declaration extends Span {
  kind: 'contract' | 'abstract' | 'interface' | 'library';
  name: string;
}

/** An import statement; the span is the literal between its quotes. */
export interface Import extends Span {
  path: string;
  /** `{A, B as C}` by the name in use: A → A, C → B; absent when the whole file is imported. */
  names?: ReadonlyMap<string, string>;
  /** X of `import "…" as X` and `import * as X from "…"`. */
  unit?: string;
}

/** What one source file says at its own level, read without the compiler. */
export interface SourceFacts {
  /** The version ranges of its `pragma solidity` lines. */
  pragmas: (Span & { range: string })[];
  imports: Import[];
  declarations: Declaration[];
  /** Free functions, structs, enums, errors, events, types and constants. */
  otherNames: ReadonlySet<string>;
}

/** No real range is longer; what is cut here is refused as no range. */
const rangeCharactersMax = 200;
const nameFollows = new Set(['function', 'struct', 'enum', 'error', 'event', 'type', 'constant']);

/** Reads the file-level statements of a source, with comments, strings and bodies respected. */
export function sourceFacts(source: string): SourceFacts {
  const facts = {
    pragmas: [] as SourceFacts['pragmas'],
    imports: [] as Import[],
    declarations: [] as Declaration[],
    otherNames: new Set<string>(),
  };
  const reader = tokenReader(source);
  let isAbstract = false;
  for (reader.next(); reader.kind !== 'end'; ) {
    if (reader.kind !== 'word') {
      if (isMark(source, reader, '{')) reader.skipBlock();
      reader.next();
      continue;
    }
    const word = reader.text();
    reader.next();
    if (word === 'import') readImport(source, reader, facts.imports);
    else if (word === 'pragma') readPragma(source, reader, facts.pragmas);
    else if (isKind(word)) {
      if (reader.kind === 'word') {
        const kind = word === 'contract' && isAbstract ? 'abstract' : word;
        facts.declarations.push({ kind, name: reader.text(), start: reader.start, end: reader.end });
      }
    } else if (nameFollows.has(word) && reader.kind === 'word') facts.otherNames.add(reader.text());
    isAbstract = word === 'abstract';
  }
  return facts;
}

/** Facts of texts that lie in a compiler input, for as long as that input is in use. */
const factsByHolder = new WeakMap<{ content: string }, SourceFacts>();

/** Notes what a text of a compiler input was found to say, so that `factsOf` need not read it again. */
export function keepFacts(holder: { content: string }, facts: SourceFacts): void {
  factsByHolder.set(holder, facts);
}

/** @returns what a text of a compiler input says; read once */
export function factsOf(holder: { content: string }): SourceFacts {
  const held = factsByHolder.get(holder);
  if (held) return held;
  const facts = sourceFacts(holder.content);
  factsByHolder.set(holder, facts);
  return facts;
}

function isMark(source: string, reader: TokenReader, mark: string): boolean {
  return reader.kind === 'mark' && source[reader.start] === mark;
}

function isKind(word: string): word is 'contract' | 'interface' | 'library' {
  return word === 'contract' || word === 'interface' || word === 'library';
}

/** From behind `import` to the semicolon. */
function readImport(source: string, reader: TokenReader, imports: Import[]): void {
  let path: Span | undefined;
  let names: Map<string, string> | undefined;
  let unit: string | undefined;
  let isInBraces = false;
  // The words since the last brace or comma: a name, or a name, `as` and another.
  let words: string[] = [];
  for (; reader.kind !== 'end' && !isMark(source, reader, ';'); reader.next()) {
    if (reader.kind === 'word') words.push(reader.text());
    else if (reader.kind === 'string') {
      path ??= { start: reader.start, end: reader.end };
      words = [];
    } else if (isMark(source, reader, '*')) words = [];
    else {
      const [name, , alias] = words;
      if (isInBraces && name !== undefined) names?.set(alias ?? name, name);
      if (isMark(source, reader, '{')) names ??= new Map();
      isInBraces = !isMark(source, reader, '}') && names !== undefined;
      words = [];
    }
    if (!isInBraces && words[0] === 'as' && words.length === 2) unit = words[1];
  }
  if (!path) return;
  const span = { start: path.start + 1, end: Math.max(path.start + 1, path.end - 1) };
  imports.push({
    ...span,
    path: source.slice(span.start, span.end),
    ...(names ? { names } : {}),
    ...(unit === undefined ? {} : { unit }),
  });
}

/** From behind `pragma` to the semicolon. The range has comments left out and one blank where there was any space. */
function readPragma(source: string, reader: TokenReader, pragmas: SourceFacts['pragmas']): void {
  const isVersion = reader.kind === 'word' && reader.text() === 'solidity';
  if (isVersion) reader.next();
  const start = reader.start;
  let range = '';
  let end = start;
  for (; reader.kind !== 'end' && !isMark(source, reader, ';'); reader.next()) {
    if (isVersion && range.length <= rangeCharactersMax) {
      const blank = range !== '' && end < reader.start ? ' ' : '';
      range += blank + source.slice(reader.start, Math.min(reader.end, reader.start + rangeCharactersMax));
    }
    end = reader.end;
  }
  if (range === '') return;
  const shown = range.length > rangeCharactersMax ? `${range.slice(0, rangeCharactersMax)}…` : range;
  pragmas.push({ range: shown, start, end });
}

import { type Token, tokens } from './tokens.ts';

/** Offsets are UTF-16, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

export interface Declaration extends Span {
  kind: 'contract' | 'abstract' | 'interface' | 'library';
  name: string;
}

/** What one source file says about itself, read without the compiler. */
export interface SourceFacts {
  /** The version ranges of its `pragma solidity` lines. */
  pragmas: (Span & { range: string })[];
  /** The literal between the quotes, and where it stands (quotes excluded). */
  imports: (Span & { path: string })[];
  declarations: Declaration[];
  words: ReadonlySet<string>;
  /** Words followed by an argument list that is not empty, such as `Ownable(msg.sender)`. */
  calledWithArguments: ReadonlySet<string>;
}

/** No real range is longer; what is cut here is refused as no range. */
const rangeCharactersMax = 200;

/** Reads the file-level statements of a source, with comments, strings and bodies respected. */
export function sourceFacts(source: string): SourceFacts {
  const list = tokens(source);
  const facts = {
    pragmas: [] as SourceFacts['pragmas'],
    imports: [] as SourceFacts['imports'],
    declarations: [] as Declaration[],
    words: new Set<string>(),
    calledWithArguments: new Set<string>(),
  };
  const text = (token: Token | undefined) => (token ? source.slice(token.start, token.end) : '');
  const mark = (index: number) => (list[index]?.kind === 'mark' ? text(list[index]) : '');
  let depth = 0;

  for (let index = 0; index < list.length; index++) {
    const token = list[index] as Token;
    if (token.kind === 'string') continue;
    const word = text(token);
    if (token.kind === 'mark') {
      if (word === '{') depth++;
      else if (word === '}') depth = Math.max(0, depth - 1);
      continue;
    }
    facts.words.add(word);
    if (mark(index + 1) === '(' && mark(index + 2) !== ')') facts.calledWithArguments.add(word);
    if (depth > 0) continue;
    if (word === 'import') index = readImport(index);
    else if (word === 'pragma') index = readPragma(index);
    else if (isKind(word)) readDeclaration(index, word);
  }
  return facts;

  function statementEnd(from: number): number {
    let end = from;
    while (end < list.length && mark(end) !== ';') end++;
    return end;
  }

  function readImport(from: number): number {
    const end = statementEnd(from);
    const path = list.slice(from, end).find((token) => token.kind === 'string');
    if (path) {
      const span = { start: path.start + 1, end: Math.max(path.start + 1, path.end - 1) };
      facts.imports.push({ ...span, path: source.slice(span.start, span.end) });
    }
    return end;
  }

  function readPragma(from: number): number {
    const end = statementEnd(from);
    const first = list[from + 2];
    const last = list[end - 1];
    if (text(list[from + 1]) === 'solidity' && first && last && end > from + 2) {
      facts.pragmas.push({ range: rangeText(list.slice(from + 2, end)), start: first.start, end: last.end });
    }
    return end;
  }

  /** The range with comments left out and one blank where there was any space. */
  function rangeText(parts: Token[]): string {
    let range = '';
    for (const [index, part] of parts.entries()) {
      if (range.length > rangeCharactersMax) break;
      const before = parts[index - 1];
      range += (before && before.end < part.start ? ' ' : '') + text(part).slice(0, rangeCharactersMax);
    }
    return range.length > rangeCharactersMax ? `${range.slice(0, rangeCharactersMax)}…` : range;
  }

  function readDeclaration(index: number, kind: 'contract' | 'interface' | 'library'): void {
    const name = list[index + 1];
    if (name?.kind !== 'word') return;
    const isAbstract = kind === 'contract' && index > 0 && text(list[index - 1]) === 'abstract';
    facts.declarations.push({
      kind: isAbstract ? 'abstract' : kind,
      name: text(name),
      start: name.start,
      end: name.end,
    });
  }
}

function isKind(word: string): word is 'contract' | 'interface' | 'library' {
  return word === 'contract' || word === 'interface' || word === 'library';
}

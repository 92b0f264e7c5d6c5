/**
 * Walks through Solidity text one piece at a time: words, string literals (with their quotes) and single marks; comments
 * and blanks are passed over. It never fails: what the compiler will refuse, such as a string that does not end, is cut
 * somehow. Offsets are UTF-16, the end exclusive.
 */
export interface TokenReader {
  kind: 'word' | 'string' | 'mark' | 'end';
  start: number;
  end: number;
  /** Moves to the next piece; at the end of the text `kind` is `end` for good. */
  next(): void;
  text(): string;
  /** Called at an opening brace: moves to its closing one, without looking at what stands between. */
  skipBlock(): void;
}

/** Starts before the first piece. It keeps no list, because most of a source is never looked at. */
export function tokenReader(source: string): TokenReader {
  const reader: TokenReader = {
    kind: 'end',
    start: 0,
    end: 0,
    next,
    text: () => source.slice(reader.start, reader.end),
    skipBlock,
  };
  return reader;

  function next(): void {
    let at = reader.end;
    while (at < source.length) {
      const code = source.charCodeAt(at);
      if (code > 32) {
        const after = code === slash ? commentEnd(source, at) : at;
        if (after === at) break;
        at = after;
      } else at++;
    }
    if (at >= source.length) cut('end', at, at);
    else cutAt(at, source.charCodeAt(at));
  }

  function cutAt(start: number, code: number): void {
    if (isWord(code)) {
      let end = start + 1;
      while (end < source.length && isWord(source.charCodeAt(end))) end++;
      cut('word', start, end);
    } else if (code === doubleQuote || code === singleQuote) {
      cut('string', start, stringEnd(source, start, code));
    } else cut('mark', start, start + 1);
  }

  function skipBlock(): void {
    let depth = 1;
    let at = reader.end;
    while (at < source.length) {
      const code = source.charCodeAt(at);
      if (code === openBrace) depth++;
      else if (code === closeBrace) depth--;
      if (depth === 0) break;
      if (code === doubleQuote || code === singleQuote) at = stringEnd(source, at, code);
      else if (code === slash) at = Math.max(at + 1, commentEnd(source, at));
      else at++;
    }
    if (at >= source.length) cut('end', at, at);
    else cut('mark', at, at + 1);
  }

  function cut(kind: TokenReader['kind'], start: number, end: number): void {
    reader.kind = kind;
    reader.start = start;
    reader.end = end;
  }
}

const slash = 47;
const star = 42;
const doubleQuote = 34;
const singleQuote = 39;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36
  );
}

/** @returns where the comment that begins at `from` ends; `from` itself when none begins there */
export function commentEnd(source: string, from: number): number {
  const second = source.charCodeAt(from + 1);
  if (second === slash) {
    // The compiler ends a line comment at the Unicode line separators too.
    const lineBreak = /[\n\r\u2028\u2029]/g;
    lineBreak.lastIndex = from;
    return lineBreak.exec(source)?.index ?? source.length;
  }
  if (second !== star) return from;
  const end = source.indexOf('*/', from + 2);
  return end < 0 ? source.length : end + 2;
}

/** @returns where the string literal that begins at `from` ends, or its line when it does not */
export function stringEnd(source: string, from: number, quote: number): number {
  for (let at = from + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at++;
    else if (code === 10 || code === 13) return at;
  }
  return source.length;
}

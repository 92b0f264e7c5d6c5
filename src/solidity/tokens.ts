/** A piece of Solidity text: `start` and `end` are UTF-16 offsets, the end exclusive. */
export interface Token {
  kind: 'word' | 'string' | 'mark';
  start: number;
  end: number;
}

/**
 * Cuts Solidity into words, string literals (with their quotes) and single marks; comments and blanks are left out.
 * It never fails: what the compiler will refuse, such as a string that does not end, is cut somehow.
 */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    const start = at;
    if (code <= 32) {
      at++;
    } else if (isWord(code)) {
      at++;
      while (at < source.length && isWord(source.charCodeAt(at))) at++;
      found.push({ kind: 'word', start, end: at });
    } else if (code === slash && source.charCodeAt(at + 1) === slash) {
      at = lineEnd(source, at);
    } else if (code === slash && source.charCodeAt(at + 1) === star) {
      const end = source.indexOf('*/', at + 2);
      at = end < 0 ? source.length : end + 2;
    } else if (code === doubleQuote || code === singleQuote) {
      at = stringEnd(source, at, code);
      found.push({ kind: 'string', start, end: at });
    } else {
      at++;
      found.push({ kind: 'mark', start, end: at });
    }
  }
  return found;
}

const slash = 47;
const star = 42;
const doubleQuote = 34;
const singleQuote = 39;
const backslash = 92;

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36
  );
}

function lineEnd(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    const code = source.charCodeAt(at);
    // The compiler ends a line comment at the Unicode line separators too.
    if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) return at;
  }
  return source.length;
}

function stringEnd(source: string, from: number, quote: number): number {
  for (let at = from + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at++;
    else if (code === 10 || code === 13) return at;
  }
  return source.length;
}

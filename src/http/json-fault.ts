/** Where a text stops being JSON. Line and column count from 1. */
export interface JsonFault {
  line: number;
  column: number;
  problem: string;
}

const notBlank = /[^ \t\n\r]/g;
/** Of a string only its first quote: a repeated choice over megabytes overflows the stack of the engine. */
const token = /([[\]{}:,])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
/** Where the plain characters of a string end. RFC 8259 forbids control characters in them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notPlain = /["\\\u0000-\u001f]/g;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Finds the first place where `text` is not JSON (RFC 8259). The engine's own message names a place only sometimes;
 * this runs on texts that `JSON.parse` has refused, and only then.
 */
export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  /** What may come next: a value, a key, a colon, or what follows a value. */
  let state: 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'after' = 'value';
  for (let from = 0; ; ) {
    notBlank.lastIndex = from;
    const at = notBlank.exec(text)?.index ?? text.length;
    token.lastIndex = at;
    const match = token.exec(text);
    const end = match?.[2] ? stringEnd(text, at) : token.lastIndex;
    if (!match || end === undefined) return faultAt(text, at, state === 'after' && open.length === 0);
    from = end;
    const [, mark, string] = match;
    const top = open.at(-1);
    if (state === 'value' || state === 'first-value') {
      if (mark === '{' || mark === '[') {
        open.push(mark);
        state = mark === '{' ? 'first-key' : 'first-value';
      } else if (mark === ']' && state === 'first-value') {
        open.pop();
        state = 'after';
      } else if (mark) return place(text, at, `a value is missing before ${mark}`);
      else state = 'after';
    } else if (state === 'key' || state === 'first-key') {
      if (mark === '}' && state === 'first-key') {
        open.pop();
        state = 'after';
      } else if (string) state = 'colon';
      else return place(text, at, 'a key in double quotes is missing');
    } else if (state === 'colon') {
      if (mark !== ':') return place(text, at, 'a colon is missing');
      state = 'value';
    } else if (top && mark === ',') state = top === '{' ? 'key' : 'value';
    else if ((top === '{' && mark === '}') || (top === '[' && mark === ']')) open.pop();
    else
      return place(text, at, top ? `a comma or ${top === '{' ? '}' : ']'} is missing` : 'text after the end');
  }
}

/** @returns the offset behind the closing quote; nothing when the string is no string */
function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; ; ) {
    notPlain.lastIndex = at;
    const found = notPlain.exec(text);
    if (found?.[0] === '"') return notPlain.lastIndex;
    escapeSequence.lastIndex = found?.index ?? text.length;
    if (!escapeSequence.test(text)) return undefined;
    at = escapeSequence.lastIndex;
  }
}

function faultAt(text: string, at: number, complete: boolean): JsonFault {
  if (at >= text.length) return place(text, text.length, 'the text ends too early');
  const character = text[at] ?? '';
  if (complete) return place(text, at, 'text after the end');
  if (character === '"')
    return place(text, at, 'a string that does not end, or holds a control character or a bad escape');
  return place(text, at, `an unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}`);
}

function place(text: string, at: number, problem: string): JsonFault {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n'), problem };
}

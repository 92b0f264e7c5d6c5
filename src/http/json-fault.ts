/** Where a text stops being JSON. Line and column count from 1. */
export interface JsonFault {
  line: number;
  column: number;
  problem: string;
}

const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids them in strings, so a scanner must know them
  /[ \t\n\r]*(?:([[\]{}:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Finds the first place where `text` is not JSON (RFC 8259). The engine's own message names a place only sometimes;
 * this runs on texts that `JSON.parse` has refused, and only then.
 */
export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  /** What may come next: a value, a key, a colon, or what follows a value. */
  let state: 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'after' = 'value';
  token.lastIndex = 0;
  for (;;) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match) return faultAt(text, from, state === 'after' && open.length === 0);
    const [whole, mark, string, scalar] = match;
    const at = from + whole.length - (mark ?? string ?? scalar ?? '').length;
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

function faultAt(text: string, from: number, complete: boolean): JsonFault {
  const rest = text.slice(from).search(/[^ \t\n\r]/);
  if (rest < 0) return place(text, text.length, 'the text ends too early');
  const at = from + rest;
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

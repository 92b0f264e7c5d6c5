import { tokTypes as kinds, type TokenType, tokenizer } from 'acorn';

/** `value` is a literal's value, or the text of a name or mark. Offsets are UTF-16. */
export interface JsToken {
  type: TokenType;
  value: unknown;
  start: number;
  end: number;
}

/** The tokens of a JavaScript or TypeScript file, with the bracket that each bracket belongs to. */
export interface JsTokens {
  at(index: number): JsToken;
  /** Whether the token is this word or mark: `is(3, '{')`. */
  is(index: number, text: string): boolean;
  /** @returns where the bracket at `index` closes */
  closing(index: number): number;
  isOpening(index: number): boolean;
  /** Whether a statement may begin here: a word on a new line, or the end of the file. */
  beginsStatement(index: number): boolean;
  readonly length: number;
}

/**
 * Cuts a file into tokens. Not a syntax tree, on purpose: a parser of TypeScript recurses, and the one that comes with
 * Node.js breaks for the whole process when an input nests too deeply. Tokens need no recursion, and types can be
 * passed over without understanding them.
 *
 * @throws SyntaxError with `pos` where a token does not end, or a bracket is missing
 */
export function jsTokens(text: string): JsTokens {
  const cut = tokenizer(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  const list = [...cut] as unknown as JsToken[];
  const end = { type: kinds.eof, value: undefined, start: text.length, end: text.length };
  const partner = matchBrackets(list, text.length);
  const at = (index: number) => list[index] ?? end;

  return {
    at,
    length: list.length,
    is: (index, wanted) => {
      const token = at(index);
      return token.type !== kinds.string && text.slice(token.start, token.end) === wanted;
    },
    closing: (index) => partner.get(index) ?? list.length,
    isOpening: (index) => partner.has(index),
    beginsStatement(index) {
      const token = at(index);
      if (token.type === kinds.eof) return true;
      if (token.type !== kinds.name && token.type.keyword === undefined) return false;
      if (token.type === kinds._in || token.type === kinds._instanceof) return false;
      return text.slice(index === 0 ? 0 : at(index - 1).end, token.start).includes('\n');
    },
  };
}

function matchBrackets(list: readonly JsToken[], length: number): Map<number, number> {
  const partner = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { type, start }] of list.entries()) {
    if (
      type === kinds.braceL ||
      type === kinds.bracketL ||
      type === kinds.parenL ||
      type === kinds.dollarBraceL
    ) {
      open.push(index);
    } else if (type === kinds.braceR || type === kinds.bracketR || type === kinds.parenR) {
      const opening = open.pop();
      if (opening === undefined) throw unbalanced('a closing bracket has no partner', start);
      partner.set(opening, index);
    }
  }
  if (open.length > 0) throw unbalanced('an opening bracket has no partner', length);
  return partner;
}

function unbalanced(message: string, pos: number): SyntaxError {
  return Object.assign(new SyntaxError(message), { pos });
}

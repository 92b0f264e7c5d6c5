import { tokTypes as kinds } from 'acorn';
import { type Data, isObject } from './js-data.ts';
import { jsReader } from './js-reader.ts';
import { type JsTokens, jsTokens } from './js-tokens.ts';

/**
 * Reads the object that a JavaScript or TypeScript module exports, as data: nothing of the file is run. Literals,
 * objects, arrays, templates without holes, spreads, and constants of the file's top level are read; types are passed
 * over; everything else is `Unread`. A call with one argument around the exported object, such as `defineConfig({…})`,
 * is looked through.
 *
 * @returns undefined when nothing is exported
 * @throws SyntaxError with `pos` when the file cannot be cut into tokens
 */
export function readExportedData(text: string): Data {
  const tokens = jsTokens(text);
  const { constants, exported } = readTopLevel(tokens);
  if (exported === undefined) return undefined;
  const value = jsReader(tokens, constants).exported(exported);
  if (tokens.at(exported).type === kinds.name && isObject(value)) {
    const name = String(tokens.at(exported).value);
    for (const { field, start, end } of changesOf(tokens, name))
      value.fields.set(field, { kind: 'unread', start, end });
  }
  return value;
}

/** Walks over the statements; what is in brackets is no part of the top level. */
function readTopLevel(tokens: JsTokens) {
  /** Name → token of its value. */
  const constants = new Map<string, number>();
  let exported: number | undefined;
  for (let index = 0; index < tokens.length; index++) {
    if (tokens.is(index, 'const') && tokens.at(index + 1).type === kinds.name) {
      const equals = afterType(tokens, index + 2);
      if (tokens.is(equals, '=')) constants.set(String(tokens.at(index + 1).value), equals + 1);
    }
    exported = exportedAt(tokens, index) ?? exported;
    if (tokens.isOpening(index)) index = tokens.closing(index);
  }
  return { constants, exported };
}

/** @returns the token of the value, where an export begins at `index` */
function exportedAt(tokens: JsTokens, index: number): number | undefined {
  const words = (...expected: string[]) => expected.every((word, offset) => tokens.is(index + offset, word));
  if (words('export', 'default') || words('export', '=')) return index + 2;
  if (words('module', '.', 'exports', '=')) return index + 4;
  if (words('module', '.', 'exports', '.', 'default', '=')) return index + 6;
  if (words('exports', '.', 'default', '=') && !tokens.is(index - 1, '.')) return index + 4;
  if (!words('export', '{')) return undefined;
  for (let at = index + 2; at < tokens.closing(index + 1); at++) {
    if (tokens.is(at + 1, 'as') && tokens.is(at + 2, 'default')) return at;
  }
  return undefined;
}

/** Passes over `: Type` between a name and its `=`. */
function afterType(tokens: JsTokens, from: number): number {
  if (!tokens.is(from, ':')) return from;
  let index = from + 1;
  while (index < tokens.length && !tokens.is(index, '=') && !tokens.is(index, ';')) {
    index = (tokens.isOpening(index) ? tokens.closing(index) : index) + 1;
  }
  return index;
}

/** `config.solidity = …` after the fact: what the object says there is not what it comes to. */
function changesOf(tokens: JsTokens, name: string): { field: string; start: number; end: number }[] {
  const found: { field: string; start: number; end: number }[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const field = tokens.at(index + 2);
    if (!tokens.is(index, name) || !tokens.is(index + 1, '.') || field.type !== kinds.name) continue;
    let end = index + 3;
    while (tokens.is(end, '.') || tokens.is(end, '[')) {
      end = tokens.is(end, '[') ? tokens.closing(end) + 1 : end + 2;
    }
    const { type } = tokens.at(end);
    if (type !== kinds.eq && type !== kinds.assign) continue;
    found.push({ field: String(field.value), start: tokens.at(index).start, end: tokens.at(end - 1).end });
  }
  return found;
}

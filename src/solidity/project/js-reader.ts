import { tokTypes as kinds } from 'acorn';
import { type Data, type DataObject, fieldOf, isObject, isUnread, type Unread } from './js-data.ts';
import type { JsTokens } from './js-tokens.ts';

/** How deep values and constants may lead into each other. */
const depthMax = 64;
/** Values read; spreads of spreads would otherwise grow without end. */
const valuesMax = 20_000;

interface Reading {
  value: Data;
  /** The token after it. */
  next: number;
}

/** Reads values out of tokens. */
export interface JsReader {
  /** The value that begins at a token of the top level, with calls around it looked through. */
  exported(from: number): Data;
}

/** @param constants name → token of its value, of the top level's constants */
export function jsReader(tokens: JsTokens, constants: ReadonlyMap<string, number>): JsReader {
  const known = new Map<string, Data>();
  const underWay = new Set<string>();
  let count = 0;

  return { exported: (from) => readExported(from, 0, true).value };

  function readExported(from: number, depth: number, top: boolean): Reading {
    if (depth > depthMax) return unread(from, top);
    const open = openingOfCall(from);
    if (open !== undefined) {
      const close = tokens.closing(open);
      const { value, next } = readExported(open + 1, depth + 1, false);
      const isOnly = next === close || (next === close - 1 && tokens.is(next, ','));
      const after = afterTypes(close + 1, top);
      return isOnly && isObject(value) && ends(after, top) ? { value, next: after } : unread(from, top);
    }
    const name = tokens.at(from);
    const constant = name.type === kinds.name ? constants.get(String(name.value)) : undefined;
    const after = afterTypes(from + 1, top);
    if (constant === undefined || !ends(after, top)) return read(from, depth, top);
    return { value: readExported(constant, depth + 1, true).value, next: after };
  }

  /** `name(`, `a.b(` or `name<Type>(`. */
  function openingOfCall(from: number): number | undefined {
    if (tokens.at(from).type !== kinds.name) return undefined;
    let index = from + 1;
    while (tokens.is(index, '.')) index += 2;
    if (tokens.is(index, '<')) index = afterAngles(index);
    return tokens.is(index, '(') ? index : undefined;
  }

  /** @param top at the level of statements, where a value may end with its line */
  function read(from: number, depth: number, top: boolean): Reading {
    if (++count > valuesMax || depth > depthMax) return unread(from, top);
    const first = readFirst(from, depth);
    if (first === undefined) return unread(from, top);
    let { value, next } = first;
    for (;;) {
      next = afterTypes(next, top);
      const member = memberAt(next, depth);
      if (member === undefined) break;
      if (!isObject(value) && !Array.isArray(value)) return unread(from, top);
      value = isObject(value) ? fieldOf(value, String(member.key)) : value[Number(member.key)];
      next = member.next;
    }
    return ends(next, top) ? { value, next } : unread(from, top);
  }

  /** @returns undefined for what is no data */
  function readFirst(from: number, depth: number): Reading | undefined {
    const token = tokens.at(from);
    const plain = (value: Data, next = from + 1) => ({ value, next });
    switch (token.type) {
      case kinds.string:
        return plain(String(token.value));
      case kinds.num:
        return typeof token.value === 'number' ? plain(token.value) : undefined;
      case kinds._true:
        return plain(true);
      case kinds._false:
        return plain(false);
      case kinds._null:
        return plain(null);
      case kinds.backQuote: {
        const text: unknown = tokens.at(from + 1).value;
        return typeof text === 'string' && tokens.is(from + 2, '`') ? plain(text, from + 3) : undefined;
      }
      case kinds.plusMin: {
        const number: unknown = tokens.at(from + 1).value;
        return typeof number === 'number'
          ? plain(token.value === '-' ? -number : number, from + 2)
          : undefined;
      }
      case kinds.braceL:
        return plain(readObject(from, depth), tokens.closing(from) + 1);
      case kinds.bracketL:
        return plain(readArray(from, depth), tokens.closing(from) + 1);
      case kinds.parenL: {
        const close = tokens.closing(from);
        const inner = read(from + 1, depth + 1, false);
        return inner.next === close && !tokens.is(close + 1, '=>')
          ? plain(inner.value, close + 1)
          : undefined;
      }
      case kinds.name:
        return readName(String(token.value), from, depth);
      default:
        return undefined;
    }
  }

  function readName(name: string, from: number, depth: number): Reading | undefined {
    if (['(', '`', '=>'].some((mark) => tokens.is(from + 1, mark))) return undefined;
    if (name === 'undefined') return { value: undefined, next: from + 1 };
    return constants.has(name) && !underWay.has(name)
      ? { value: readConstant(name, depth), next: from + 1 }
      : undefined;
  }

  function readConstant(name: string, depth: number): Data {
    if (known.has(name)) return known.get(name);
    underWay.add(name);
    const { value } = read(constants.get(name) as number, depth + 1, true);
    underWay.delete(name);
    known.set(name, value);
    return value;
  }

  /** `.name` or `[0]` after a value. */
  function memberAt(index: number, depth: number): { key: Data; next: number } | undefined {
    const name = tokens.at(index + 1);
    if (tokens.is(index, '.') && name.type === kinds.name)
      return { key: String(name.value), next: index + 2 };
    if (!tokens.is(index, '[')) return undefined;
    const inner = read(index + 1, depth + 1, false);
    const isKey = typeof inner.value === 'string' || typeof inner.value === 'number';
    return inner.next === tokens.closing(index) && isKey
      ? { key: inner.value, next: inner.next + 1 }
      : undefined;
  }

  function readObject(open: number, depth: number): DataObject {
    const object: DataObject = { kind: 'object', fields: new Map(), spreads: [] };
    const close = tokens.closing(open);
    let index = open + 1;
    while (index < close) {
      if (tokens.is(index, ',')) index++;
      else if (tokens.is(index, '...')) {
        const { value, next } = read(index + 1, depth + 1, false);
        spread(object, value);
        index = next;
      } else index = readField(object, index, depth);
    }
    return object;
  }

  function spread(object: DataObject, value: Data): void {
    if (isUnread(value)) object.spreads.push(value);
    if (!isObject(value)) return;
    for (const [name, field] of value.fields) object.fields.set(name, field);
    object.spreads.push(...value.spreads);
    count += value.fields.size + value.spreads.length;
  }

  /** @returns the token after it */
  function readField(object: DataObject, index: number, depth: number): number {
    const key = keyAt(index, depth);
    if (key === undefined) {
      const { value, next } = unread(index, false);
      object.spreads.push(value);
      return next;
    }
    if (tokens.is(key.next, ':')) {
      const { value, next } = read(key.next + 1, depth + 1, false);
      object.fields.set(key.name, value);
      return next;
    }
    const shorthand = ends(key.next, false) ? readName(key.name, index, depth) : undefined;
    const { value, next } = shorthand ?? unread(index, false);
    // `get name() {…}` and `async name() {…}` say the name after the first word.
    const named = shorthand || tokens.is(key.next, '(') ? undefined : keyAt(key.next, depth);
    object.fields.set(named?.name ?? key.name, value);
    return next;
  }

  function keyAt(index: number, depth: number): { name: string; next: number } | undefined {
    const { type, value } = tokens.at(index);
    if (type === kinds.name || type === kinds.string || type === kinds.num || type.keyword !== undefined) {
      return { name: String(value), next: index + 1 };
    }
    if (type !== kinds.bracketL) return undefined;
    const inner = read(index + 1, depth + 1, false);
    const isKey = typeof inner.value === 'string' || typeof inner.value === 'number';
    if (!isKey || inner.next !== tokens.closing(index)) return undefined;
    return { name: String(inner.value), next: inner.next + 1 };
  }

  function readArray(open: number, depth: number): Data[] {
    const items: Data[] = [];
    const close = tokens.closing(open);
    let index = open + 1;
    while (index < close) {
      if (tokens.is(index, ',')) {
        index++;
        continue;
      }
      const isSpread = tokens.is(index, '...');
      const { value, next } = read(isSpread ? index + 1 : index, depth + 1, false);
      if (isSpread && Array.isArray(value)) {
        count += value.length;
        if (count <= valuesMax) items.push(...value);
        else items.push(unread(index, false).value);
      } else items.push(isSpread ? unread(index, false).value : value);
      index = next;
    }
    return items;
  }

  /** Whether a value may end before this token. */
  function ends(index: number, top: boolean): boolean {
    const { type } = tokens.at(index);
    const isEnd = [kinds.comma, kinds.semi, kinds.braceR, kinds.bracketR, kinds.parenR, kinds.eof].includes(
      type,
    );
    return isEnd || (top && tokens.beginsStatement(index));
  }

  /** Passes over what runs to the next place where a value may end. */
  function unread(from: number, top: boolean): { value: Unread; next: number } {
    let next = from;
    do next = (tokens.isOpening(next) ? tokens.closing(next) : next) + 1;
    while (!ends(next, top));
    const value = { kind: 'unread' as const, start: tokens.at(from).start, end: tokens.at(next - 1).end };
    return { value, next };
  }

  /** Passes over `as Type`, `satisfies Type` and `!`. */
  function afterTypes(from: number, top: boolean): number {
    let index = from;
    for (;;) {
      if (isCast(index) && !(top && tokens.beginsStatement(index))) index = afterType(index + 1, top);
      else if (tokens.is(index, '!')) index++;
      else return index;
    }
  }

  function isCast(index: number): boolean {
    return tokens.is(index, 'as') || tokens.is(index, 'satisfies');
  }

  function afterType(from: number, top: boolean): number {
    let index = from;
    do {
      if (tokens.is(index, '<')) index = afterAngles(index);
      else index = (tokens.isOpening(index) ? tokens.closing(index) : index) + 1;
    } while (!ends(index, top) && !isCast(index));
    return index;
  }

  /** Passes over `<…>`, whose commas end nothing. */
  function afterAngles(from: number): number {
    let depth = 0;
    for (let index = from; index < tokens.length; index++) {
      const { type, value } = tokens.at(index);
      if (type === kinds.relational && value === '<') depth++;
      else if (type === kinds.relational && value === '>') depth--;
      else if (type === kinds.bitShift) depth -= String(value).length;
      if (depth <= 0) return index + 1;
      if (tokens.isOpening(index)) index = tokens.closing(index);
    }
    return tokens.length;
  }
}

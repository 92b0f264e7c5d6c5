import type { Span } from '../source-facts.ts';

/** A value that stands in a program as itself, or the place of one that does not. */
export type Data = string | number | boolean | null | undefined | Data[] | DataObject | Unread;

export interface DataObject {
  kind: 'object';
  fields: Map<string, Data>;
  /** Spreads that could not be read: what else the object has is not known. */
  spreads: Unread[];
}

/** Something that only running the program would tell. */
export interface Unread extends Span {
  kind: 'unread';
}

export function isUnread(value: Data): value is Unread {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'unread';
}

export function isObject(value: Data): value is DataObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'object';
}

/** @returns the field's value; where it is absent but a spread is unread, that spread */
export function fieldOf(object: DataObject, name: string): Data {
  return object.fields.has(name) ? object.fields.get(name) : object.spreads[0];
}

/** Parts of one value; constants that are used many times over would otherwise grow without end. */
const partsMax = 100_000;

/**
 * Turns data into plain values. What is unread is left out of objects and undefined in lists.
 *
 * @param report is told of each part that is left out, with the names that lead to it
 */
export function toPlain(value: Data, report: (path: string[], part: Unread) => void): unknown {
  let parts = 0;
  return convert(value, []);

  function convert(part: Data, path: string[]): unknown {
    if (++parts > partsMax) return undefined;
    if (isUnread(part)) {
      report(path, part);
      return undefined;
    }
    if (Array.isArray(part)) return part.map((item, index) => convert(item, [...path, String(index)]));
    if (!isObject(part)) return part;
    for (const spread of part.spreads) report(path, spread);
    const entries = [...part.fields].map(([name, field]) => [name, convert(field, [...path, name])] as const);
    return Object.fromEntries(entries.filter(([name, field]) => field !== undefined && name !== '__proto__'));
  }
}

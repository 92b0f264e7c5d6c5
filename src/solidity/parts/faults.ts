import { type PlaceFinder, placeFinder } from '../source-place.ts';
import type { OutputError } from '../standard-output.ts';
import type { Fault } from './leave-out.ts';

/** The compiler's errors that have a place in one of the texts, in UTF-16. */
export function faultsOf(errors: readonly OutputError[], texts: ReadonlyMap<string, string>): Fault[] {
  const finders = new Map<string, PlaceFinder>();
  return errors.flatMap(({ severity, message, errorCode, sourceLocation }) => {
    if (severity !== 'error' || !sourceLocation || sourceLocation.start < 0) return [];
    const { file, start, end } = sourceLocation;
    const text = texts.get(file);
    if (text === undefined) return [];
    const finder = finders.get(file) ?? placeFinder(file, text);
    finders.set(file, finder);
    return [{ file, ...finder.utf16({ start, end }), message: message.trim(), code: errorCode }];
  });
}

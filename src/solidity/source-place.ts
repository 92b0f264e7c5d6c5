import type { Place } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import type { Span } from './source-facts.ts';
import type { DiagnosticPlace } from './types.ts';

/** UTF-16 units between two marks: what is walked at most to find a place. */
const stride = 1_024;
/** Line and carets share the limit of an excerpt. */
const excerptWidth = Math.floor(limits.excerptCharactersMax / 2) - 1;

/** Finds places in one source. */
export interface PlaceFinder {
  /** @param span UTF-16 offsets, the end exclusive; what lies outside of the source counts as its edge */
  place(span: Span): DiagnosticPlace;
  /** Turns UTF-8 byte offsets, which the compiler gives, into UTF-16 offsets. */
  utf16(bytes: Span): Span;
}

/**
 * Walks a source once and marks it, so that hundreds of places in megabytes cost next to nothing. Lines end at a line
 * feed, as the compiler and editors count them; columns are UTF-16 units, as editors count them.
 */
export function placeFinder(file: string, source: string): PlaceFinder {
  const marks = markSource(source);
  return {
    utf16: (bytes) => ({
      start: utf16Offset(source, marks, bytes.start),
      end: utf16Offset(source, marks, bytes.end),
    }),
    place(span) {
      const start = Math.min(Math.max(span.start, 0), source.length);
      const end = Math.min(Math.max(span.end, start), source.length);
      const from = lineOf(source, marks, start);
      const to = lineOf(source, marks, end);
      return {
        file,
        line: from.line,
        column: start - from.lineStart + 1,
        endLine: to.line,
        endColumn: end - to.lineStart + 1,
        excerpt: excerptOf(source, { lineStart: from.lineStart, start, end }),
      };
    },
  };
}

/** One place of a source: lines, columns and an excerpt for a range of UTF-16 offsets. */
export function sourcePlace(file: string, source: string, span: Span): DiagnosticPlace {
  return placeFinder(file, source).place(span);
}

/** The same for an `AppError`. */
export function errorPlace(file: string, source: string, span: Span): Place {
  const { line, column, excerpt } = sourcePlace(file, source, span);
  return { file, line, column, excerpt };
}

/** What lies before each multiple of `stride`. */
interface Marks {
  bytes: number[];
  line: number[];
  lineStart: number[];
}

function markSource(source: string): Marks {
  const marks: Marks = { bytes: [], line: [], lineStart: [] };
  let bytes = 0;
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < source.length; at++) {
    if (at % stride === 0) {
      marks.bytes.push(bytes);
      marks.line.push(line);
      marks.lineStart.push(lineStart);
    }
    const unit = source.charCodeAt(at);
    bytes += utf8Bytes(unit);
    if (unit === 10) {
      line++;
      lineStart = at + 1;
    }
  }
  return marks;
}

/** The two halves of a pair share its four bytes; the sources are well formed. */
function utf8Bytes(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2;
  return 3;
}

function lineOf(source: string, marks: Marks, offset: number): { line: number; lineStart: number } {
  const mark = Math.min(Math.floor(offset / stride), marks.line.length - 1);
  let line = marks.line[mark] ?? 1;
  let lineStart = marks.lineStart[mark] ?? 0;
  for (let at = Math.max(mark, 0) * stride; at < offset; at++) {
    if (source.charCodeAt(at) !== 10) continue;
    line++;
    lineStart = at + 1;
  }
  return { line, lineStart };
}

function utf16Offset(source: string, marks: Marks, byteOffset: number): number {
  let low = 0;
  let high = marks.bytes.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((marks.bytes[middle] as number) <= byteOffset) low = middle;
    else high = middle - 1;
  }
  let at = low * stride;
  for (let bytes = marks.bytes[low] ?? 0; bytes < byteOffset && at < source.length; at++) {
    bytes += utf8Bytes(source.charCodeAt(at));
  }
  return at;
}

/** The first line of the range with carets below; a long line is cut around the place, tabs keep their width. */
function excerptOf(source: string, place: { lineStart: number; start: number; end: number }): string {
  const { lineStart, start, end } = place;
  const near = source.slice(start, start + excerptWidth).indexOf('\n');
  const lineStop = near < 0 ? Math.min(source.length, start + excerptWidth) : start + near;
  const wanted = Math.min(start - Math.floor(excerptWidth / 3), lineStop - excerptWidth);
  const from = characterStart(source, Math.max(lineStart, wanted));
  const stop = Math.min(lineStop, from + excerptWidth);
  // Half of a surrogate pair is no text: databases refuse it.
  const whole = characterStart(source, stop) === stop ? stop : stop - 1;
  const line = source.slice(from, whole).replace(/\r$/, '');
  const pad = source.slice(from, start).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(end, from + line.length) - start));
  return `${line}\n${pad}${carets}`;
}

/** The offset itself, or the next one when it lies inside of a surrogate pair. */
function characterStart(source: string, offset: number): number {
  const unit = source.charCodeAt(offset);
  const before = source.charCodeAt(offset - 1);
  const inside = unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
  return inside ? offset + 1 : offset;
}

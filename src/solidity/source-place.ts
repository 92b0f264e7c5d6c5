import type { Place } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import type { Span } from './source-facts.ts';
import type { DiagnosticPlace } from './types.ts';

/**
 * Lines, columns (UTF-16, as editors count them) and an excerpt for a range of a source.
 *
 * @param span UTF-16 offsets; see `utf16Span` for the compiler's byte offsets
 */
export function sourcePlace(file: string, source: string, span: Span): DiagnosticPlace {
  const start = Math.min(Math.max(span.start, 0), source.length);
  const end = Math.min(Math.max(span.end, start), source.length);
  const from = lineAndColumn(source, start);
  const to = lineAndColumn(source, end);
  return {
    file,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    excerpt: excerptOf(source, start, end),
  };
}

/** The same for an `AppError`. */
export function errorPlace(file: string, source: string, span: Span): Place {
  const { line, column, excerpt } = sourcePlace(file, source, span);
  return { file, line, column, excerpt };
}

/** Turns the compiler's UTF-8 byte offsets into UTF-16 offsets of the same source. */
export function utf16Span(source: string, bytes: Span): Span {
  const utf8 = Buffer.from(source, 'utf8');
  // In a source of ASCII only, as most are, the two agree.
  if (utf8.length === source.length) return bytes;
  return {
    start: utf8.toString('utf8', 0, Math.max(0, bytes.start)).length,
    end: utf8.toString('utf8', 0, Math.max(0, bytes.end)).length,
  };
}

function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let next = source.indexOf('\n'); next >= 0 && next < offset; next = source.indexOf('\n', next + 1)) {
    line++;
    lineStart = next + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** The first line of the range with carets below; long lines are cut around the place, tabs keep their width. */
function excerptOf(source: string, start: number, end: number): string {
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const newline = source.indexOf('\n', start);
  const lineStop = newline < 0 ? source.length : newline;
  // Line and carets share the limit.
  const width = Math.floor(limits.excerptCharactersMax / 2) - 1;
  const from = Math.max(lineStart, Math.min(start - Math.floor(width / 3), lineStop - width));
  const line = source.slice(from, Math.min(lineStop, from + width)).replace(/\r$/, '');
  const pad = source.slice(from, start).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(end, from + line.length) - start));
  return `${line}\n${pad}${carets}`;
}

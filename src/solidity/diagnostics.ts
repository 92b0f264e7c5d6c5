import { limits } from '../lib/limits.ts';
import { hintFor } from './hints.ts';
import { sourcePlace, utf16Span } from './source-place.ts';
import type { OutputError, OutputLocation } from './standard-output.ts';
import type { Diagnostic, DiagnosticPlace, StandardInput } from './types.ts';

/** The compiler's own warnings about code size; ours say the same for every compiler version. */
const sizeCodes = new Set(['5574', '3860']);
/** The compiler repeats names and types of any length. */
const messageCharactersMax = 2_000;
const rank = { error: 0, warning: 1, info: 2 };

/** Turns the compiler's messages into places people can read: lines, columns, excerpts, hints; errors first. */
export function readDiagnostics(
  errors: readonly OutputError[],
  sources: StandardInput['sources'],
): Diagnostic[] {
  return errors
    .filter((error) => error.errorCode === undefined || !sizeCodes.has(error.errorCode))
    .sort((a, b) => rank[a.severity] - rank[b.severity])
    .slice(0, limits.diagnosticsMax)
    .map((error) => readDiagnostic(error, sources));
}

function readDiagnostic(error: OutputError, sources: StandardInput['sources']): Diagnostic {
  const place = placeOf(error.sourceLocation, sources);
  const hint = hintFor(error.errorCode, error.message);
  return {
    severity: error.severity,
    ...(error.errorCode === undefined ? {} : { code: error.errorCode }),
    type: error.type,
    message: error.message.trim().slice(0, messageCharactersMax),
    ...(place ? { place } : {}),
    secondary: (error.secondarySourceLocations ?? []).slice(0, 10).map((other) => {
      const at = placeOf(other, sources);
      return { message: other.message ?? '', ...(at ? { place: at } : {}) };
    }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function placeOf(
  location: Partial<OutputLocation> | undefined,
  sources: StandardInput['sources'],
): DiagnosticPlace | undefined {
  const { file, start, end } = location ?? {};
  if (file === undefined || start === undefined || end === undefined || start < 0) return undefined;
  const source = Object.hasOwn(sources, file) ? sources[file]?.content : undefined;
  if (source === undefined) return undefined;
  return sourcePlace(file, source, utf16Span(source, { start, end }));
}

import { limits } from '../lib/limits.ts';
import { hintReader, type Problem } from './hints.ts';
import { type PlaceFinder, placeFinder } from './source-place.ts';
import type { OutputError, OutputLocation } from './standard-output.ts';
import type { Diagnostic, DiagnosticPlace, PreparedCompile } from './types.ts';

/** The compiler's own warnings about code size; ours say the same for every compiler version. */
const sizeCodes = new Set(['5574', '3860']);
/** The compiler repeats names and types of any length. */
const messageCharactersMax = 2_000;
const secondaryMax = 10;
/** A hint is about a name or a literal, not about what is longer. */
const markedCharactersMax = 1_000;
/** Where in its own code the compiler gave up: no help to whoever wrote the source. */
const origin = /^(?:Compiler error|Unimplemented feature) \([^)]{0,300}\): ?|^Yul exception: ?/;
const rank = { error: 0, warning: 1, info: 2 };

/**
 * Turns the compiler's messages into places people can read: lines, columns, excerpts, hints; errors first. What it only
 * warns of in a library is left out: whoever imports that can do nothing about it, and it hides what is theirs.
 */
export function readDiagnostics(
  errors: readonly OutputError[],
  compiled: Pick<PreparedCompile, 'compiler' | 'input' | 'ownFiles'>,
): Diagnostic[] {
  const placeOf = placeReader(compiled.input.sources);
  const hintFor = hintReader(compiled);
  const own = new Set(compiled.ownFiles);
  const concerns = ({ severity, sourceLocation }: OutputError) =>
    severity === 'error' || sourceLocation === undefined || own.has(sourceLocation.file);
  return errors
    .filter(concerns)
    .filter((error) => error.errorCode === undefined || !sizeCodes.has(error.errorCode))
    .sort((a, b) => rank[a.severity] - rank[b.severity])
    .slice(0, limits.diagnosticsMax)
    .map((error) => readDiagnostic(error, { placeOf, hintFor }));
}

/** A place, and the source text it marks. */
type Located = { place: DiagnosticPlace; text: string } | undefined;

function readDiagnostic(
  error: OutputError,
  readers: {
    placeOf(location: Partial<OutputLocation> | undefined): Located;
    hintFor(problem: Problem): string | undefined;
  },
): Diagnostic {
  const { severity, errorCode: code, type } = error;
  const message = error.message.trim().replace(origin, '');
  const located = readers.placeOf(error.sourceLocation);
  const named = code === undefined ? {} : { code };
  const hint = readers.hintFor({
    ...named,
    type,
    message: headAndTail(message),
    file: located?.place.file,
    text: located?.text ?? '',
  });
  return {
    severity,
    ...named,
    type,
    message: shorten(message),
    ...(located ? { place: located.place } : {}),
    secondary: (error.secondarySourceLocations ?? []).slice(0, secondaryMax).map((other) => {
      const at = readers.placeOf(other);
      return { message: shorten(other.message ?? ''), ...(at ? { place: at.place } : {}) };
    }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Each source is walked once, when the first of its places is asked for. */
function placeReader(sources: PreparedCompile['input']['sources']) {
  const finders = new Map<string, PlaceFinder>();
  return (location: Partial<OutputLocation> | undefined): Located => {
    const { file, start, end } = location ?? {};
    if (file === undefined || start === undefined || end === undefined || start < 0) return undefined;
    const source = Object.hasOwn(sources, file) ? sources[file]?.content : undefined;
    if (source === undefined) return undefined;
    const finder = finders.get(file) ?? placeFinder(file, source);
    finders.set(file, finder);
    const span = finder.utf16({ start, end });
    const text = source.slice(span.start, Math.min(span.end, span.start + markedCharactersMax));
    return { place: finder.place(span), text };
  };
}

function shorten(message: string): string {
  if (message.length <= messageCharactersMax) return message;
  // The cut may go through a surrogate pair, and half of one is no text.
  return `${message.slice(0, messageCharactersMax - 1).toWellFormed()}…`;
}

/** The reason stands at the beginning of a message, or behind a list of any length. */
function headAndTail(message: string): string {
  if (message.length <= 2 * messageCharactersMax) return message;
  return `${message.slice(0, messageCharactersMax)} … ${message.slice(-messageCharactersMax)}`;
}

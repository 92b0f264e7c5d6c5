import { Range, rsort, satisfies } from 'semver';
import type { CompilerVersions } from './compiler-catalogue.ts';
import { fail } from './errors.ts';
import type { Span } from './source-facts.ts';
import { errorPlace } from './source-place.ts';

/** One `pragma solidity` line of a file that takes part. */
export interface Pragma extends Span {
  file: string;
  source: string;
  range: string;
}

/**
 * The compiler for these pragmas: a bundled one where one fits, else one that the official list offers, so that what is
 * chosen does not depend on what was downloaded before.
 *
 * @throws AppError as of `chooseAmong`
 */
export function chooseCompiler(options: {
  pragmas: readonly Pragma[];
  wanted: string | undefined;
  versions: CompilerVersions;
}): string {
  const { pragmas, wanted } = options;
  const { bundled, listed } = options.versions;
  try {
    return chooseAmong({ pragmas, wanted, versions: bundled, shown: bundled.join(', ') });
  } catch (error) {
    if (listed.length === 0) throw error;
    const shown = `${bundled.join(', ')}, and ${listed.length} more are on the official list`;
    return chooseAmong({ pragmas, wanted, versions: rsort([...bundled, ...listed]), shown });
  }
}

/**
 * The highest compiler that every pragma allows. The compiler reads ranges as npm does, carets of 0.x included.
 *
 * @param options.wanted an exact version or a range that the caller asks for
 * @throws AppError `compiler-not-bundled`, `pragma-invalid`, `pragma-unsatisfied`, `pragma-conflict`, `pragma-excludes-compiler`
 */
function chooseAmong(options: {
  pragmas: readonly Pragma[];
  wanted: string | undefined;
  versions: readonly string[];
  /** The versions, as messages name them. */
  shown: string;
}): string {
  const { pragmas, wanted, versions, shown: bundled } = options;
  const wantedRange =
    wanted === undefined ? undefined : parseRange(wanted.slice(0, 200).replace(/\+commit\..*$/, ''));
  const allowed = wantedRange ? versions.filter((one) => allows(wantedRange, one)) : versions;
  if (wantedRange === null || allowed.length === 0) {
    throw fail('compiler-not-bundled', { wanted: wanted ?? '', versions: bundled });
  }
  const ranges = pragmas.map((pragma) => ({ pragma, range: rangeOf(pragma) }));
  const found = allowed.find((version) => ranges.every(({ range }) => allows(range, version)));
  if (found) return found;

  const place = ({ file, source, start, end }: Pragma) => errorPlace(file, source, { start, end });
  const line = (pragma: Pragma) => place(pragma).line ?? 1;
  for (const { pragma, range } of ranges) {
    if (versions.some((version) => allows(range, version))) continue;
    throw fail(
      'pragma-unsatisfied',
      {
        file: pragma.file,
        line: line(pragma),
        pragma: pragma.range,
        versions: bundled,
        advice: adviceFor(pragma.range, versions),
      },
      { place: place(pragma) },
    );
  }
  const refusing = ranges.find(({ range }) => !allowed.some((version) => allows(range, version)));
  if (wanted !== undefined && refusing) {
    const { pragma } = refusing;
    throw fail(
      'pragma-excludes-compiler',
      { file: pragma.file, line: line(pragma), pragma: pragma.range, wanted, versions: bundled },
      { place: place(pragma) },
    );
  }
  const [first, second] = conflict(ranges, allowed);
  throw fail(
    'pragma-conflict',
    {
      first: first.range,
      firstFile: first.file,
      firstLine: line(first),
      second: second.range,
      secondFile: second.file,
      secondLine: line(second),
      versions: bundled,
    },
    { place: place(second) },
  );
}

/** True when some bundled compiler satisfies all these ranges; a range that cannot be read never does. */
export function someCompilerFits(ranges: readonly string[], versions: readonly string[]): boolean {
  const parsed = ranges.map(parseRange);
  return versions.some((version) => parsed.every((range) => range !== null && allows(range, version)));
}

/** Parsed ranges by text: libraries repeat a handful of them. */
const parsedRanges = new Map<string, Range | null>();

function parseRange(text: string): Range | null {
  const held = parsedRanges.get(text);
  if (held !== undefined) return held;
  if (parsedRanges.size > 1_000) parsedRanges.clear();
  // The compiler reads ">=0.8.0<0.9.0" and "^ 0.8.0" and takes quotes; npm's reader wants them tidied.
  const tidy = text.replace(/["']/g, '').replace(/([\d*xX])\s*(?=[<>=^~])/g, '$1 ');
  let range: Range | null = null;
  try {
    range = new Range(tidy);
  } catch {
    // Not a range: the caller of this function says so with the place.
  }
  parsedRanges.set(text, range);
  return range;
}

function allows(range: Range, version: string): boolean {
  return satisfies(version, range);
}

function rangeOf(pragma: Pragma): Range {
  const range = parseRange(pragma.range);
  if (range !== null && pragma.range !== '') return range;
  const place = errorPlace(pragma.file, pragma.source, pragma);
  throw fail('pragma-invalid', { file: pragma.file, line: place.line ?? 1, pragma: pragma.range }, { place });
}

/** The minor that the range seems to mean, written so that a bundled compiler fits. */
function adviceFor(range: string, versions: readonly string[]): string {
  const minor = /0\.(\d+)/.exec(range)?.[1];
  const near = versions.find((version) => version.startsWith(`0.${minor}.`));
  const lowest = /0\.\d+\.\d+/.exec(range)?.[0];
  if (near && lowest) return `Loosen it to "pragma solidity ^${lowest};": ${near} then fits.`;
  return `Write a range that one of them satisfies, such as "pragma solidity ^${versions[0]};".`;
}

/** Two pragmas that share no allowed compiler; when it takes three, the last two that narrowed it to nothing. */
function conflict(ranges: { pragma: Pragma; range: Range }[], versions: readonly string[]): [Pragma, Pragma] {
  for (const [index, one] of ranges.entries()) {
    for (const other of ranges.slice(index + 1)) {
      const both = versions.some((version) => allows(one.range, version) && allows(other.range, version));
      if (!both) return [one.pragma, other.pragma];
    }
  }
  let left = [...versions];
  let narrowed = ranges[0] as { pragma: Pragma };
  for (const one of ranges) {
    const next = left.filter((version) => allows(one.range, version));
    if (next.length === 0) return [narrowed.pragma, one.pragma];
    if (next.length < left.length) narrowed = one;
    left = next;
  }
  return [narrowed.pragma, (ranges.at(-1) ?? narrowed).pragma];
}

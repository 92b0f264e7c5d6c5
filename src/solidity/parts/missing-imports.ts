import { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { sourceFacts } from '../source-facts.ts';
import { sourcePlace } from '../source-place.ts';
import type { CompileRequest, Compiler, PreparedCompile } from '../types.ts';
import { withReleases } from '../with-releases.ts';
import type { LeftOut } from './leave-out.ts';
import { sourceParts } from './source-parts.ts';
import { loosenPragma, nameStandIn } from './stand-in.ts';

/** What an import statement can be left out for. */
const ofImports = new Set(['import-not-found', 'library-version-not-bundled']);

/**
 * Prepares a compile that is only read; imports of the caller's files that lead nowhere are left out, and a release that is
 * not at hand is stood in for by another of its series.
 *
 * @throws AppError as `Compiler.prepare`, for everything else that is wrong
 */
export async function prepareLeniently(
  compiler: Pick<Compiler, 'prepare' | 'learn'>,
  request: CompileRequest,
): Promise<{ prepared: PreparedCompile; request: CompileRequest; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  let { sources } = request;
  for (;;) {
    try {
      const wanted = { ...request, sources };
      const prepared = await withReleases(compiler, () => compiler.prepare(wanted));
      return { prepared, request: wanted, leftOut: nameStandIn(leftOut, prepared) };
    } catch (error) {
      if (!(error instanceof AppError) || leftOut.length === limits.missingImportsMax) throw error;
      const found = withoutImport(sources, error) ?? loosenPragma(sources, error);
      if (!found) throw error;
      sources = found.sources;
      leftOut.push(found.leftOut);
    }
  }
}

/** @returns true for what `prepare` refused although parts of the sources may well be looked at */
export function isPartlyReadable(error: unknown, { sources }: CompileRequest): boolean {
  if (!(error instanceof AppError)) return false;
  // A file whose pragma or imports are in the way leaves the others.
  const ofOneFile = /^(pragma|library|imports)-/.test(error.code) && Object.keys(sources).length > 1;
  return ofImports.has(error.code) || ofOneFile || loosenPragma(sources, error) !== undefined;
}

function withoutImport(
  sources: CompileRequest['sources'],
  { code, place, message }: AppError,
): { sources: CompileRequest['sources']; leftOut: LeftOut } | undefined {
  const { file, line, column } = place ?? {};
  const text = file === undefined ? undefined : sources[file];
  if (file === undefined || text === undefined || line === undefined || !ofImports.has(code))
    return undefined;
  const literal = sourceFacts(text).imports.find((one) => {
    const at = sourcePlace(file, text, one);
    return at.line === line && at.column === column;
  });
  const statement =
    literal && sourceParts(text).find(({ start, end }) => start <= literal.start && literal.end <= end);
  if (statement?.kind !== 'import') return undefined;
  const { start, end } = statement;
  const blanks = text.slice(start, end).replace(/[^\r\n]/g, ' ');
  return {
    sources: { ...sources, [file]: text.slice(0, start) + blanks + text.slice(end) },
    leftOut: { file, line, what: `the import of "${literal?.path ?? ''}"`, reason: message },
  };
}

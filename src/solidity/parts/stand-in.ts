import { lt, rcompare } from 'semver';
import type { AppError } from '../../lib/app-error.ts';
import { bundledVersions } from '../bundled-compilers.ts';
import { sourceFacts } from '../source-facts.ts';
import { sourcePlace } from '../source-place.ts';
import type { CompileRequest, PreparedCompile } from '../types.ts';
import type { LeftOut } from './leave-out.ts';

type Sources = CompileRequest['sources'];

/**
 * Loosens the pragma that no release at hand satisfies (`0.4.19` without the network) to its series (`0.4`), so that another
 * release of the series reads the file. Lengths stay: so do lines and columns. For reading only, never for code that is deployed.
 *
 * @param error what `Compiler.prepare` threw
 * @returns undefined where that is no such pragma, or its series is not bundled
 */
export function loosenPragma(
  sources: Sources,
  { code, place, message }: AppError,
): { sources: Sources; leftOut: LeftOut } | undefined {
  const { file, line, column } = place ?? {};
  const text = file === undefined ? undefined : sources[file];
  if (code !== 'pragma-unsatisfied' || file === undefined || text === undefined || line === undefined)
    return undefined;
  const pragma = sourceFacts(text).pragmas.find((one) => {
    const at = sourcePlace(file, text, one);
    return at.line === line && at.column === column;
  });
  const series = pragma && /(?<![.\d])\d+\.\d+(?=\.\d)/.exec(pragma.range)?.[0];
  if (!pragma || !series || !bundledVersions().some((version) => version.startsWith(`${series}.`)))
    return undefined;
  const { start, end, range } = pragma;
  const blanks = text.slice(start, end).replace(/[^\r\n]/g, ' ');
  return {
    sources: {
      ...sources,
      [file]: text.slice(0, start) + series + blanks.slice(series.length) + text.slice(end),
    },
    leftOut: { file, line, what: `the pragma ${range}`, reason: message, isRead: true },
  };
}

/** Says which release has read what a pragma wanted another one for. */
export function nameStandIn(
  leftOut: readonly LeftOut[],
  { compiler }: Pick<PreparedCompile, 'compiler'>,
): LeftOut[] {
  return leftOut.map((one) =>
    one.isRead
      ? { ...one, reason: `no compiler at hand satisfies it, ${compiler} read the file instead` }
      : one,
  );
}

/**
 * The newest bundled release of each series before that of `compiler`, the newest first: sources that do not say which series
 * they are meant for, or say `>=0.4.0`, get the newest compiler, and may be older than it.
 */
export function olderReaders({ compiler }: Pick<PreparedCompile, 'compiler'>): string[] {
  const newest = new Map<string, string>();
  for (const version of [...bundledVersions()].sort(rcompare)) {
    if (!newest.has(seriesOf(version))) newest.set(seriesOf(version), version);
  }
  return [...newest.values()].filter(
    (version) => lt(version, compiler) && !compiler.startsWith(seriesOf(version)),
  );
}

/** @returns `0.8.` */
function seriesOf(version: string): string {
  return version.replace(/\d+$/, '');
}

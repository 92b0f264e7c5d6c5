import { gte, lt } from 'semver';
import { fail } from './errors.ts';
import type { PreparedCompile } from './types.ts';

/** From here on the solvers can be left out by a setting. */
const solversSince = '0.8.7';
/** The only earlier release that can be told to leave the checker alone. */
const engineIn = '0.7.6';
/** Before this the checker is not in the build that we run. */
const checkerSince = '0.6.8';

/**
 * Settings that keep `pragma experimental SMTChecker` from starting a solver: a proof takes minutes, and nobody asked a
 * compile for one. They change no byte of what is compiled, and are not in its metadata.
 *
 * @returns settings to add, none where there is no such pragma
 * @throws AppError `smt-checker-refused` for compilers that cannot be told
 */
export function withoutSmtChecker({ compiler, input }: PreparedCompile): { modelChecker?: object } {
  const asking = Object.entries(input.sources).find(([, { content }]) => asksForChecker(content));
  if (!asking || lt(compiler, checkerSince)) return {};
  if (gte(compiler, solversSince)) return { modelChecker: { solvers: [] } };
  if (compiler === engineIn) return { modelChecker: { engine: 'none' } };
  throw fail('smt-checker-refused', { file: asking[0], compiler }, { place: { file: asking[0] } });
}

/** Experimental features that are something else; what is not known to be is taken for the checker, however it is written. */
const others = /ABIEncoderV2|v0\.5\.0/;

function asksForChecker(content: string): boolean {
  if (!content.includes('experimental')) return false;
  const pragmas = content.matchAll(/\bpragma\b[^;]{0,200}\bexperimental\b([^;]{0,300});/g);
  return [...pragmas].some(([, feature = '']) => !others.test(feature));
}

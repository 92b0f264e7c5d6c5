import { gte } from 'semver';
import { nearest } from './nearest.ts';

/**
 * The hard forks that `evmVersion` names, and a compiler from which on each is known (release notes; the bundled ones are
 * asked in the test).
 */
const forks: readonly [name: string, since: string][] = [
  ['osaka', '0.8.29'],
  ['prague', '0.8.27'],
  ['cancun', '0.8.24'],
  ['shanghai', '0.8.20'],
  ['paris', '0.8.18'],
  ['london', '0.8.7'],
  ['berlin', '0.5.16'],
  ['istanbul', '0.5.14'],
  ['petersburg', '0.5.5'],
  ['constantinople', '0.4.22'],
  ['byzantium', '0.4.21'],
];

/** For an `evmVersion` that the compiler refuses: the one that was meant, else those that it knows. */
export function evmVersionAdvice(compiler: string, wanted: string | undefined): string {
  const known = forks.filter(([, since]) => gte(compiler, since)).map(([name]) => name);
  const meant = nearest(wanted ?? '', known);
  if (meant) return `Did you mean "${meant}"?`;
  const later = forks.find(([name]) => name === wanted?.toLowerCase());
  if (later)
    return `Compile with ${later[1]} or later to use "${later[0]}"; ${compiler} knows ${known[0]} and older ones.`;
  return `Leave evmVersion out, or name a hard fork that ${compiler} knows: ${known.join(', ')}.`;
}

/** What needs a later hard fork than the one that is compiled for. */
const since: Readonly<Record<string, string>> = { '5921': 'london', '1006': 'cancun', '7985': 'cancun' };

/** @returns the hard fork that has what the code uses, when that is the complaint */
export function neededForkAdvice(code: string | undefined, message: string): string | undefined {
  const named = /only available for (\w+)-compatible VMs/.exec(message)?.[1]?.toLowerCase();
  const fork = named ?? (code === undefined ? undefined : since[code]);
  return fork && `Set evmVersion to "${fork}" or later, if your chain has had that upgrade.`;
}

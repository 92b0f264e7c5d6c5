import { gte } from 'semver';

/** Hard forks in order, each with the first compiler that knows it. */
const forks: readonly (readonly [name: string, since: string])[] = [
  ['byzantium', '0.4.21'],
  ['constantinople', '0.4.22'],
  ['petersburg', '0.5.5'],
  ['istanbul', '0.5.14'],
  ['berlin', '0.8.5'],
  ['london', '0.8.7'],
  ['paris', '0.8.18'],
  ['shanghai', '0.8.20'],
  ['cancun', '0.8.24'],
  ['prague', '0.8.27'],
  ['osaka', '0.8.29'],
];
/** What Foundry 1.7 compiles for when it is told nothing. */
const foundryDefault = 'osaka';

/**
 * The hard fork that Foundry compiles for: what is asked for, or else its default, as far as the compiler knows it.
 *
 * @param compiler exact version
 * @returns undefined for compilers that cannot be told one; a name that is not known here as it is
 */
export function foundryEvmVersion(compiler: string, wanted = foundryDefault): string | undefined {
  const highest = forks.findIndex(([name]) => name === wanted);
  if (highest < 0) return wanted;
  return forks.slice(0, highest + 1).findLast(([, since]) => gte(compiler, since))?.[0];
}

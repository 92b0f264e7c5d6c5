import { minVersion, satisfies, validRange } from 'semver';
import type { BundledLibrary } from './bundled-library.ts';
import { libraryVersions } from './library-imports.ts';

/**
 * Finds the bundled versions that come nearest to what a project asks for: one in the range, else the newest of the
 * same major version, whose interface is the same. What is not bundled in any such version is left open.
 *
 * @param ranges library name → version range
 */
export function wantedLibraries(ranges: Readonly<Record<string, string>> = {}): BundledLibrary[] {
  return Object.entries(ranges).flatMap(([name, range]) => {
    const all = libraryVersions(name);
    const major = validRange(range) === null ? undefined : minVersion(range)?.major;
    const found =
      all.find(({ version }) => satisfies(version, range)) ??
      all.find(({ version }) => major !== undefined && version.startsWith(`${major}.`));
    return found ? [found] : [];
  });
}

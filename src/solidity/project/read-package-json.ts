import { minVersion, validRange } from 'semver';
import { libraryVersions } from '../library-imports.ts';
import { readConfigText, versionCharactersMax } from './config-text.ts';
import type { ProjectFiles } from './types.ts';

/** What a project's `package.json` says to a compile. */
export interface PackageJson {
  /** Of Hardhat; absent where the file does not say. */
  hardhatMajor?: number;
  /** Bundled libraries that it asks for: name → version range. */
  libraries: Record<string, string>;
}

/**
 * Reads it, as far as it can be read: it is npm's file and decides only defaults here, so what is odd in it is passed
 * over.
 *
 * @throws AppError `project-config-too-large`, `source-not-text`
 */
export function readPackageJson(files: ProjectFiles): PackageJson {
  const text = readConfigText(files, 'package.json');
  const ranges = text === undefined ? {} : rangesOf(text);
  const major = ranges['hardhat'] === undefined ? undefined : minVersion(ranges['hardhat'])?.major;
  return {
    ...(major === undefined ? {} : { hardhatMajor: major }),
    libraries: Object.fromEntries(
      Object.entries(ranges).filter(([name]) => libraryVersions(name).length > 0),
    ),
  };
}

function rangesOf(text: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
  const all = {
    ...fieldsOf(fieldsOf(parsed)['dependencies']),
    ...fieldsOf(fieldsOf(parsed)['devDependencies']),
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => {
      const range = entry[1];
      return typeof range === 'string' && range.length <= versionCharactersMax && validRange(range) !== null;
    }),
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

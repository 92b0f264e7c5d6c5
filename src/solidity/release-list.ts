import { compare, gte, valid } from 'semver';

/** A release of the compiler that can be had from the official list. */
export interface Release {
  version: string;
  /** File name beside the list. */
  path: string;
  /** Hex digits of the file's SHA-256. */
  sha256: string;
}

/** The first release with standard JSON. */
const oldest = '0.4.11';

/**
 * Reads the list of releases as `binaries.soliditylang.org` publishes it (`list.json`: `builds` with `path`, `version`
 * and `sha256`; `releases` from version to path). Nightlies, and entries that do not look as they should, are left out:
 * a name must not lead to another folder or host.
 *
 * @returns newest first
 * @throws Error when the text is no such list
 */
export function readReleaseList(text: string): Release[] {
  const { builds, releases } = JSON.parse(text) as { builds?: unknown; releases?: unknown };
  if (!Array.isArray(builds) || typeof releases !== 'object' || releases === null) {
    throw new Error('it has no builds and releases');
  }
  const paths = new Map(Object.entries(releases));
  return builds.flatMap((build) => readBuild(build, paths)).sort((a, b) => compare(b.version, a.version));
}

function readBuild(build: unknown, releases: ReadonlyMap<string, unknown>): Release[] {
  const { version, path, sha256 } = (build ?? {}) as Record<string, unknown>;
  if (typeof version !== 'string' || typeof path !== 'string' || typeof sha256 !== 'string') return [];
  if (valid(version) !== version || !gte(version, oldest) || releases.get(version) !== path) return [];
  const digest = /^0x([0-9a-f]{64})$/.exec(sha256)?.[1];
  if (!digest || !/^soljson-v[0-9A-Za-z.+-]{5,80}\.js$/.test(path) || path.includes('..')) return [];
  return [{ version, path, sha256: digest }];
}

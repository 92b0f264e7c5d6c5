import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BundledLibrary, bundledLibrary, type LibraryOptions } from './bundled-library.ts';

/**
 * Makes a library of an installed npm package. Its Solidity is data for the compiler: nothing of it runs in this process.
 *
 * @param options.folder where in the package the library's root is; the package's own when left out
 */
export function npmLibrary(options: LibraryOptions & { package: string; folder?: string }): BundledLibrary {
  const manifest = createRequire(import.meta.url).resolve(`${options.package}/package.json`);
  const { version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<
    'version' | 'license',
    string
  >;
  const root = join(dirname(manifest), options.folder ?? '.');
  return bundledLibrary({ ...options, root, version, licence: license });
}

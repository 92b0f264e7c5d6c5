import { join } from 'node:path';
import { type BundledLibrary, bundledLibrary, type LibraryOptions } from './bundled-library.ts';

/**
 * Makes a library of Solidity files that we wrote, under `libraries/`.
 *
 * @param options.version to be raised with every change of the files
 * @param options.only which of the folder's files belong to it; all of them when left out
 * @param options.rewrite what a file is in this version, where one folder serves two
 */
export function ownLibrary(
  options: LibraryOptions & {
    folder: string;
    version: string;
    only?: RegExp;
    rewrite?: (path: string, read: (path: string) => string) => string;
  },
): BundledLibrary {
  const root = join(import.meta.dirname, 'libraries', options.folder);
  return bundledLibrary({ ...options, root, licence: 'MIT' });
}

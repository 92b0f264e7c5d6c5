import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { isForeign, isGenerated, isKept } from '../solidity/project/archive-entries.ts';
import type { ProjectFiles } from '../solidity/project/types.ts';
import { pathProblem } from '../solidity/source-paths.ts';

/** What makes a folder a project of a tool. */
const signs = [
  'foundry.toml',
  'remappings.txt',
  'hardhat.config.ts',
  'hardhat.config.js',
  'hardhat.config.cjs',
  'hardhat.config.mjs',
];

/** Whether a folder is one that `projectFolder` should read. */
export function isProject(folder: string): boolean {
  return signs.some((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
}

/**
 * The files of a project's folder. Sources and configuration files only, and only those that really lie in it: links
 * are not walked into, and what a link leads to counts by where it is. `node_modules` is read import by import.
 */
export function projectFolder(folder: string): ProjectFiles {
  const root = realpathSync(folder);
  const held = new Map<string, Uint8Array | undefined>();
  return {
    paths: new Set(list('')),
    read(path) {
      if (!held.has(path)) held.set(path, readInside(path));
      return held.get(path);
    },
    hasFolder: (path) => statInside(path)?.isDirectory() ?? false,
  };

  function list(below: string): string[] {
    return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
      const path = `${below}${entry.name}`;
      if (entry.isDirectory()) {
        const isSkipped = entry.name === 'node_modules' || isForeign(path) || isGenerated(`${path}/`);
        return isSkipped ? [] : list(`${path}/`);
      }
      return entry.isFile() && (isKept(path) || path.endsWith('.yul')) ? [path] : [];
    });
  }

  function readInside(path: string): Uint8Array | undefined {
    if (!isKept(path) || !statInside(path)?.isFile()) return undefined;
    return readFileSync(join(root, path));
  }

  function statInside(path: string) {
    const tidy = path.replace(/\/$/, '');
    if (pathProblem(tidy) !== undefined) return undefined;
    const found = statSync(join(root, tidy), { throwIfNoEntry: false });
    return found && isInside(realpathSync(join(root, tidy))) ? found : undefined;
  }

  function isInside(real: string): boolean {
    const way = relative(root, real);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  }
}

import { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import type { RequestNote } from '../types.ts';
import { readConfigText } from './config-text.ts';
import { readFoundryToml } from './read-foundry-toml.ts';
import { readRemappingsTxt, splitRemapping, tidyRemapping } from './read-remappings-txt.ts';
import type { ProjectFiles } from './types.ts';

/** Dependencies of dependencies are followed so far. */
const depthMax = 8;
/** Folders of a dependency that hold no sources of it. */
const passedOver = new Set(['lib', 'node_modules', 'test', 'tests', 'demo']);
/** Names that are the project's own folders, whatever a dependency says. */
const ownNames = new Set(['src/', 'lib/', 'contracts/', 'test/', 'script/']);

interface Folder {
  folders: Map<string, Folder>;
  hasSources: boolean;
}

/**
 * Makes the remappings that Foundry makes by itself for what is installed: `lib/x/src/` and `lib/x/contracts/` are
 * imported as `x/`, and what a dependency remaps for itself holds too. Of several the one nearest to the project wins.
 *
 * @param libs folders with dependencies
 * @returns in alphabetical order
 */
export function detectRemappings(
  files: ProjectFiles,
  { libs, notes }: { libs: readonly string[]; notes: RequestNote[] },
): string[] {
  const top = folderTree(files.paths);
  const nearest = new Map<string, { target: string; depth: number }>();
  let configsLeft: number = limits.projectDependencyConfigsMax;
  for (const lib of libs) {
    const folder = lib.split('/').reduce<Folder | undefined>((at, name) => at?.folders.get(name), top);
    if (!folder) continue;
    if (lib.endsWith('node_modules')) searchPackages(folder, `${lib}/`);
    else search(folder, `${lib}/`, 0);
  }
  return [...nearest].map(([name, { target }]) => `${name}=${target}`).sort();

  function search(folder: Folder, path: string, depth: number): void {
    if (depth > depthMax) return;
    for (const [name, dependency] of folder.folders) {
      if (name.startsWith('.')) continue;
      const place = `${path}${name}/`;
      for (const line of configured(place)) {
        const { context, prefix, target } = splitRemapping(line);
        if (context === '') offer(prefix, place + target);
      }
      if (holdsSources(dependency)) offer(`${name}/`, place + sourceFolder(dependency));
      const nested = dependency.folders.get('lib');
      if (nested) search(nested, `${place}lib/`, depth + 1);
    }
  }

  /** What npm installs is imported by its path, so that `@x/y/Z.sol` is under `@x/`. */
  function searchPackages(folder: Folder, path: string): void {
    for (const [name, dependency] of folder.folders) {
      if (!name.startsWith('.') && holdsSources(dependency)) offer(`${name}/`, `${path}${name}/`);
    }
  }

  function offer(name: string, target: string): void {
    if (ownNames.has(name) || !files.hasFolder(target)) return;
    const depth = target.split('/').length;
    const held = nearest.get(name);
    if (!held || depth < held.depth) nearest.set(name, { target, depth });
  }

  /** What a dependency of Foundry's kind remaps for itself. Its faults are not the caller's, and are told only. */
  function configured(place: string): string[] {
    try {
      const text = readConfigText(files, `${place}foundry.toml`);
      if (text === undefined) return [];
      configsLeft -= 1;
      if (configsLeft < 0) return [];
      const lines = readConfigText(files, `${place}remappings.txt`) ?? '';
      return [
        ...readRemappingsTxt(lines, `${place}remappings.txt`),
        ...readFoundryToml(text, { file: `${place}foundry.toml` }).remappings.map(tidyRemapping),
      ];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      notes.push({ message: `The remappings of ${place} are not used: ${error.message}` });
      return [];
    }
  }
}

/** Where imports of a dependency begin, relative to it. */
function sourceFolder(dependency: Folder): string {
  const inside = [...dependency.folders].filter(
    ([name, folder]) => !passedOver.has(name) && holdsSources(folder),
  );
  if (inside.some(([name]) => name === 'src')) return 'src/';
  const isOnly = inside.length === 1 && !dependency.hasSources;
  return isOnly && inside[0]?.[0] === 'contracts' ? 'contracts/' : '';
}

/** Whether there are sources of its own, those of its dependencies aside. */
function holdsSources(folder: Folder): boolean {
  if (folder.hasSources) return true;
  return [...folder.folders].some(([name, inner]) => !passedOver.has(name) && holdsSources(inner));
}

function folderTree(paths: Iterable<string>): Folder {
  const top: Folder = { folders: new Map(), hasSources: false };
  for (const path of paths) {
    if (!path.endsWith('.sol')) continue;
    let at = top;
    for (const name of path.split('/').slice(0, -1)) {
      const next = at.folders.get(name) ?? { folders: new Map(), hasSources: false };
      at.folders.set(name, next);
      at = next;
    }
    at.hasSources = true;
  }
  return top;
}

import { fail } from './errors.ts';
import type { ProjectFiles } from './types.ts';

const configs = /(^|\/)(foundry\.toml|hardhat\.config\.(ts|js|cjs|mjs))$/;
/** Folders in which a configuration is that of a dependency. */
const foreign = /(^|\/)(lib|libs|node_modules|dependencies|test|tests|examples?)\//;

/**
 * Finds the project among the files: the folder of the topmost configuration file, such as `packages/contracts` of a
 * repository with several packages.
 *
 * @returns the folder with its slash; empty for the top, and where nothing is configured
 * @throws AppError `project-ambiguous`
 */
export function findRoot(paths: Iterable<string>): string {
  const roots = new Set<string>();
  let depth = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    if (!configs.test(path) || foreign.test(path)) continue;
    const root = path.slice(0, path.lastIndexOf('/') + 1);
    const own = root.split('/').length;
    if (own > depth) continue;
    if (own < depth) roots.clear();
    depth = own;
    roots.add(root);
  }
  const [root = '', ...others] = [...roots].sort();
  if (others.length === 0) return root;
  throw fail('project-ambiguous', { projects: [root, ...others].slice(0, 20).join(', ') });
}

/** The files as they are from a folder on. `node_modules` of the folders above are found too, as Node.js does. */
export function rootedFiles(files: ProjectFiles, root: string): ProjectFiles {
  if (root === '') return files;
  const inside = [...files.paths]
    .filter((path) => path.startsWith(root))
    .map((path) => path.slice(root.length));
  const above = root
    .split('/')
    .slice(0, -1)
    .map((_, index, all) =>
      all
        .slice(0, all.length - index)
        .map((name) => `${name}/`)
        .join(''),
    )
    .concat('');
  const places = (path: string) =>
    path.startsWith('node_modules/') ? above.map((base) => base + path) : [root + path];
  return {
    paths: new Set(inside),
    read(path) {
      for (const place of places(path)) {
        const bytes = files.read(place);
        if (bytes) return bytes;
      }
      return undefined;
    },
    hasFolder: (path) => places(path).some((place) => files.hasFolder(place)),
  };
}

import type { StandardInput } from '../types.ts';
import type { Arrangement, DownloadedBuild, DownloadLayout, Files } from './types.ts';

/** What names start with → the npm package that has these very files at these very places. */
const npmPackages: Record<string, string> = {
  '@openzeppelin/contracts/': '@openzeppelin/contracts',
  '@openzeppelin/contracts-upgradeable/': '@openzeppelin/contracts-upgradeable',
  'solady/src/': 'solady',
  'solmate/src/': 'solmate',
};

/**
 * Decides where each source goes. A file stands where its name in the compiler's input says, as the names are part of the
 * metadata and so of the bytecode: a remapping that led to another folder would change both. For the same reason Hardhat
 * finds a library in `node_modules` only under the name that it has there; what is imported otherwise (with a version in
 * the path, by another name, or by a remapping) is carried along.
 */
export function arrange(build: DownloadedBuild, layout: DownloadLayout): Arrangement {
  const names = Object.keys(build.input.sources).sort();
  const dependencies = layout === 'hardhat' ? npmDependencies(build, names) : {};
  const carried = names.filter((name) => !(packageOf(name) in dependencies));
  const sources: Files = {};
  for (const name of carried) sources[name] = build.input.sources[name]?.content ?? '';
  return {
    sources,
    dependencies,
    sourceFolder: commonFolder(build.ownFiles, carried),
    settings: exactSettings(build),
  };
}

function npmDependencies(build: DownloadedBuild, names: readonly string[]): Record<string, string> {
  if (build.input.settings.remappings?.length) return {};
  const own = new Set(build.ownFiles);
  const versions: Record<string, string> = {};
  for (const name of names) {
    const found = packageOf(name);
    const use = build.libraries.find((library) => library.name === found);
    if (use && !own.has(name)) versions[found] = use.version;
  }
  // Hardhat looks for a name in the project as soon as the project has its first folder.
  const folders = new Set(
    names.filter((name) => own.has(name) || !(packageOf(name) in versions)).map(firstSegment),
  );
  return Object.fromEntries(Object.entries(versions).filter(([name]) => !folders.has(firstSegment(name))));
}

/** Empty where there is none: no package is called so. */
function packageOf(name: string): string {
  const prefix = Object.keys(npmPackages).find((one) => name.startsWith(one));
  return prefix === undefined ? '' : (npmPackages[prefix] ?? '');
}

function firstSegment(name: string): string {
  return name.split('/', 1)[0] ?? '';
}

function commonFolder(ownFiles: readonly string[], carried: readonly string[]): string {
  const folders = new Set(ownFiles.map((name) => (name.includes('/') ? firstSegment(name) : '.')));
  const [folder = '.', ...others] = folders;
  const isShared = carried.some((name) => firstSegment(name) === folder && !ownFiles.includes(name));
  return others.length > 0 || isShared ? '.' : folder;
}

/** The EVM version stands in every contract's metadata, also where nobody chose it; tools have defaults of their own. */
function exactSettings({ input, artifacts }: DownloadedBuild): StandardInput['settings'] {
  const [evmVersion] = artifacts.flatMap(({ metadata }) => {
    if (metadata === '') return [];
    const { settings } = JSON.parse(metadata) as { settings?: { evmVersion?: string } };
    return settings?.evmVersion === undefined ? [] : [settings.evmVersion];
  });
  return evmVersion === undefined ? input.settings : { ...input.settings, evmVersion };
}

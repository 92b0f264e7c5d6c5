import { limits } from '../../lib/limits.ts';
import type { RequestNote } from '../types.ts';
import { configProblem, readConfigText } from './config-text.ts';
import { detectRemappings } from './detect-remappings.ts';
import { type FoundryToml, readFoundryToml } from './read-foundry-toml.ts';
import { readHardhatConfig } from './read-hardhat-config.ts';
import { readPackageJson } from './read-package-json.ts';
import { readRemappingsTxt, splitRemapping, tidyRemapping } from './read-remappings-txt.ts';
import { keyLine } from './toml-keys.ts';
import type { ProjectConfig, ProjectFiles } from './types.ts';

const hardhatNames = ['hardhat.config.ts', 'hardhat.config.js', 'hardhat.config.cjs', 'hardhat.config.mjs'];

/**
 * Reads how a project is laid out and compiled, from what its tool would read. A project of both tools is taken as
 * Foundry's, whose configuration is data through and through, unless the sources lie where only Hardhat looks.
 *
 * @throws AppError `project-config-invalid`, `project-config-too-large`, `project-profile-unknown`, `source-not-text`
 */
export function readProjectConfig(files: ProjectFiles, profile: string | undefined): ProjectConfig {
  const hardhat = hardhatNames.find((name) => files.paths.has(name));
  const toml = files.paths.has('foundry.toml');
  if (!toml && hardhat) return hardhatProject(files, hardhat, profile);
  if (!toml && !files.paths.has('remappings.txt')) return plainProject();
  const foundry = foundryProject(files, profile);
  if (!hardhat) return foundry;
  const folder = foundry.sources[0] ?? '';
  if (!hasSources(files, folder) && hasSources(files, 'contracts'))
    return hardhatProject(files, hardhat, profile);
  return withNote(foundry, `There are a foundry.toml and a ${hardhat}: the foundry.toml is followed.`);
}

function foundryProject(files: ProjectFiles, profile: string | undefined): ProjectConfig {
  const file = 'foundry.toml';
  const text = readConfigText(files, file) ?? '';
  const toml = readFoundryToml(text, { file, profile });
  const notes = [...toml.notes];
  const libs = [...new Set(toml.libs ?? usualLibs(files))].slice(0, limits.projectLibsMax);
  return {
    layout: 'foundry',
    sources: [
      toml.src ?? (!hasSources(files, 'src') && hasSources(files, 'contracts') ? 'contracts' : 'src'),
    ],
    tests: [toml.test ?? 'test', toml.script ?? 'script'],
    libs: [...new Set([...libs, 'lib', 'node_modules', 'dependencies'])].filter(
      (lib) => !['', '.'].includes(lib),
    ),
    remappings: foundryRemappings(files, { toml, text, libs, notes }),
    npmNames: false,
    compilers: [{ ...(toml.solc === undefined ? {} : { version: toml.solc }), settings: toml.settings }],
    overrides: {},
    notes,
  };
}

/** Where Foundry looks when it is told nothing. */
function usualLibs(files: ProjectFiles): string[] {
  const found = ['lib', 'node_modules'].filter((folder) => files.hasFolder(folder));
  return found.length === 0 ? ['lib'] : found;
}

/** The lines of the file first, then those of the configuration, then what is found; the first of a name holds. */
function foundryRemappings(
  files: ProjectFiles,
  from: { toml: FoundryToml; text: string; libs: readonly string[]; notes: RequestNote[] },
): string[] {
  const { toml, libs, notes } = from;
  const written = [...remappingsOf(files), ...tomlRemappings(from)];
  const found = toml.detectRemappings ? detectRemappings(files, { libs, notes }) : [];
  const names = written.map((line) => splitRemapping(line)).filter(({ context }) => context === '');
  const more = found.filter((line) => {
    const { prefix } = splitRemapping(line);
    return !names.some((one) => prefix.startsWith(one.prefix));
  });
  const byName = new Map<string, string>();
  for (const line of [...written, ...more]) {
    const name = line.slice(0, line.indexOf('='));
    if (!byName.has(name)) byName.set(name, line);
  }
  return bounded('foundry.toml', [...byName.values()], limits.projectRemappingsMax);
}

/** @throws AppError `project-config-invalid` for more remappings than are taken */
function bounded(file: string, remappings: string[], max: number): string[] {
  if (remappings.length <= max) return remappings;
  throw configProblem(file, 1, `there are ${remappings.length} remappings, at most ${max} are taken`);
}

function tomlRemappings({ toml, text }: { toml: FoundryToml; text: string }): string[] {
  return bounded('foundry.toml', toml.remappings, limits.remappingsMax).map((line) => {
    if (/^(?:[^:=]*:)?[^=]+=.+$/.test(line.trim())) return tidyRemapping(line);
    const problem = `remappings: "${line.slice(0, 100)}" is not of the form [context:]prefix=target`;
    throw configProblem('foundry.toml', keyLine(text, 'remappings'), problem);
  });
}

function remappingsOf(files: ProjectFiles): string[] {
  const text = readConfigText(files, 'remappings.txt');
  if (text === undefined) return [];
  return bounded('remappings.txt', readRemappingsTxt(text, 'remappings.txt'), limits.remappingsMax);
}

function hardhatProject(files: ProjectFiles, file: string, profile: string | undefined): ProjectConfig {
  const { hardhatMajor: major } = readPackageJson(files);
  const read = readHardhatConfig(readConfigText(files, file) ?? '', { file, profile, major });
  return {
    layout: 'hardhat',
    sources: read.sources ?? ['contracts'],
    tests: ['test', 'tests', 'script', 'scripts'],
    libs: ['node_modules', 'lib', 'dependencies'],
    remappings: remappingsOf(files),
    npmNames: true,
    compilers: read.compilers,
    overrides: read.overrides,
    notes: read.notes,
  };
}

/** Files with no tool's configuration: all sources but those of others, with the platform's own settings. */
function plainProject(): ProjectConfig {
  return {
    layout: 'plain',
    sources: [''],
    tests: ['test', 'tests', 'script', 'scripts'],
    libs: ['node_modules', 'lib', 'dependencies'],
    remappings: [],
    npmNames: true,
    compilers: [{ settings: {} }],
    overrides: {},
    notes: [],
  };
}

function hasSources(files: ProjectFiles, folder: string): boolean {
  const start = folder === '' ? '' : `${folder}/`;
  return [...files.paths].some((path) => path.endsWith('.sol') && path.startsWith(start));
}

function withNote(config: ProjectConfig, message: string): ProjectConfig {
  return { ...config, notes: [...config.notes, { message }] };
}

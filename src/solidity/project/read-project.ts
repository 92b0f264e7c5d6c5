import { valid } from 'semver';
import { limits } from '../../lib/limits.ts';
import { splitContract } from '../entry.ts';
import type { CompileRequest, CompileSettings } from '../types.ts';
import { chooseProjectCompiler } from './choose-project-compiler.ts';
import { type Collected, collectSources, isIn } from './collect-sources.ts';
import { fail } from './errors.ts';
import { foundryEvmVersion } from './evm-versions.ts';
import { projectNotes } from './project-notes.ts';
import { readArchive } from './read-archive.ts';
import { readPackageJson } from './read-package-json.ts';
import { readProjectConfig } from './read-project-config.ts';
import { findRoot, rootedFiles } from './rooted-files.ts';
import type { CompilerChoice, ProjectConfig, ProjectFiles, ProjectOptions, ReadProject } from './types.ts';

/**
 * Reads an archive of a Hardhat or Foundry project, or of plain sources, into what the compile service takes.
 *
 * @throws AppError of `readArchive` and `readProject`
 */
export async function readProjectArchive(
  bytes: Uint8Array,
  options: ProjectOptions = {},
): Promise<ReadProject> {
  return readProject(await readArchive(bytes), options);
}

/**
 * Reads a project as its tool would: the same sources under the same names, the same compiler and settings, so that
 * the bytecode is the same too. Nothing of the project is run.
 *
 * @throws AppError `project-*`, `source-not-text`, `sources-too-many`, `sources-too-large`
 */
export function readProject(given: ProjectFiles, options: ProjectOptions = {}): ReadProject {
  const root = findRoot(given.paths);
  const files = rootedFiles(given, root);
  const config = readProjectConfig(files, options.profile);
  const own = ownSources(files, config, options);
  const { entry, roots } = chooseRoots(files, { config, own, options });
  const { libraries } = readPackageJson(files);
  const collected = collectSources(files, { config, roots });
  const { choice, notes } = chooseProjectCompiler({
    ...{ config, roots, sources: collected.sources },
    wanted: options.compiler,
  });
  const all = [
    ...(root === '' ? [] : [{ message: `The project is the folder ${root}; names are relative to it.` }]),
    ...config.notes,
    ...notes,
    ...projectNotes(files, { config, collected, libraries }),
  ].slice(0, limits.projectNotesMax);
  const { version } = choice;
  const settings = {
    ...choice.settings,
    ...remappingsOf(collected, choice.settings),
    ...evmVersionOf(config, choice),
  };
  const request: CompileRequest = {
    ...toSources(collected),
    ...(entry === undefined ? {} : { entry }),
    ...(options.contract === undefined ? {} : { contract: options.contract }),
    ...(version === undefined ? {} : { compiler: version }),
    settings: over(settings, options.settings),
    ...(Object.keys(libraries).length === 0 ? {} : { libraryVersions: libraries }),
    ...(all.length === 0 ? {} : { notes: all }),
  };
  return { request, layout: config.layout, root, notes: all };
}

/** What the tool would compile: its folders, without tests and scripts unless they are wanted. */
function ownSources(files: ProjectFiles, config: ProjectConfig, options: ProjectOptions): string[] {
  const { sources, tests, libs } = config;
  const folders = options.tests ? [...sources, ...tests] : sources;
  const all = [...files.paths].filter((path) => path.endsWith('.sol')).sort();
  const inside = all.filter(
    (path) => folders.some((folder) => isIn(path, folder)) && !libs.some((lib) => isIn(path, lib)),
  );
  const isTest = (path: string) => /\.[ts]\.sol$/.test(path) || tests.some((folder) => isIn(path, folder));
  const wanted = options.tests ? inside : inside.filter((path) => !isTest(path));
  if (wanted.length > 0 || options.entry !== undefined) return wanted;
  // Sources that lie in a folder called `test` or `lib` and nothing beside them were meant.
  if (config.layout === 'plain' && all.length > 0) return all;
  const yul = [...files.paths].find((path) => path.endsWith('.yul'));
  throw fail('project-empty', {
    where: config.layout === 'plain' ? '' : ` in ${sources.map((one) => `${one || '.'}/`).join(', ')}`,
    advice:
      yul === undefined
        ? 'Send the folder with the sources, not only its configuration or its output.'
        : `${yul} is Yul; only Solidity is compiled.`,
  });
}

/** Where imports are followed from, and the entry file when one part of the project is meant. */
function chooseRoots(
  files: ProjectFiles,
  from: { config: ProjectConfig; own: string[]; options: ProjectOptions },
): { entry: string | undefined; roots: string[] } {
  const { config, own, options } = from;
  const { contract } = options;
  if (options.entry !== undefined) {
    // An entry that is not there is refused by whoever prepares the compile, with what there is.
    return { entry: options.entry, roots: files.read(options.entry) ? [options.entry] : own };
  }
  if (contract === undefined) return { entry: undefined, roots: own };
  const { file, name } = splitContract(contract);
  if (file !== undefined) {
    return files.read(file) ? { entry: file, roots: [file] } : { entry: undefined, roots: own };
  }
  const { sources } = collectSources(files, { config, roots: own });
  const declaring = own.filter((path) =>
    sources.get(path)?.facts.declarations.some((one) => one.name === name),
  );
  const [only] = declaring;
  return declaring.length === 1 && only ? { entry: only, roots: [only] } : { entry: undefined, roots: own };
}

function toSources({ sources }: Collected): Pick<CompileRequest, 'sources' | 'dependencies'> {
  const names = [...sources.keys()].sort();
  const foreign = names.filter((name) => sources.get(name)?.foreign);
  return {
    sources: Object.fromEntries(names.map((name) => [name, sources.get(name)?.text ?? ''])),
    ...(foreign.length === 0 ? {} : { dependencies: foreign }),
  };
}

function remappingsOf(collected: Collected, settings: CompileSettings): Pick<CompileSettings, 'remappings'> {
  const all = [...(settings.remappings ?? []), ...collected.remappings];
  return all.length === 0 ? {} : { remappings: all };
}

/** Foundry passes on no hard fork that the compiler does not know, and one of its own where it is told none. */
function evmVersionOf(config: ProjectConfig, { version, settings }: CompilerChoice): { evmVersion?: string } {
  if (config.layout !== 'foundry' || version === undefined || valid(version) !== version) return {};
  const evmVersion = foundryEvmVersion(version, settings.evmVersion);
  return evmVersion === undefined ? {} : { evmVersion };
}

/** The caller's settings in place of the project's; of the optimizer each part by itself. */
function over(settings: CompileSettings, given: CompileSettings = {}): CompileSettings {
  const optimizer = { ...settings.optimizer, ...given.optimizer };
  return { ...settings, ...given, ...(Object.keys(optimizer).length === 0 ? {} : { optimizer }) };
}

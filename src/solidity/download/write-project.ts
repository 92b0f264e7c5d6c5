import { bytecodeHash } from '../bytecode-hash.ts';
import { fail } from '../errors.ts';
import { arrange } from './arrange.ts';
import { foundryFiles } from './foundry.ts';
import { hardhatFiles } from './hardhat.ts';
import { readMe } from './read-me.ts';
import type { DownloadedBuild, DownloadLayout, Files } from './types.ts';

/**
 * Makes a project of a build that other tools compile as it is, to the same bytecode.
 *
 * @param options.documents further files, such as the documentation of a generated contract
 * @throws AppError `download-name-taken`
 */
export function writeProject(
  build: DownloadedBuild,
  options: { layout: DownloadLayout; documents?: Files },
): Files {
  const { layout, documents = {} } = options;
  const arrangement = arrange(build, layout);
  const own = {
    'slipway-build.json': `${JSON.stringify(record(build, layout), null, 2)}\n`,
    ...(layout === 'hardhat' ? hardhatFiles(build, arrangement) : foundryFiles(build, arrangement)),
  };
  refuseTaken(arrangement.sources, [
    ...Object.keys(own),
    ...(layout === 'foundry' ? ['remappings.txt'] : []),
  ]);
  return {
    'README.md': readMe(build, layout, arrangement),
    ...documents,
    // Before those: what was compiled is what the project is about.
    ...arrangement.sources,
    ...own,
  };

  /** A source cannot stand elsewhere than where its name says, and one that configured the project would change it. */
  function refuseTaken(sources: Files, names: readonly string[]): void {
    for (const file of names) {
      // On some systems names that differ in case are one.
      const source = Object.keys(sources).find((name) => name.toLowerCase() === file.toLowerCase());
      if (source !== undefined) throw fail('download-name-taken', { source, file, layout });
    }
  }
}

/** What the build was, for programs. */
function record(build: DownloadedBuild, layout: DownloadLayout) {
  const {
    buildId,
    inputHash,
    compiler,
    compilerLong,
    entry,
    contract,
    ownFiles,
    libraries,
    input,
    artifacts,
  } = build;
  return {
    ...{ buildId, layout, inputHash, compiler, compilerLong, entry, contract, ownFiles },
    libraries: libraries.map(({ name, version }) => ({ name, version })),
    settings: input.settings,
    contracts: artifacts.map((artifact) => ({
      contract: `${artifact.file}:${artifact.contract}`,
      creationBytes: artifact.creationBytes,
      creationSha256: bytecodeHash(artifact.creationBytecode),
      runtimeBytes: artifact.runtimeBytes,
      runtimeSha256: bytecodeHash(artifact.runtimeBytecode),
    })),
  };
}

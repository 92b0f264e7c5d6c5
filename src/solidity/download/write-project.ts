import { bytecodeHash } from '../bytecode-hash.ts';
import { arrange } from './arrange.ts';
import { foundryFiles } from './foundry.ts';
import { hardhatFiles } from './hardhat.ts';
import { readMe } from './read-me.ts';
import type { DownloadedBuild, DownloadLayout, Files } from './types.ts';

/**
 * Makes a project of a build that other tools compile as it is, to the same bytecode.
 *
 * @param options.documents further files, such as the documentation of a generated contract
 */
export function writeProject(
  build: DownloadedBuild,
  options: { layout: DownloadLayout; documents?: Files },
): Files {
  const { layout, documents = {} } = options;
  const arrangement = arrange(build, layout);
  return {
    'README.md': readMe(build, layout, arrangement),
    'slipway-build.json': `${JSON.stringify(record(build, layout), null, 2)}\n`,
    ...(layout === 'hardhat' ? hardhatFiles(build, arrangement) : foundryFiles(build, arrangement)),
    ...documents,
    // Last: what was compiled is what the project is about, whatever its files are called.
    ...arrangement.sources,
  };
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

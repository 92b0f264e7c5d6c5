import { stringify } from 'smol-toml';
import type { StandardInput } from '../types.ts';
import type { Arrangement, DownloadedBuild, Files } from './types.ts';

/** The files that make a Foundry project of a build's sources: it finds a library beside `foundry.toml` by its own name. */
export function foundryFiles(build: DownloadedBuild, { sourceFolder, settings }: Arrangement): Files {
  const profile = {
    src: sourceFolder,
    out: 'out',
    libs: [],
    auto_detect_remappings: false,
    solc: build.compiler,
    ...compilerSettings(settings),
  };
  return {
    'foundry.toml': `${stringify({ profile: { default: profile } })}\n`,
    '.gitignore': 'out/\ncache/\n',
  };
}

/**
 * Settings of standard JSON by the names that Foundry has for them. Only what was asked for: old compilers do not know all
 * of these, and where Foundry's defaults are other than the compiler's it is said here.
 */
function compilerSettings(settings: StandardInput['settings']): Record<string, unknown> {
  const { optimizer, viaIR, evmVersion, remappings, libraries = {} } = settings;
  const linked = Object.entries(libraries).flatMap(([file, addresses]) =>
    Object.entries(addresses).map(([name, address]) => `${file}:${name}:${address}`),
  );
  return {
    ...(evmVersion === undefined ? {} : { evm_version: evmVersion }),
    optimizer: optimizer.enabled,
    optimizer_runs: optimizer.runs,
    ...(viaIR === undefined ? {} : { via_ir: viaIR }),
    remappings: remappings ?? [],
    ...(linked.length > 0 ? { libraries: linked } : {}),
    ...metadataSettings(settings.metadata ?? {}),
  };
}

function metadataSettings(metadata: Record<string, unknown>): Record<string, unknown> {
  const { bytecodeHash, appendCBOR, useLiteralContent } = metadata;
  return {
    ...(bytecodeHash === undefined ? {} : { bytecode_hash: bytecodeHash }),
    ...(appendCBOR === undefined ? {} : { cbor_metadata: appendCBOR }),
    ...(useLiteralContent === undefined ? {} : { use_literal_content: useLiteralContent }),
  };
}

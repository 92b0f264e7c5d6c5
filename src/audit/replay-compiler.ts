import { join } from 'node:path';
import { lt } from 'semver';
import type { OutputContract, StandardOutput } from '../solidity/standard-output.ts';
import type { Folders } from './tools/types.ts';

/**
 * Analysers start `solc` themselves. In the sandbox they find a script of that name, which says again what our compiler
 * said of these sources: the same version with the same settings, and no second compiler to install or to trust.
 *
 * @param version e.g. `0.8.24`
 * @param also further absolute paths at which the analyser looks for this version
 * @returns absolute path → text, for the sandbox
 */
export function replayCompiler(
  { version, output }: { version: string; output: StandardOutput },
  { bin }: Folders,
  also: readonly string[] = [],
): Record<string, string> {
  const [standard, combined] = [join(bin, 'standard.json'), join(bin, 'combined.json')];
  const script = `#!/bin/sh
case " $* " in
  *' --version '* | *' -v '*) echo 'solc, the solidity compiler commandline interface'; echo 'Version: ${version}+commit.00000000.Linux.g++' ;;
  *' --combined-json '*) cat '${combined}' ;;
  *' --standard-json '*) cat > /dev/null; cat '${standard}' ;;
  *) echo 'this compiler only repeats what was compiled' >&2; exit 1 ;;
esac
`;
  return {
    [standard]: JSON.stringify(output),
    [combined]: JSON.stringify(combinedJson(version, output)),
    ...Object.fromEntries([join(bin, 'solc'), ...also].map((path) => [path, script])),
  };
}

/** Standard JSON output as `solc --combined-json` gives it; before 0.8 it wrapped JSON into strings. */
export function combinedJson(version: string, { contracts = {}, sources = {} }: StandardOutput): unknown {
  const wrap = (value: unknown) => (lt(version, '0.8.0') ? JSON.stringify(value) : value);
  const entries = Object.entries(contracts).flatMap(([file, found]) =>
    Object.entries(found).map(([name, contract]) => [`${file}:${name}`, combined(contract, wrap)]),
  );
  return {
    version: `${version}+commit.00000000.Linux.g++`,
    contracts: Object.fromEntries(entries),
    sources: Object.fromEntries(Object.entries(sources).map(([file, { ast }]) => [file, { AST: ast }])),
    sourceList: Object.entries(sources)
      .sort(([, a], [, b]) => a.id - b.id)
      .map(([file]) => file),
  };
}

function combined(
  { abi = [], userdoc = {}, devdoc = {}, evm = {} }: OutputContract,
  wrap: (value: unknown) => unknown,
): unknown {
  const { bytecode, deployedBytecode, methodIdentifiers = {} } = evm;
  return {
    abi: wrap(abi),
    bin: bytecode?.object ?? '',
    'bin-runtime': deployedBytecode?.object ?? '',
    srcmap: bytecode?.sourceMap ?? '',
    'srcmap-runtime': deployedBytecode?.sourceMap ?? '',
    hashes: methodIdentifiers,
    userdoc: wrap(userdoc),
    devdoc: wrap(devdoc),
  };
}

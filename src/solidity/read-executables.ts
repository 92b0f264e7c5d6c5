import type { StandardOutput } from './standard-output.ts';
import type { Executable, PreparedCompile } from './types.ts';

/** @returns the same compile without the optimizer, so that each instruction belongs to one place of the source */
export function unoptimised(prepared: PreparedCompile): PreparedCompile {
  const { input } = prepared;
  const settings = { ...input.settings, optimizer: { enabled: false, runs: 200 } };
  return { ...prepared, input: { ...input, settings } };
}

/** Reads the contracts of the caller's own files. */
export function readExecutables({ contracts = {} }: StandardOutput, prepared: PreparedCompile): Executable[] {
  return prepared.ownFiles.flatMap((file) =>
    Object.entries(contracts[file] ?? {}).map(([contract, { abi = [], evm }]) => ({
      ...{ file, contract, abi },
      creationBytecode: `0x${evm?.bytecode?.object ?? ''}` as const,
      runtimeBytecode: `0x${evm?.deployedBytecode?.object ?? ''}` as const,
      runtimeSourceMap: evm?.deployedBytecode?.sourceMap ?? '',
      creationLinkReferences: evm?.bytecode?.linkReferences ?? {},
    })),
  );
}

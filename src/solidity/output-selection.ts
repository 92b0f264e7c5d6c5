import { abstractIsMarked, type ContractName } from './choose-contract.ts';
import type { PreparedCompile } from './types.ts';

/** file → contract → outputs, as in standard JSON. */
export type OutputSelection = Record<string, Record<string, string[]>>;

const buildOutputs = [
  'abi',
  'metadata',
  'userdoc',
  'devdoc',
  'storageLayout',
  'evm.bytecode.object',
  'evm.bytecode.linkReferences',
  'evm.deployedBytecode.object',
  'evm.deployedBytecode.immutableReferences',
  'evm.methodIdentifiers',
  'evm.gasEstimates',
];

/**
 * What a build needs and nothing more: code generation is most of a compile's time. The caller's own contracts only;
 * when one is named, that one only. (Before 0.6 all of them: which are abstract shows only in their bytecode.)
 */
export function buildSelection(prepared: PreparedCompile, named: ContractName | undefined): OutputSelection {
  if (named && abstractIsMarked(prepared.compiler))
    return { [named.file]: { [named.contract]: buildOutputs } };
  return Object.fromEntries(prepared.ownFiles.map((file) => [file, { '*': buildOutputs }]));
}

/**
 * The same for some contracts only, by name: one of several runs of a build.
 * @param options.census whether to ask for the ABI of everything too, which shows contracts that nobody named
 */
export function shardSelection(
  prepared: PreparedCompile,
  contracts: readonly ContractName[],
  { census }: { census: boolean },
): OutputSelection {
  const selection: OutputSelection = {};
  if (census) for (const file of prepared.ownFiles) selection[file] = { '*': ['abi'] };
  for (const { file, contract } of contracts) {
    selection[file] = { ...selection[file], [contract]: buildOutputs };
  }
  return selection;
}

/** The typed trees of every file, no code. */
export const astSelection: OutputSelection = { '*': { '': ['ast'] } };

/** Errors and warnings of every file, no code. */
export const checkSelection: OutputSelection = { '*': { '*': ['abi'] } };

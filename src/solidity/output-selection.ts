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
 * The same for some contracts only, by name: one of several runs of a build. (A `*` beside the names would make the
 * compiler generate the code of everything, whatever is asked of it.)
 */
export function shardSelection(contracts: readonly ContractName[]): OutputSelection {
  const selection: OutputSelection = {};
  for (const { file, contract } of contracts) {
    selection[file] = { ...selection[file], [contract]: buildOutputs };
  }
  return selection;
}

/** The ABI of everything in the caller's own files, which shows contracts that nobody named; no code. */
export function censusSelection({ ownFiles }: PreparedCompile): OutputSelection {
  return Object.fromEntries(ownFiles.map((file) => [file, { '*': ['abi'] }]));
}

/** The typed trees of every file, no code. */
export const astSelection: OutputSelection = { '*': { '': ['ast'] } };

const executableOutputs = [
  'abi',
  'evm.bytecode.object',
  'evm.bytecode.linkReferences',
  'evm.deployedBytecode.object',
  'evm.deployedBytecode.sourceMap',
];

/** The typed trees of every file, and code of the caller's own contracts with its way back to the sources. */
export function executableSelection({ ownFiles }: PreparedCompile): OutputSelection {
  const selection: OutputSelection = { ...astSelection };
  for (const file of ownFiles) selection[file] = { '': ['ast'], '*': executableOutputs };
  return selection;
}

/** Errors and warnings of every file, no code. */
export const checkSelection: OutputSelection = { '*': { '*': ['abi'] } };

/** What analysers that read the compiler's output themselves need: trees and interfaces, or the code as well. */
export function analyserSelection(prepared: PreparedCompile, want: 'trees' | 'code'): OutputSelection {
  const trees = { '': ['ast'] };
  const described = ['abi', 'userdoc', 'devdoc', 'evm.methodIdentifiers'];
  if (want === 'trees') return { '*': { ...trees, '*': described } };
  const code = ['evm.bytecode', 'evm.deployedBytecode'].flatMap((part) => [
    `${part}.object`,
    `${part}.sourceMap`,
  ]);
  const own = prepared.ownFiles.map((file) => [file, { ...trees, '*': [...described, ...code] }]);
  return { '*': trees, ...Object.fromEntries(own) };
}

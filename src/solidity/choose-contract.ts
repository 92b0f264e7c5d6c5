import { gte } from 'semver';
import { splitContract } from './entry.ts';
import { fail } from './errors.ts';
import { suggestion } from './nearest.ts';
import { type Declaration, factsOf } from './source-facts.ts';
import type { PreparedCompile } from './types.ts';

/** A contract, interface or library that a file of the caller's declares. */
export interface Declared extends Declaration {
  file: string;
}

export interface ContractName {
  file: string;
  contract: string;
}

/** Everything the caller's own files declare, in order of file and place. */
export function declaredContracts(prepared: PreparedCompile): Declared[] {
  return prepared.ownFiles.flatMap((file) => {
    const source = prepared.input.sources[file];
    return source ? factsOf(source).declarations.map((one) => ({ ...one, file })) : [];
  });
}

/** Before 0.6 a contract is abstract without saying so: only its empty bytecode tells. */
export function abstractIsMarked(compiler: string): boolean {
  return gte(compiler, '0.6.0');
}

/** `file:Name`, as a person writes it. */
export function qualified(one: { file: string; name: string }): string {
  return `${one.file}:${one.name}`;
}

/**
 * Finds the contract that was asked for by name: of several, the one of the entry file.
 *
 * @returns undefined when none was asked for
 * @throws AppError `contract-not-found` with what there is, `contract-ambiguous`
 */
export function namedContract(
  prepared: PreparedCompile,
  declared: readonly Declared[],
): ContractName | undefined {
  if (prepared.contract === undefined) return undefined;
  const { file, name } = splitContract(prepared.contract);
  const matches = declared.filter((one) => one.name === name && (file === undefined || one.file === file));
  const match = matches.find((one) => one.file === prepared.entry) ?? matches[0];
  if (!match) throw contractNotFound(prepared.contract, declared);
  if (matches.length > 1 && match.file !== prepared.entry) {
    throw fail('contract-ambiguous', { contract: name, candidates: matches.map(qualified).join(', ') });
  }
  return { file: match.file, contract: match.name };
}

function contractNotFound(contract: string, declared: readonly Declared[]) {
  const concrete = declared.filter((one) => one.kind === 'contract');
  const candidates = concrete.map(qualified);
  const known = contract.includes(':') ? candidates : concrete.map((one) => one.name);
  return fail(
    'contract-not-found',
    {
      contract,
      suggestion: suggestion(contract, known),
      candidates: candidates.slice(0, 30).join(', ') || 'none',
    },
    { place: { pointer: '/contract' }, data: { candidates: candidates.slice(0, 100) } },
  );
}

import { bytecodeHash } from '../solidity/bytecode-hash.ts';
import type { Artifact } from '../solidity/types.ts';

/** A contract's bytecode, from wherever. */
export type Code = Pick<Artifact, 'file' | 'contract' | 'creationBytecode' | 'runtimeBytecode'>;

/** One contract as it is stored and as it came out now; a hash is null on the side that has no such contract. */
export interface ComparedContract {
  contract: string;
  equal: boolean;
  creation: { stored: string | null; compiled: string | null };
  runtime: { stored: string | null; compiled: string | null };
}

/**
 * Compares the contracts of a build with those of another compile of its input. Interfaces and abstract contracts have no
 * code and prove nothing: they are left out, unless one side has code for them.
 */
export function compareContracts(stored: readonly Code[], compiled: readonly Code[]): ComparedContract[] {
  const names = new Set([...stored, ...compiled].filter(hasCode).map(nameOf));
  return [...names].sort().map((contract) => {
    const [then, now] = [stored, compiled].map((side) => side.find((one) => nameOf(one) === contract));
    const creation = { stored: hashOf(then?.creationBytecode), compiled: hashOf(now?.creationBytecode) };
    const runtime = { stored: hashOf(then?.runtimeBytecode), compiled: hashOf(now?.runtimeBytecode) };
    const equal = creation.stored === creation.compiled && runtime.stored === runtime.compiled;
    return { contract, equal, creation, runtime };
  });
}

/**
 * Whether two long versions are of the same release, built from the same commit; what follows names the platform.
 * @param first such as `0.8.37+commit.1a2b3c4d.Emscripten.clang`
 */
export function sameCompiler(first: string, second: string): boolean {
  const release = (long: string) => /^\d+\.\d+\.\d+\+commit\.[0-9a-f]+/.exec(long)?.[0] ?? long;
  return release(first) === release(second);
}

function hasCode({ creationBytecode, runtimeBytecode }: Code): boolean {
  return creationBytecode !== '0x' || runtimeBytecode !== '0x';
}

function nameOf({ file, contract }: Code): string {
  return `${file}:${contract}`;
}

function hashOf(bytecode: string | undefined): string | null {
  return bytecode === undefined ? null : bytecodeHash(bytecode);
}

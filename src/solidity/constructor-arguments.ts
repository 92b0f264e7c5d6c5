import { limits } from '../lib/limits.ts';
import { describe, type EncodedArguments, encodeArguments, exampleOf } from './abi-arguments.ts';
import { fail } from './errors.ts';
import type { AbiItem, AbiParameter } from './types.ts';

/**
 * Checks JSON constructor arguments against the ABI and encodes them, to be put behind the creation bytecode.
 *
 * @param args an array in order, or an object by parameter name; nothing when there are none
 * @throws AppError `constructor-arguments-invalid` with an issue for each argument that does not fit
 */
export function encodeConstructorArguments(abi: readonly AbiItem[], args: unknown): EncodedArguments {
  const parameters = abi.find((item) => item.type === 'constructor')?.inputs ?? [];
  const pointer = '/constructorArgs';
  const encoded = encodeArguments(parameters, args, pointer);
  if (!('issues' in encoded)) return encoded;
  const { issues } = encoded;
  throw fail(
    'constructor-arguments-invalid',
    { signature: signatureOf(parameters), problems: issues.length, advice: adviceFor(parameters) },
    { issues: issues.slice(0, limits.constructorArgumentsMax), place: { pointer } },
  );
}

function signatureOf(parameters: readonly AbiParameter[]): string {
  return `constructor(${parameters.map(describe).join(', ')})`;
}

function adviceFor(parameters: readonly AbiParameter[]): string {
  if (parameters.length === 0) return 'Leave constructorArgs out: this constructor takes nothing.';
  return `Write them as [${parameters.map(exampleOf).join(', ')}].`;
}

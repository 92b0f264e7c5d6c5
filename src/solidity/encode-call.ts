import { concat, toFunctionSelector } from 'viem';
import { limits } from '../lib/limits.ts';
import { describe, encodeArguments, exampleOf } from './abi-arguments.ts';
import { fail } from './errors.ts';
import { suggestion } from './nearest.ts';
import type { AbiItem, AbiParameter, Hex } from './types.ts';

/** A call that is ready to be made. */
export interface EncodedCall {
  /** Selector and arguments. */
  data: Hex;
  item: AbiItem;
  /** `balanceOf(address)`. */
  signature: string;
}

/**
 * Finds a function of an ABI and encodes a call of it (Contract ABI Specification).
 *
 * @param call.function its name, or its signature (`transfer(address,uint256)`) where several have the name
 * @param call.args an array in order, or an object by parameter name
 * @throws AppError `function-unknown`, `function-ambiguous`, `function-arguments-invalid`
 */
export function encodeCall(abi: readonly AbiItem[], call: { function: string; args?: unknown }): EncodedCall {
  const item = findFunction(abi, call.function);
  const parameters = item.inputs ?? [];
  const encoded = encodeArguments(parameters, call.args, '/args');
  const signature = signatureOf(item);
  if (!('issues' in encoded)) {
    const selector = toFunctionSelector(signature);
    return { data: concat([selector, encoded.encoded]), item, signature };
  }
  const { issues } = encoded;
  const shown = `${item.name}(${parameters.map(describe).join(', ')})`;
  const advice =
    parameters.length === 0
      ? `Leave args out: ${item.name} takes nothing.`
      : `Write them as [${parameters.map(exampleOf).join(', ')}].`;
  throw fail(
    'function-arguments-invalid',
    { signature: shown, problems: issues.length, advice },
    { issues: issues.slice(0, limits.constructorArgumentsMax), place: { pointer: '/args' } },
  );
}

function findFunction(abi: readonly AbiItem[], wanted: string): AbiItem {
  const functions = abi.filter(({ type }) => type === 'function');
  const plain = wanted.replaceAll(/\s/g, '');
  const found = functions.filter((item) => item.name === plain || signatureOf(item) === plain);
  const [only, ...others] = found;
  const place = { pointer: '/function' };
  const signatures = (items: readonly AbiItem[]) => items.map(signatureOf).join(', ');
  if (only && others.length === 0) return only;
  if (only) throw fail('function-ambiguous', { name: plain, signatures: signatures(found) }, { place });
  const names = functions.map(({ name = '' }) => name);
  const meant = suggestion(plain.replace(/\(.*$/, ''), names);
  const all = signatures(functions) || 'none';
  throw fail('function-unknown', { name: plain, suggestion: meant, functions: all }, { place });
}

/** @returns the canonical signature, tuples spelled out */
export function signatureOf({ name = '', inputs = [] }: AbiItem): string {
  return `${name}(${inputs.map(typeOf).join(',')})`;
}

function typeOf({ type, components = [] }: AbiParameter): string {
  if (!type.startsWith('tuple')) return type;
  return `(${components.map(typeOf).join(',')})${type.slice('tuple'.length)}`;
}

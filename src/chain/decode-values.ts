import { decodeAbiParameters } from 'viem';
import type { AbiParameter, Hex } from './types.ts';

/**
 * Decodes what a function returned (Contract ABI Specification) into plain JSON: integers as decimal strings, bytes as
 * hex, tuples as objects where all members have names, else as arrays.
 *
 * @returns the values under their names, or their positions where they have none; null when the bytes do not fit
 */
export function decodeOutputs(outputs: readonly AbiParameter[], data: Hex): Record<string, unknown> | null {
  try {
    const values = decodeAbiParameters(outputs, data) as readonly unknown[];
    const names = outputs.map(({ name }, index) => name || String(index));
    return Object.fromEntries(values.map((value, index) => [names[index], toPlain(value)]));
  } catch {
    return null;
  }
}

/** @returns a decoded value as JSON has it */
export function toPlain(value: unknown): unknown {
  // viem gives integers of up to 48 bits as numbers, and larger ones as bigint: one form for both.
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toPlain(part)]));
  }
  return value;
}

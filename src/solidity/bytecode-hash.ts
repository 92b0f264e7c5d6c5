import { sha256Hex } from '../lib/hash.ts';

/**
 * Names bytecode so that two of them can be compared at sight: SHA-256 of its hex text as artifacts of all tools hold it,
 * `0x` included. Of the text and not of the bytes, because code that is not linked has places that are no hex.
 */
export function bytecodeHash(bytecode: string): string {
  return sha256Hex(bytecode);
}

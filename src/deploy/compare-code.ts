import type { Hex } from '../chain/types.ts';
import type { RuntimeExpectation } from './types.ts';

/**
 * Whether the code on chain is the build's. Bytes that a deployment legitimately fills in are masked: immutables, the
 * addresses of linked libraries, a library's own address after its first PUSH20 (call protection), and the metadata
 * that the compiler appends (CBOR, its length in the last two bytes).
 */
export function codeMatchesBuild(code: Hex, runtime: RuntimeExpectation): boolean {
  const deployed = toBytes(code);
  const built = toBytes(withZeroLinks(runtime.bytecode));
  if (deployed.length === 0 || deployed.length !== built.length) return false;
  const masks = [...immutableRanges(runtime), ...linkRanges(runtime), ...selfAddress(built)];
  for (const { start, length } of masks) {
    deployed.fill(0, start, start + length);
    built.fill(0, start, start + length);
  }
  const end = metadataStart(built);
  // Metadata of another length would have moved the end: then the code is another one.
  return metadataStart(deployed) === end && deployed.subarray(0, end).equals(built.subarray(0, end));
}

interface Range {
  start: number;
  length: number;
}

function immutableRanges({ immutableReferences }: RuntimeExpectation): Range[] {
  return Object.values(immutableReferences).flat();
}

function linkRanges({ linkReferences = {} }: RuntimeExpectation): Range[] {
  return Object.values(linkReferences).flatMap((libraries) => Object.values(libraries).flat());
}

/** A library's runtime code begins with PUSH20 of zero, which deployment replaces by the address (Solidity documentation, "Call Protection For Libraries"). */
function selfAddress(built: Buffer): Range[] {
  const protectedLibrary = built[0] === 0x73 && built.subarray(1, 21).every((byte) => byte === 0);
  return protectedLibrary ? [{ start: 1, length: 20 }] : [];
}

function metadataStart(code: Buffer): number {
  if (code.length < 4) return code.length;
  const start = code.length - 2 - code.readUInt16BE(code.length - 2);
  // A CBOR map of one to four entries; anything else is code without metadata.
  const first = start >= 0 ? (code[start] ?? 0) : 0;
  return first >= 0xa1 && first <= 0xa4 ? start : code.length;
}

/** Placeholders of unlinked libraries (`__$…$__`, before 0.5 `__Name___`) are 40 characters: the length of an address. */
function withZeroLinks(bytecode: string): string {
  return bytecode.replace(/__.{38}/g, '0'.repeat(40));
}

function toBytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

import type { Hex } from './types.ts';

/** Order of the group of secp256k1 (SEC 2, section 2.4.1). */
export const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Reads an ECDSA signature: a SEQUENCE of two INTEGERs in DER (RFC 3279, section 2.2.3; X.690). Strict: nothing before,
 * between or behind, no negative number, none with needless zeros.
 *
 * @returns null for anything else, and for numbers that are no signature on secp256k1
 */
export function readEcdsaSignature(der: Uint8Array): { r: bigint; s: bigint } | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null;
  const first = readInteger(der, 2);
  const second = first && readInteger(der, first.end);
  if (!first || !second || second.end !== der.length) return null;
  const [r, s] = [first.value, second.value];
  const fits = (value: bigint) => value > 0n && value < secp256k1Order;
  return fits(r) && fits(s) ? { r, s } : null;
}

function readInteger(der: Uint8Array, at: number): { value: bigint; end: number } | null {
  const length = der[at + 1] ?? 0;
  const bytes = der.subarray(at + 2, at + 2 + length);
  const [top = 0x80, next = 0x80] = bytes;
  if (der[at] !== 0x02 || length === 0 || bytes.length !== length || top >= 0x80) return null;
  if (length > 1 && top === 0 && next < 0x80) return null;
  return { value: BigInt(`0x${Buffer.from(bytes).toString('hex')}`), end: at + 2 + length };
}

/** @returns r and s with s in the lower half, as EIP-2 wants it; the other s signs the same */
export function toLowS({ r, s }: { r: bigint; s: bigint }): { r: Hex; s: Hex } {
  const low = s > secp256k1Order / 2n ? secp256k1Order - s : s;
  return { r: word(r), s: word(low) };
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

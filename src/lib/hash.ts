import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { invariant } from './invariant.ts';

/** @returns SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** @returns the JSON Canonicalization Scheme form (RFC 8785): one text for equal values. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  invariant(text !== undefined, 'a value that JSON cannot hold was canonicalised');
  return text;
}

/** @returns the SHA-256 of the canonical JSON of `value`, 64 hex digits. */
export function hashJson(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

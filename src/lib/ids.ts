import { v7 } from 'uuid';

/** @returns a new UUIDv7 (RFC 9562): sorts by the time of its creation. */
export function newId(): string {
  return v7();
}

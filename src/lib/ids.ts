import { v7 } from 'uuid';

const bytesEach = 16;
/** Random bytes for the next ids: to ask the system for those of each would take longer than all the rest. */
const pool = new Uint8Array(bytesEach * 128);
let taken = pool.length;
let lastMs = 0;
let sequence = 0;

/** @returns a new UUIDv7 (RFC 9562): sorts by the time of its creation, in one process also within a millisecond. */
export function newId(): string {
  if (taken === pool.length) {
    crypto.getRandomValues(pool);
    taken = 0;
  }
  const random = pool.subarray(taken, taken + bytesEach);
  taken += bytesEach;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // 31 bits of 32, so that a millisecond does not run out of numbers (RFC 9562, 6.2, method 1).
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1;
  } else {
    sequence += 1;
  }
  return v7({ msecs: lastMs, seq: sequence, random });
}

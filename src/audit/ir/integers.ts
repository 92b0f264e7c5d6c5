/** Bounds of an integer value, both included. */
export interface Range {
  min: bigint;
  max: bigint;
}

/** @returns the bounds of the integers of a type; undefined for other types. */
export function rangeOfType(type: string): Range | undefined {
  const [, sign, width] = /^(u?int)(\d*)$/.exec(type) ?? [];
  if (sign === undefined) return undefined;
  const bits = BigInt(width || 256);
  return sign === 'uint'
    ? { min: 0n, max: 2n ** bits - 1n }
    : { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n };
}

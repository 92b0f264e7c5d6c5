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

// An exponent or shift above this gives no number that a contract works with.
const exponentMax = 512n;

/** @returns the result of an operation on whole numbers; undefined for other operators, and where there is none */
export function operate(operator: string, left: bigint, right: bigint): bigint | undefined {
  const isPower = right >= 0n && right <= exponentMax;
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '**':
      return isPower ? left ** right : undefined;
    case '<<':
      return isPower ? left << right : undefined;
    default:
      return undefined;
  }
}

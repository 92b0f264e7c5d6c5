/** A count of whole tokens: a decimal text (`"2.5"`) or a safe integer. */
export type Amount = string | number;

/** How an amount is written: digits, at most one point, no sign, no exponent. */
export const amountPattern = /^\d{1,78}(\.\d{1,78})?$/;

/** @returns digits without leading or trailing zeros, and how many of them stand after the point. */
function split(amount: Amount): { digits: bigint; fraction: number } {
  const [whole = '0', part = ''] = String(amount).split('.');
  const fraction = part.replace(/0+$/, '');
  return { digits: BigInt(whole + fraction), fraction: fraction.length };
}

/** @returns the smallest units of an amount, or undefined when `decimals` digits cannot hold its fraction. */
export function toUnits(amount: Amount, decimals: number): bigint | undefined {
  const { digits, fraction } = split(amount);
  return fraction > decimals ? undefined : digits * 10n ** BigInt(decimals - fraction);
}

/**
 * A Solidity constant expression of an amount in its smallest units, exact and readable:
 * `10_000_000 * 10 ** 18`, `25 * 10 ** 17` for 2.5.
 */
export function unitsExpression(amount: Amount, decimals: number): string {
  const { digits, fraction } = split(amount);
  const exponent = decimals - fraction;
  return exponent === 0 || digits === 0n ? groupDigits(digits) : `${groupDigits(digits)} * 10 ** ${exponent}`;
}

/** @returns `10_000_000` for 10000000n: Solidity allows underscores between digits. */
export function groupDigits(value: bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}

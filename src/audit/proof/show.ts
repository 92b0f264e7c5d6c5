import type { Address } from '../../evm/types.ts';
import type { AbiParameter } from '../../solidity/types.ts';

/** @returns a name that is not taken: `Bank`, `Bank 2` … */
export function nameOf(names: ReadonlyMap<Address, string>, wanted: string): string {
  const taken = new Set(names.values());
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!taken.has(name)) return name;
  }
}

/** @returns `name = value` for each argument, addresses by their names */
export function showArguments(
  inputs: readonly AbiParameter[],
  values: readonly unknown[],
  names: ReadonlyMap<Address, string>,
): string[] {
  return inputs.map(({ name }, index) => {
    const value = showValue(values[index], names);
    return name ? `${name} = ${value}` : value;
  });
}

/** @returns a value for people; long bytes are cut */
export function showValue(value: unknown, names: ReadonlyMap<Address, string>): string {
  if (Array.isArray(value)) return `[${value.map((each) => showValue(each, names)).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  const known = names.get(value.toLowerCase() as Address);
  if (known !== undefined) return known;
  return value.length <= 600 ? value : `${value.slice(0, 600)}… (${value.length / 2 - 1} bytes)`;
}

import type { EvmStep } from '../../evm/types.ts';
import type { AbiParameter, Hex } from '../../solidity/types.ts';
import type { Random } from './random.ts';

/** What of a transaction may be chosen. */
export interface Inputs {
  parameters: readonly AbiParameter[];
  args: unknown[];
  /** Wei; undefined where none may be sent. */
  value: bigint | undefined;
  /** Seconds that pass before. */
  wait: number;
}

/** Instructions before a revert among which its reason is looked for. */
const window = 120;
const day = 86_400n;
const waitMax = 5n * 366n * day;

/**
 * Reads out of a transaction that reverted what was compared last, and changes the input that one side of the comparison
 * came from to what the other side asks for.
 *
 * @param now seconds since 1970 of the block that it was in
 * @param sender who sent it, and through whom
 * @returns other inputs to try; `barred` where it was the sender that did not suit; undefined when nothing can be chosen
 */
export function repair(
  inputs: Inputs,
  trace: readonly EvmStep[],
  { now, random, sender }: { now: bigint; random: Random; sender: readonly bigint[] },
): Inputs | 'barred' | undefined {
  const comparisons = comparisonsBefore(trace);
  const [first] = comparisons;
  if (first?.sides.some((side) => sender.includes(side))) return 'barred';
  for (const { sides, isEquality } of comparisons) {
    const [left, right] = sides;
    const near = isEquality ? [0n] : [0n, 1n, -1n];
    const choices = [
      ...changed(inputs, { from: left, to: right, now, near }),
      ...changed(inputs, { from: right, to: left, now, near }),
    ];
    if (choices.length > 0) return random.pick(choices);
    const shifted = shiftedBy(inputs, left, right);
    if (shifted.length > 0 && random.chance(0.5)) return random.pick(shifted);
  }
  return undefined;
}

// The comparisons that led to the first revert, the last one first.
function comparisonsBefore(trace: readonly EvmStep[]): { sides: [bigint, bigint]; isEquality: boolean }[] {
  const end = trace.findIndex(({ op }) => op === 'REVERT' || op === 'INVALID' || op === 'ASSERTFAIL');
  const depth = trace[end]?.depth;
  if (end < 0 || depth === undefined) return [];
  const found: { sides: [bigint, bigint]; isEquality: boolean }[] = [];
  for (let at = end - 1, seen = 0; at >= 0 && seen < window && found.length < 6; at--) {
    const step = trace[at];
    if (!step || step.depth !== depth) continue;
    seen++;
    if (!/^(EQ|S?LT|S?GT|SUB|XOR)$/.test(step.op)) continue;
    const [left = 0n, right = 0n] = step.stack;
    const isEquality = /^(EQ|SUB|XOR)$/.test(step.op);
    if (left !== right || !isEquality) found.push({ sides: [left, right], isEquality });
  }
  return found;
}

// Inputs in which what was compared as `from` becomes `to`, or is next to it.
function changed(
  inputs: Inputs,
  { from, to, now, near }: { from: bigint; to: bigint; now: bigint; near: readonly bigint[] },
): Inputs[] {
  const choices: Inputs[] = [];
  if (from === now) {
    if (to >= now && to - now < waitMax)
      for (const more of [0n, 1n]) choices.push({ ...inputs, wait: inputs.wait + Number(to - now + more) });
    return choices;
  }
  const isTime = to >= now && to - now < waitMax;
  const later = isTime && near.length > 1 ? [to + day, to + 30n * day] : [];
  const targets = [...near.map((more) => to + more), ...later].filter((each) => each >= 0n);
  if (inputs.value !== undefined && inputs.value === from && from !== 0n)
    for (const value of targets) if (value <= 10_000n * 10n ** 18n) choices.push({ ...inputs, value });
  if (inputs.value === 0n && from === 0n && to > 0n && to <= 10_000n * 10n ** 18n)
    for (const more of near) choices.push({ ...inputs, value: to + (more < 0n ? 0n : more) });
  for (const target of targets) {
    const args = replaced(inputs, from, target);
    if (args) choices.push({ ...inputs, args });
  }
  return choices;
}

// A number that is part of the compared sum, or a factor of it.
function shiftedBy(inputs: Inputs, left: bigint, right: bigint): Inputs[] {
  const choices: Inputs[] = [];
  const scaled = (value: bigint) =>
    [[left, right] as const, [right, left] as const].flatMap(([a, b]) => (a > 0n ? [(value * b) / a] : []));
  if (inputs.value)
    for (const value of scaled(inputs.value))
      if (value > 0n && value < inputs.value) choices.push({ ...inputs, value });
  for (const [index, parameter] of inputs.parameters.entries()) {
    const value = inputs.args[index];
    if (typeof value !== 'bigint' || !parameter.type.startsWith('uint')) continue;
    for (const next of [value - (left - right), value + (left - right), ...scaled(value)])
      if (next >= 0n && next !== value && next < 2n ** bitsOf(parameter.type))
        choices.push({ ...inputs, args: inputs.args.with(index, next) });
  }
  return choices;
}

function bitsOf(type: string): bigint {
  return BigInt(/\d+$/.exec(type)?.[0] ?? 256);
}

function replaced({ parameters, args }: Inputs, from: bigint, to: bigint): unknown[] | undefined {
  let found = false;
  const within = (parameter: AbiParameter, value: unknown): unknown => {
    if (found) return value;
    if (Array.isArray(value)) {
      const inner = parameter.type.endsWith(']')
        ? { ...parameter, type: parameter.type.replace(/\[\d*\]$/, '') }
        : undefined;
      return value.map((each, at) => within(inner ?? parameter.components?.[at] ?? parameter, each));
    }
    const next = same(parameter.type, value, from) ? toValue(parameter.type, to) : undefined;
    if (next === undefined) return value;
    found = true;
    return next;
  };
  const next = parameters.map((parameter, at) => within(parameter, args[at]));
  return found ? next : undefined;
}

function same(type: string, value: unknown, word: bigint): boolean {
  if (typeof value === 'bigint')
    return value === word || (type.startsWith('int') && BigInt.asUintN(256, value) === word);
  if (typeof value === 'boolean') return BigInt(value) === word;
  return typeof value === 'string' && /^(address|bytes32)$/.test(type) && BigInt(value) === word;
}

function toValue(type: string, word: bigint): unknown {
  if (type === 'bool') return word <= 1n ? word === 1n : undefined;
  if (type === 'address') return word < 2n ** 160n ? hex(word, 20) : undefined;
  if (type === 'bytes32') return word < 2n ** 256n ? hex(word, 32) : undefined;
  if (type.startsWith('uint')) return word < 2n ** bitsOf(type) ? word : undefined;
  if (!type.startsWith('int')) return undefined;
  const signed = BigInt.asIntN(256, word);
  return signed === BigInt.asIntN(Number(bitsOf(type)), signed) ? signed : undefined;
}

function hex(word: bigint, bytes: number): Hex {
  return `0x${word.toString(16).padStart(bytes * 2, '0')}`;
}

import type { Address } from '../../evm/types.ts';
import type { AbiParameter, Hex } from '../../solidity/types.ts';
import type { Random } from './random.ts';

/** What values are chosen from. */
export interface Pools {
  random: Random;
  /** Those that fit a parameter of that name, by likelihood: more often named, more often chosen. */
  addresses(name: string): readonly Address[];
  /** Numbers that stand in the source or were seen on the chain. */
  numbers: readonly bigint[];
  /** Seconds since 1970. */
  now: bigint;
  /** 32-byte words that were seen on the chain: identifiers, mostly. */
  words: readonly Hex[];
  /** Calls that a `bytes` parameter may hold. */
  calldata: readonly Hex[];
  /** How often a number is one at the edge of its type, from 0 to 1. */
  extreme: number;
}

/** Chooses a value for a parameter, by its type and name, as the encoder takes it. */
export function valueFor(parameter: AbiParameter, pools: Pools): unknown {
  const { random } = pools;
  const { type, name = '', components = [] } = parameter;
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) {
    const length = array[2] ? Number(array[2]) : random.pick([1, 2, 1, 2, 3, 0]);
    const inner = { ...parameter, type: array[1] ?? '' };
    return Array.from({ length }, () => valueFor(inner, pools));
  }
  if (type === 'tuple') return components.map((each) => valueFor(each, pools));
  if (type === 'address') return random.pick(pools.addresses(name));
  if (type === 'bool') return random.chance(0.7);
  if (type === 'string') return random.pick(['a', 'b', '']);
  if (type === 'bytes') return random.pick(['0x', ...pools.calldata]);
  const fixed = /^bytes(\d+)$/.exec(type);
  if (fixed) return bytesFor(Number(fixed[1]), pools);
  const whole = /^(u?)int(\d*)$/.exec(type);
  if (whole)
    return wholeFor(name, { bits: Number(whole[2] || 256), signed: whole[1] === '' }, pools, parameter);
  return '0x'; // A function type: 24 bytes that nothing is known about.
}

function bytesFor(size: number, { random, words }: Pools): Hex {
  const one: Hex = `0x${'00'.repeat(31)}01`;
  const word = words.length > 0 && random.chance(0.7) ? random.pick(words) : random.pick([one, zero, ones]);
  return `0x${word.slice(2, 2 + size * 2)}`;
}

const zero: Hex = `0x${'00'.repeat(32)}`;
const ones: Hex = `0x${'ff'.repeat(32)}`;
const ether = 10n ** 18n;
const day = 86_400n;

function wholeFor(
  name: string,
  { bits, signed }: { bits: number; signed: boolean },
  { random, numbers, now, extreme }: Pools,
  { internalType = '' }: AbiParameter,
): bigint {
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const within = (value: bigint) => (value > max ? value & max : value);
  if (internalType.startsWith('enum ')) return random.pick([0n, 1n, 2n, 3n]);
  if (random.chance(extreme)) {
    const edges = [max, max - 1n, (max >> 1n) + 1n, max >> 1n, 0n, 1n];
    const near = numbers.flatMap((value) => [
      value + 1n,
      value - 1n,
      max - value + 1n,
      value > 1n ? max / value + 1n : 2n,
    ]);
    return within(absolute(random.pick(random.chance(0.5) || near.length === 0 ? edges : near)));
  }
  const fitting = namedNumbers(name, now);
  if (fitting && random.chance(0.6)) return within(random.pick(fitting));
  if (numbers.length > 0 && random.chance(0.6)) return within(absolute(random.pick(numbers)));
  return within(random.pick([0n, 1n, 2n, 10n, 100n, ether, ether / 10n, 10n * ether]));
}

function namedNumbers(name: string, now: bigint): bigint[] | undefined {
  if (/deadline|expir|until|unlock|end|close/i.test(name)) return [now + day, now + 30n * day, now + 1n];
  if (/time|start|open|begin/i.test(name)) return [now, now - day, now + 60n, now + day];
  if (/duration|period|delay|interval|lock/i.test(name)) return [1n, 3_600n, day, 30n * day, 0n];
  if (/bps|fee|percent|rate|share|ratio/i.test(name)) return [0n, 1n, 5n, 10n, 100n, 1_000n];
  if (/amount|value|price|wei|cost|cap|max|supply|limit|stake|reward|deposit|assets/i.test(name))
    return [ether, ether / 10n, 100n * ether, 1_000n, 10n * ether];
  if (/id$|^id|index|round|slot|number|nonce|kind|tier|level/i.test(name)) return [0n, 1n, 2n, 3n, 7n];
  if (/count|quantity|seats|units|length/i.test(name)) return [1n, 2n, 3n, 10n, 100n];
  return undefined;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to 1, 1 not included. */
  fraction(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** True so often out of one. */
  chance(probability: number): boolean;
  /** Lower-case hex. */
  hex(bytes: number): string;
}

/** @param seed any text: another one gives a stream that has nothing to do with this one */
export function createRandom(seed: string): Random {
  let drawn = 0;
  const block = () => createHash('sha256').update(`${seed}/${drawn++}`).digest();
  const fraction = () => block().readUIntBE(0, 6) / 2 ** 48;
  return {
    fraction,
    whole: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    pick<Item>(items: readonly Item[]): Item {
      const item = items[Math.floor(fraction() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    chance: (probability) => fraction() < probability,
    hex: (bytes) => block().subarray(0, bytes).toString('hex'),
  };
}

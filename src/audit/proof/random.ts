/** Choices that depend on the seed only. */
export interface Random {
  /** @returns from 0 to below 1 */
  next(): number;
  /** @returns true with a probability from 0 to 1 */
  chance(probability: number): boolean;
  /** @returns one of the items. @throws RangeError for none */
  pick<T>(items: readonly T[]): T;
  /** @returns the items in another order */
  shuffle<T>(items: readonly T[]): T[];
}

/** @param seed any text. The generator is mulberry32 over an FNV-1a hash of it, which is enough for a search. */
export function randomFrom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('there is nothing to pick from');
    return items[Math.floor(next() * items.length)] as T;
  };
  return {
    next,
    pick,
    chance: (probability) => next() < probability,
    shuffle(items) {
      const left = [...items];
      for (let at = left.length - 1; at > 0; at--) {
        const other = Math.floor(next() * (at + 1));
        [left[at], left[other]] = [left[other] as never, left[at] as never];
      }
      return left;
    },
  };
}

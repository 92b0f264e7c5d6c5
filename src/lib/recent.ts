/** Values that were used last, within a size. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  /** @param size in the unit of `sizeMax`; what is larger than that is not kept */
  set(key: string, value: Value, size: number): void;
}

/**
 * Keeps what was asked for last and lets the rest go: for results that cost more to make than to keep. Whoever gets a
 * value shares it with others and may not change it.
 *
 * @param sizeMax of all values together
 */
export function keepRecent<Value>(sizeMax: number): Recent<Value> {
  const known = new Map<string, { value: Value; size: number }>();
  let held = 0;
  return {
    get(key) {
      const found = known.get(key);
      if (!found) return undefined;
      // A map keeps the order of its insertions: the one asked for last is the last to go.
      known.delete(key);
      known.set(key, found);
      return found.value;
    },
    set(key, value, size) {
      held -= known.get(key)?.size ?? 0;
      known.delete(key);
      if (size > sizeMax) return;
      known.set(key, { value, size });
      held += size;
      for (const [oldest, entry] of known) {
        if (held <= sizeMax) break;
        known.delete(oldest);
        held -= entry.size;
      }
    },
  };
}

import type { Reader } from './db.ts';

/** A look-up by key, for whoever asks one at a time. */
export type LookUp<Row> = (key: string) => Promise<Row | null>;

/**
 * Makes one query of the look-ups that come while another is under way: with many callers a query costs more than what
 * it finds. Each answer comes from a query that began after it was asked for, so nobody gets what was true before.
 *
 * @param load finds the rows of several different keys
 */
export function gathered<Row>(load: (keys: string[]) => Promise<Map<string, Row>>): LookUp<Row> {
  let asked = new Map<string, PromiseWithResolvers<Row | null>>();
  let scheduled = false;

  async function answer(): Promise<void> {
    while (asked.size > 0) {
      const batch = asked;
      asked = new Map();
      try {
        const found = await load([...batch.keys()]);
        for (const [key, { resolve }] of batch) resolve(found.get(key) ?? null);
      } catch (error) {
        for (const { reject } of batch.values()) reject(error);
      }
    }
    scheduled = false;
  }

  return (key) => {
    const known = asked.get(key);
    if (known) return known.promise;
    const mine = Promise.withResolvers<Row | null>();
    asked.set(key, mine);
    if (!scheduled) {
      scheduled = true;
      setImmediate(() => void answer());
    }
    return mine.promise;
  };
}

/** Makes something once for each reader, and forgets it with the reader. */
export function perReader<Value>(make: (read: Reader) => Value): (read: Reader) => Value {
  const known = new WeakMap<Reader, Value>();
  return (read) => {
    const found = known.get(read) ?? make(read);
    known.set(read, found);
    return found;
  };
}

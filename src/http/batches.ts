import { sleep } from '../lib/retry.ts';
import { isConnectionFault } from '../store/db.ts';

/** Work that is cheaper together than one by one. */
export interface Batches<Item> {
  /** Asks for the item's turn; once more before that turn changes nothing. */
  ask(item: Item): void;
  /** Takes back what was asked, unless it has begun. */
  forget(item: Item): void;
}

/** A database that is away is asked again, and not sooner than this. */
const retryMs = 300;

/**
 * Does what was asked for in batches, one batch at a time: what comes meanwhile is the next one. So a thousand wake-ups
 * cost a few statements, and a single one costs no wait. While the database is away, items keep their place.
 *
 * @param options.work rejects for the whole batch
 * @param options.onFault gets the items of a batch that failed for another reason than a database that is away
 * @param options.onAway called once when the database goes away, for the log
 */
export function createBatches<Item>(options: {
  itemsMax: number;
  work(items: Item[]): Promise<void>;
  onFault(error: unknown, items: Item[]): void;
  onAway(error: unknown): void;
}): Batches<Item> {
  const asked = new Set<Item>();
  let running = false;

  function take(): Item[] {
    const items: Item[] = [];
    for (const item of asked) {
      if (items.length === options.itemsMax) break;
      items.push(item);
      asked.delete(item);
    }
    return items;
  }

  async function run(): Promise<void> {
    let away = false;
    while (asked.size > 0) {
      const items = take();
      try {
        await options.work(items);
        away = false;
      } catch (error) {
        if (!isConnectionFault(error)) {
          options.onFault(error, items);
          continue;
        }
        if (!away) options.onAway(error);
        away = true;
        for (const item of items) asked.add(item);
        await sleep(retryMs);
      }
    }
    running = false;
  }

  return {
    ask(item) {
      asked.add(item);
      if (running) return;
      running = true;
      // Wake-ups come in groups, within one turn of the event loop.
      queueMicrotask(() => void run());
    },
    forget: (item) => asked.delete(item),
  };
}

/** Something that waits for a place among the compiles that run. */
interface Waiting {
  /** Estimated milliseconds. */
  costMs: number;
  /** The one with the lowest is next. */
  rank: number;
  begin: () => void;
}

/** Decides which compile runs when. */
export interface Schedule {
  /**
   * Runs `work` as soon as it is its turn.
   *
   * @param options.costMs estimate of how long it takes
   * @throws what `work` throws; the signal's reason as soon as it is aborted, though a place is free again only when
   *   `work` has ended
   */
  run<Result>(
    options: { costMs: number; signal?: AbortSignal | undefined },
    work: () => Promise<Result>,
  ): Promise<Result>;
}

/** Estimated milliseconds up to which a compile counts as small. */
export const smallMsMax = 3_000;

/** A compile overtakes what was there before by so many milliseconds for each millisecond that it is shorter. */
const rankFactor = 2;

/**
 * `places` compiles run at once. Shorter ones go first, but each millisecond of waiting counts for the longer ones, so
 * that none waits for ever. When long ones have all places, short ones get one more, so that nobody who types waits
 * for a large project of somebody else; the operating system shares the cores among them meanwhile.
 *
 * @param options.now milliseconds of a clock that only goes forward
 */
export function createSchedule(options: { places: number; now: () => number }): Schedule {
  const waiting: Waiting[] = [];
  const running = new Set<Waiting>();

  function next(): Waiting | undefined {
    const free = running.size < options.places;
    const blocked = !free && running.size === options.places && [...running].some(isLong);
    if (!free && !blocked) return undefined;
    const candidates = free ? waiting : waiting.filter((one) => !isLong(one));
    return candidates.reduce<Waiting | undefined>(
      (best, one) => (best && best.rank <= one.rank ? best : one),
      undefined,
    );
  }

  function pump(): void {
    for (let one = next(); one; one = next()) {
      waiting.splice(waiting.indexOf(one), 1);
      running.add(one);
      one.begin();
    }
  }

  return {
    run({ costMs, signal }, work) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const one: Waiting = { costMs, rank: options.now() + costMs * rankFactor, begin };
        signal?.addEventListener('abort', aborted, { once: true });
        waiting.push(one);
        pump();

        function begin() {
          work()
            .then(resolve, reject)
            .finally(() => {
              signal?.removeEventListener('abort', aborted);
              running.delete(one);
              pump();
            });
        }
        function aborted() {
          const index = waiting.indexOf(one);
          if (index >= 0) waiting.splice(index, 1);
          reject(signal?.reason);
        }
      });
    },
  };
}

function isLong({ costMs }: Waiting): boolean {
  return costMs > smallMsMax;
}

/** A rate of one queue: `jobs` of them put in by `inFlight` callers while `inFlight` at once are worked on. */
export type Drive = (options: { jobs: number; inFlight: number }) => Promise<number>;

/** Does something `times` times, `callers` at once. */
export async function atOnce(callers: number, times: number, work: () => Promise<unknown>): Promise<void> {
  let left = times;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** Resolves `finished` at the call number `until` of `count`. */
export function counter(until: number): { finished: Promise<void>; count(): void } {
  let resolveFinished: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    resolveFinished = resolve;
  });
  let seen = 0;
  return {
    finished,
    count() {
      seen += 1;
      if (seen === until) resolveFinished();
    },
  };
}

/** A sleeper that others can wake. A wake-up during work is kept, so that the next wait ends at once. */
export interface Waker {
  wake: () => void;
  /** Resolves at the next wake-up, or after `ms`. */
  wait(ms: number): Promise<void>;
}

export function createWaker(): Waker {
  let woken = false;
  let release: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      release?.();
    },
    async wait(ms) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          release = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      release = undefined;
      woken = false;
    },
  };
}

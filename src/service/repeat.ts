import { sleep } from '../lib/retry.ts';

/**
 * Runs `work` again and again, never twice at once. A fault is reported and does not end it.
 * @param work gets a signal that is aborted when it is to stop
 * @param options.firstMs pause before the first time; `everyMs` when absent
 * @param options.jitter by which part of it each pause may be longer, so that processes do not act in step; 0 when absent
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<unknown>,
  options: { everyMs: number; firstMs?: number; jitter?: number; onError: (error: unknown) => void },
): { stop(): Promise<void> } {
  const { everyMs, firstMs = everyMs, jitter = 0, onError } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    for (let pauseMs = firstMs; !signal.aborted; pauseMs = everyMs) {
      await sleep(pauseMs * (1 + jitter * Math.random()), signal).catch(() => {});
      if (signal.aborted) return;
      await work(signal).catch(onError);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

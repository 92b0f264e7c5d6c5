import { sleep } from '../lib/retry.ts';

/** Runs `work` again and again, never twice at once. A fault is reported and does not end it. */
export function repeat(
  work: () => Promise<unknown>,
  options: { everyMs: number; onError: (error: unknown) => void },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(options.everyMs, stopping.signal).catch(() => {});
      if (stopping.signal.aborted) return;
      await work().catch(options.onError);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

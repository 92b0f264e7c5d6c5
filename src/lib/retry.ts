/**
 * Exponential back-off with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter").
 *
 * @param attempt the attempt that just failed, from 1
 * @param random a number in [0, 1), handed in so that rooms below `ops` stay deterministic
 * @returns milliseconds to wait before the next attempt
 */
export function backoffMs(attempt: number, random: number, baseMs = 500, maxMs = 60_000): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    function done() {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', aborted, { once: true });
  });
}

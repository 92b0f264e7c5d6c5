import { backoffMs } from '../lib/retry.ts';

/** The longest rest that an endpoint is given, also where it asks for a longer one. */
const restMsMax = 60_000;

/** How one endpoint does. Decides only when it is asked next. */
export interface EndpointState {
  /** Milliseconds until it may be asked again; 0 when it is well. */
  restMs(): number;
  /** It gave an answer, be it a refusal of the call. */
  answered(): void;
  /** It gave none, or said that it is overloaded. @param retryAfterSeconds what it asked for */
  failed(retryAfterSeconds?: number): void;
  /** Waits for its turn under the rate that it bears. @returns false when that would take longer than `waitMsMax` */
  turn(waitMsMax: number): Promise<boolean>;
}

/**
 * Exponential back-off after faults, and a token bucket where a rate is set (one second's requests may come at once).
 *
 * @param options.now milliseconds of a clock that only goes forward
 * @param options.random from 0 up to 1
 */
export function makeEndpointState(options: {
  requestsPerSecond: number | undefined;
  now: () => number;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
}): EndpointState {
  const { requestsPerSecond, now, random, sleep } = options;
  let faults = 0;
  let restUntil = Number.NEGATIVE_INFINITY;
  /** When the bucket has its next token, if it is empty. */
  let nextAt = Number.NEGATIVE_INFINITY;

  return {
    restMs: () => Math.max(0, restUntil - now()),
    answered() {
      faults = 0;
      restUntil = Number.NEGATIVE_INFINITY;
    },
    failed(retryAfterSeconds = 0) {
      faults += 1;
      const pauseMs = Math.max(backoffMs(faults, random(), 500, restMsMax), retryAfterSeconds * 1_000);
      restUntil = now() + Math.min(pauseMs, restMsMax);
    },
    async turn(waitMsMax) {
      if (requestsPerSecond === undefined) return true;
      const gapMs = 1_000 / requestsPerSecond;
      const at = Math.max(nextAt, now() - (requestsPerSecond - 1) * gapMs);
      const waitMs = at - now();
      if (waitMs > waitMsMax) return false;
      nextAt = at + gapMs;
      if (waitMs > 0) await sleep(waitMs);
      return true;
    },
  };
}

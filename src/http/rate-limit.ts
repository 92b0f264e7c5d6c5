import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../actions/platform.ts';
import { fail } from './errors.ts';

/** Requests a minute; null is no limit. */
export interface RateLimits {
  /** Per address, for whoever is not signed in or fails to. */
  anonymous: number | null;
  free: number | null;
  pro: number | null;
  enterprise: number | null;
}

export const defaultRateLimits: RateLimits = { anonymous: 10, free: 100, pro: 1_000, enterprise: null };

const windowSeconds = 60;

export interface RateLimiter {
  /**
   * Counts one request.
   * @returns headers to send with the reply (draft-ietf-httpapi-ratelimit-headers)
   * @throws AppError `rate-limited`, with the same headers on it
   */
  count(caller: { actor: Actor } | { address: string }): Promise<Record<string, string>>;
}

/** Fixed windows of a minute in this process's memory; with several processes each counts for itself. */
export function createRateLimiter(rates: RateLimits): RateLimiter {
  const limiters = new Map(
    Object.entries(rates).flatMap(([policy, points]) =>
      points === null
        ? []
        : [[policy, new RateLimiterMemory({ points, duration: windowSeconds, keyPrefix: policy })]],
    ),
  );
  return {
    async count(caller) {
      const policy = 'actor' in caller ? caller.actor.tier : 'anonymous';
      const limiter = limiters.get(policy);
      if (!limiter) return {};
      try {
        return headersOf(
          policy,
          limiter,
          await limiter.consume('actor' in caller ? caller.actor.userId : caller.address),
        );
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw limited(policy, limiter, refused);
      }
    },
  };
}

function headersOf(
  policy: string,
  limiter: RateLimiterMemory,
  state: RateLimiterRes,
): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy}";q=${limiter.points};w=${windowSeconds}`,
    ratelimit: `"${policy}";r=${state.remainingPoints};t=${secondsLeft(state)}`,
  };
}

function limited(policy: string, limiter: RateLimiterMemory, state: RateLimiterRes) {
  const advice = policy === 'anonymous' ? 'Signed-in callers get more.' : 'The operator can raise your tier.';
  const error = fail(
    'rate-limited',
    { limit: limiter.points, advice },
    { retryAfterSeconds: secondsLeft(state) },
  );
  return Object.assign(error, { headers: headersOf(policy, limiter, state) });
}

function secondsLeft(state: RateLimiterRes): number {
  return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
}

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
/** Past this many callers in one window the oldest are forgotten: memory has a limit too. */
const callersMax = 50_000;

export interface RateLimiter {
  /**
   * Counts one request.
   * @returns headers to send with the reply (draft-ietf-httpapi-ratelimit-headers)
   * @throws AppError `rate-limited`, with the same headers in `rateLimitHeaders` of the limiter's last word
   */
  count(caller: { actor: Actor } | { address: string }): Record<string, string>;
}

/** Fixed windows of a minute in this process's memory. @param now milliseconds, from any start */
export function createRateLimiter(rates: RateLimits, now: () => number): RateLimiter {
  const windows = new Map<string, { used: number; endsAt: number }>();

  function windowOf(key: string, at: number) {
    const known = windows.get(key);
    if (known && known.endsAt > at) return known;
    // Deleted first, so that the map stays ordered by the start of the windows.
    windows.delete(key);
    if (windows.size >= callersMax) windows.delete(windows.keys().next().value as string);
    const fresh = { used: 0, endsAt: at + windowSeconds * 1000 };
    windows.set(key, fresh);
    return fresh;
  }

  return {
    count(caller) {
      const policy = 'actor' in caller ? caller.actor.tier : 'anonymous';
      const limit = rates[policy];
      if (limit === null) return {};
      const at = now();
      const window = windowOf('actor' in caller ? `u:${caller.actor.userId}` : `a:${caller.address}`, at);
      const seconds = Math.max(1, Math.ceil((window.endsAt - at) / 1000));
      window.used++;
      const headers = {
        'ratelimit-policy': `"${policy}";q=${limit};w=${windowSeconds}`,
        ratelimit: `"${policy}";r=${Math.max(0, limit - window.used)};t=${seconds}`,
      };
      if (window.used <= limit) return headers;
      throw Object.assign(
        fail(
          'rate-limited',
          {
            limit,
            advice:
              policy === 'anonymous' ? 'Signed-in callers get more.' : 'The operator can raise your tier.',
          },
          { retryAfterSeconds: seconds },
        ),
        { headers },
      );
    },
  };
}

import { limits } from '../lib/limits.ts';

/** Pauses after the first failures; later ones are `laterSeconds`. */
const firstSeconds = [5, 30, 120, 600, 1_800, 3_600, 7_200];
const laterSeconds = 10_800;

/** What decides when a delivery is tried again. */
export interface RetryState {
  /** Attempts that have failed, the one just made included. */
  failures: number;
  /** Since the delivery, or its redelivery, was asked for. */
  elapsedMs: number;
  /** In [0, 1). */
  random: number;
  /** What the receiver asked for with 429 or 503. */
  retryAfterSeconds: number | null;
}

/**
 * Says how long to wait before a delivery is tried again: short pauses for a restart, long ones for a night, each a
 * fifth shorter or longer by chance, so that a receiver that comes back does not get all at the same moment. The last
 * attempt is made when the time is up.
 *
 * @returns milliseconds, or null when the time for retries is over
 */
export function retryDelayMs({ failures, elapsedMs, random, retryAfterSeconds }: RetryState): number | null {
  const leftMs = limits.webhookRetrySeconds * 1000 - elapsedMs;
  if (leftMs <= 0) return null;
  const plannedMs = (firstSeconds[failures - 1] ?? laterSeconds) * 1000 * (0.8 + 0.4 * random);
  const askedMs = Math.min(retryAfterSeconds ?? 0, laterSeconds) * 1000;
  return Math.ceil(Math.min(leftMs, Math.max(plannedMs, askedMs)));
}

/**
 * Reads a Retry-After header (RFC 9110, section 10.2.3): seconds, or a date.
 * @returns seconds from `now`, or null when there is none that can be read
 */
export function readRetryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  const at = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

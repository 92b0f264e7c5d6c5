import { expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { readRetryAfter, retryDelayMs } from './retry-delay.ts';

const dayMs = 24 * 3_600_000;
const state = { failures: 1, elapsedMs: 0, random: 0.5, retryAfterSeconds: null };

test('pauses grow from seconds to hours', () => {
  const minutes = Array.from(
    { length: 10 },
    (_, at) => (retryDelayMs({ ...state, failures: at + 1 }) ?? 0) / 60_000,
  );
  expect(minutes).toEqual([5 / 60, 0.5, 2, 10, 30, 60, 120, 180, 180, 180]);
});

test('chance makes a pause a fifth shorter or longer', () => {
  expect(retryDelayMs({ ...state, random: 0 })).toBe(4_000);
  expect(retryDelayMs({ ...state, random: 0.999_999 })).toBe(6_000);
});

test('what the receiver asks for is waited, up to three hours, but never less than planned', () => {
  expect(retryDelayMs({ ...state, retryAfterSeconds: 60 })).toBe(60_000);
  expect(retryDelayMs({ ...state, retryAfterSeconds: 1 })).toBe(5_000);
  expect(retryDelayMs({ ...state, retryAfterSeconds: 10_800 })).toBe(3 * 3_600_000);
  expect(retryDelayMs({ ...state, retryAfterSeconds: 1e12 })).toBe(3 * 3_600_000);
});

test('after a day there is one last attempt and no more', () => {
  expect(limits.webhookRetrySeconds * 1000).toBe(dayMs);
  expect(retryDelayMs({ ...state, failures: 12, elapsedMs: dayMs - 60_000 })).toBe(60_000);
  expect(retryDelayMs({ ...state, failures: 12, elapsedMs: dayMs - 1 })).toBe(1);
  expect(retryDelayMs({ ...state, failures: 12, elapsedMs: dayMs })).toBe(null);
  expect(retryDelayMs({ ...state, retryAfterSeconds: 3_600, elapsedMs: dayMs + 1 })).toBe(null);
});

test.each([0, 0.5, 0.999])(
  'a dead receiver costs a small number of attempts in the day (chance %d)',
  (random) => {
    let elapsedMs = 0;
    let attempts = 1;
    for (let wait = retryDelayMs({ ...state, random }); wait !== null; attempts += 1) {
      elapsedMs += wait;
      wait = retryDelayMs({ ...state, random, failures: attempts + 1, elapsedMs });
    }
    expect(elapsedMs).toBe(dayMs);
    expect(attempts).toBeGreaterThan(12);
    expect(attempts).toBeLessThanOrEqual(limits.webhookAttemptsKeptMax);
  },
);

test('reads Retry-After', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(readRetryAfter('120', now)).toBe(120);
  expect(readRetryAfter(' 0 ', now)).toBe(0);
  expect(readRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60);
  expect(readRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
  for (const wrong of [undefined, '', 'soon', '-5', '1.5', '2026-01-02', 'Mon, nonsense']) {
    expect(readRetryAfter(wrong, now), String(wrong)).toBe(null);
  }
});

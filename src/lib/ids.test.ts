import { validate, version } from 'uuid';
import { expect, test, vi } from 'vitest';
import { newId } from './ids.ts';

test('ids are UUIDs of version 7 that hold their time', () => {
  const before = Date.now();
  const id = newId();
  expect(validate(id) && version(id)).toBe(7);
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
});

test('each is greater than the one before, however many there are in a millisecond and whatever the clock does', () => {
  const ids = Array.from({ length: 5_000 }, () => newId());
  vi.useFakeTimers({ now: Date.now() - 60_000, toFake: ['Date'] });
  ids.push(...Array.from({ length: 10 }, () => newId()));
  vi.useRealTimers();
  expect(ids).toEqual([...new Set(ids)].sort());
});

test('no two have the same random end', () => {
  const ends = Array.from({ length: 2_000 }, () => newId().slice(-12));
  expect(new Set(ends).size).toBe(ends.length);
});

import { expect, test } from 'vitest';
import { keepRecent } from './recent.ts';

test('what is asked for stays, what is not asked for goes when the room is used up', () => {
  const recent = keepRecent<string>(10);
  recent.set('a', 'A', 5);
  recent.set('b', 'B', 5);
  expect(recent.get('a')).toBe('A');
  recent.set('c', 'C', 5);
  expect(recent.get('b')).toBeUndefined();
  expect([recent.get('a'), recent.get('c')]).toEqual(['A', 'C']);
});

test('room is that of the newest value of a key, and what is too large is not kept', () => {
  const recent = keepRecent<number>(10);
  recent.set('a', 1, 9);
  recent.set('a', 2, 1);
  recent.set('b', 3, 9);
  expect([recent.get('a'), recent.get('b')]).toEqual([2, 3]);
  recent.set('a', 4, 11);
  expect([recent.get('a'), recent.get('b')]).toEqual([undefined, 3]);
  recent.set('c', 5, 10);
  expect([recent.get('b'), recent.get('c')]).toEqual([undefined, 5]);
});

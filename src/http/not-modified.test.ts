import { expect, test } from 'vitest';
import { isNotModified } from './not-modified.ts';

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['"b",W/"a"', true],
  [' * ', true],
  ['"b"', false],
  ['a', false],
  ['"ab"', false],
  ['', false],
  ['"*"', false],
])('If-None-Match: %s', (header, expected) => {
  expect(isNotModified(header, '"a"')).toBe(expected);
  expect(isNotModified(header, 'W/"a"')).toBe(expected);
  expect(isNotModified(header, undefined)).toBe(false);
});

test('without the header everything is sent', () => {
  expect(isNotModified(undefined, '"a"')).toBe(false);
});

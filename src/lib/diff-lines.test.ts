import { expect, test } from 'vitest';
import { diffLines } from './diff-lines.ts';

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ sign, text }) => `${sign}${text}`);

test('keeps what both have, and shows what goes before what comes', () => {
  expect(shown('a\nb\nc', 'a\nx\nc\nd')).toEqual([' a', '-b', '+x', ' c', '+d']);
  expect(shown('a', 'a')).toEqual([' a']);
  expect(shown('a\nb', 'c')).toEqual(['-a', '-b', '+c']);
});

test('moved lines go and come, and both texts can be put together again from it', () => {
  const [before, after] = ['call\nrequire\nupdate\nend', 'update\ncall\nrequire\nend'];
  const lines = diffLines(before, after);
  const without = (sign: string) => lines.filter((line) => line.sign !== sign).map(({ text }) => text);
  expect(without('+').join('\n')).toBe(before);
  expect(without('-').join('\n')).toBe(after);
  expect(lines.filter(({ sign }) => sign === ' ')).toHaveLength(3);
});

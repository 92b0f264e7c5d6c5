import { expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { errorPlace, placeFinder, sourcePlace } from './source-place.ts';

/** A small generator with a seed (mulberry32), so that a failure can be seen again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const characters = ['a', ' ', '\t', '\n', '\r\n', 'ä', '漢', '🦄', '\u2028'];

test('lines, columns and offsets agree with counting them one by one, wherever the place is', () => {
  const random = randomFrom(7);
  const pick = () => characters[Math.floor(random() * characters.length)] as string;
  for (const length of [0, 1, 5, 1_023, 1_024, 1_025, 5_000]) {
    const source = Array.from({ length }, pick).join('');
    const finder = placeFinder('A.sol', source);
    const utf8 = Buffer.from(source, 'utf8');
    const starts = [
      0,
      source.length,
      ...Array.from({ length: 200 }, () => Math.floor(random() * source.length)),
    ];
    for (const near of starts) {
      // Places lie between characters, not inside of one.
      const start = source.slice(0, near).isWellFormed() ? near : near + 1;
      const lines = source.slice(0, start).split('\n');
      expect(finder.place({ start, end: start })).toMatchObject({
        line: lines.length,
        column: (lines.at(-1)?.length ?? 0) + 1,
      });
      const bytes = Buffer.byteLength(source.slice(0, start));
      expect(finder.utf16({ start: bytes, end: utf8.length })).toEqual({ start, end: source.length });
    }
  }
});

test('what lies outside of the source counts as its edge', () => {
  const edge = { file: 'A.sol', line: 2, column: 2, endLine: 2, endColumn: 2, excerpt: 'b\n ^' };
  expect(sourcePlace('A.sol', 'a\nb', { start: 90, end: 99 })).toEqual(edge);
  expect(sourcePlace('A.sol', 'a\nb', { start: -5, end: -1 })).toMatchObject({ line: 1, column: 1 });
  expect(sourcePlace('A.sol', 'a\nb', { start: 2, end: 0 })).toMatchObject({ endLine: 2, endColumn: 1 });
  expect(errorPlace('A.sol', '', { start: 0, end: 0 })).toEqual({
    ...{ file: 'A.sol', line: 1, column: 1, excerpt: '\n^' },
  });
});

test('an excerpt stays below its limit, around the place, and halves no character', () => {
  for (const filler of ['x', '🦄', '漢']) {
    for (const before of [0, 50, 51, 5_000]) {
      for (const after of [0, 120, 121, 5_000]) {
        const source = `${filler.repeat(before)}HERE${filler.repeat(after)}`;
        const start = filler.length * before;
        const { excerpt, column } = sourcePlace('A.sol', source, { start, end: start + 4 });
        expect(excerpt.length).toBeLessThanOrEqual(limits.excerptCharactersMax);
        expect(excerpt.isWellFormed()).toBe(true);
        expect(column).toBe(start + 1);
        const [line = '', carets = ''] = excerpt.split('\n');
        expect(line.slice(carets.indexOf('^'), carets.length)).toBe('HERE');
      }
    }
  }
});

test('a range longer than the excerpt is marked to the end of it', () => {
  const [line = '', carets = ''] = sourcePlace('A.sol', 'x'.repeat(9_000), {
    start: 10,
    end: 8_000,
  }).excerpt.split('\n');
  expect(carets.length).toBe(line.length);
  expect(carets.trimStart()).toMatch(/^\^{100,}$/);
});

test('thousands of places in megabytes cost little more than one', () => {
  const source = `${'🦄'.repeat(1_000_000)}\n`.repeat(2);
  const finder = placeFinder('A.sol', source);
  // Each would walk megabytes if the source was not marked: ten thousand of them would take minutes.
  for (let turn = 0; turn < 10_000; turn++) {
    const bytes = turn * 4 * 150;
    const span = finder.utf16({ start: bytes, end: bytes + 4 });
    expect(span.end - span.start).toBe(2);
    finder.place(span);
  }
});

import { describe, expect, test } from 'vitest';
import { findJsonFault } from './json-fault.ts';

/** Where the engine says that the text goes wrong, for those messages in which it does. */
function enginePosition(text: string): number | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const at = /at position (\d+)/.exec(String(error))?.[1];
    return at === undefined ? undefined : Number(at);
  }
  throw new Error('it is JSON');
}

describe('agrees with the engine about where a text stops being JSON', () => {
  const whole = '{"a":[1,-2.5e3,"x\\n\\u00e4",true,null,{}],"b":{"c":[]}}';
  test('cut anywhere', () => {
    for (let end = 1; end < whole.length; end++) {
      const text = whole.slice(0, end);
      expect(() => JSON.parse(text)).toThrow();
      const { line, column, problem } = findJsonFault(text);
      expect(line).toBe(1);
      expect(column).toBeLessThanOrEqual(end + 1);
      expect(problem.length).toBeGreaterThan(5);
    }
  });

  test.each([
    ['{"a":1,}', 8],
    ['[1 2]', 4],
    ['{"a" 1}', 6],
    ['{a:1}', 2],
    ['[1]]', 4],
    ['[1,\n  x]', 3],
  ])('%s', (text, column) => {
    expect(findJsonFault(text).column).toBe(column);
    const lineStart = text.lastIndexOf('\n') + 1;
    const engine = enginePosition(text);
    if (engine !== undefined) expect(engine - lineStart + 1).toBe(column);
  });

  test.each(['"a\tb"', '"\\x"', '"\\u12g4"', '"a'])('a string that is none: %s', (text) => {
    expect(findJsonFault(text)).toMatchObject({
      column: 1,
      problem: expect.stringContaining('a string that'),
    });
  });
});

describe('megabytes of one thing, and then a fault', () => {
  const megabytes = 14_000_000;
  test.each([
    ['plain characters', `["${'x'.repeat(megabytes)}`, 2],
    ['escapes', `["${'\\n'.repeat(megabytes / 2)}", ?]`, megabytes + 6],
    ['blanks', `[${' '.repeat(megabytes)}?]`, megabytes + 2],
    ['digits', `[${'1'.repeat(megabytes)} ?]`, megabytes + 3],
    ['numbers', `[${'1,'.repeat(megabytes / 2)}?]`, megabytes + 2],
  ])('%s', (_, text, column) => {
    expect(findJsonFault(text)).toMatchObject({ line: 1, column });
  });
});

import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

function recording() {
  const asked: string[][] = [];
  const waiting: ((found: Map<string, string>) => void)[] = [];
  const lookUp = gathered<string>((keys) => {
    asked.push(keys);
    return new Promise((resolve) => waiting.push(resolve));
  });
  const answer = () => waiting.shift()?.(new Map(asked.at(-1)?.map((key) => [key, `row of ${key}`])));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, lookUp, answer, turn };
}

test('look-ups of one turn share a query, and equal ones a row', async () => {
  const { asked, lookUp, answer, turn } = recording();
  const all = Promise.all([lookUp('a'), lookUp('b'), lookUp('a')]);
  await turn();
  answer();
  expect(await all).toEqual(['row of a', 'row of b', 'row of a']);
  expect(asked).toEqual([['a', 'b']]);
});

test('who asks while a query is under way gets the next one, never an answer from before', async () => {
  const { asked, lookUp, answer, turn } = recording();
  const early = lookUp('a');
  await turn();
  const late = lookUp('a');
  answer();
  await early;
  await turn();
  expect(asked).toEqual([['a'], ['a']]);
  answer();
  expect(await late).toBe('row of a');
});

test('a query that fails is told to those who waited for it alone', async () => {
  let fails = true;
  const lookUp = gathered<string>(async (keys) => {
    if (fails) throw new Error('away');
    return new Map(keys.map((key) => [key, 'here']));
  });
  await expect(Promise.all([lookUp('a'), lookUp('b')])).rejects.toThrow('away');
  fails = false;
  expect(await lookUp('a')).toBe('here');
  expect(await lookUp('a')).toBe('here');
});

import { expect, test } from 'vitest';
import { z } from 'zod';
import type { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { validate } from './validate.ts';

const schema = z.strictObject({ list: z.array(z.number()) });

function issuesOf(value: unknown) {
  try {
    validate([{ prefix: '', schema, value }]);
    return [];
  } catch (error) {
    return (error as AppError).issues;
  }
}

test('a body may have so many values, in all its depths together, and not one more', () => {
  const list = (count: number) => ({ list: Array.from({ length: count }, () => 1) });
  // The list itself is one of them.
  expect(issuesOf(list(limits.bodyValuesMax - 1))).toEqual([]);
  expect(issuesOf(list(limits.bodyValuesMax))).toMatchObject([{ pointer: '', code: 'too-many-values' }]);
  const deep = {
    list: Array.from({ length: 2 }, () => Array.from({ length: limits.bodyValuesMax / 2 }, () => 1)),
  };
  expect(issuesOf(deep)).toMatchObject([{ code: 'too-many-values' }]);
});

test('a hundred faults are told, however many there are', () => {
  const issues = issuesOf({ list: Array.from({ length: 40_000 }, () => 'x') });
  expect(issues).toHaveLength(100);
  expect(issues[99]).toMatchObject({ pointer: '/list/99', code: 'invalid-type' });
});

test('a body nested deeper than functions can call themselves is looked through', () => {
  const nested = (inner: unknown) => {
    let value = inner;
    for (let depth = 0; depth < limits.bodyValuesMax - 10; depth += 1) value = [value];
    return value;
  };
  expect(issuesOf(nested('x'))).toMatchObject([{ code: 'invalid-type' }]);
  const issues = issuesOf(nested('\0'));
  expect(issues.map(({ code }) => code).sort()).toEqual(['invalid-type', 'unstorable-text']);
  for (const { pointer } of issues) expect(pointer.length).toBeLessThan(600);
});

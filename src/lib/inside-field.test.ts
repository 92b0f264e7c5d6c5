import { expect, test } from 'vitest';
import { AppError } from './app-error.ts';
import { inField } from './inside-field.ts';

const entry = { status: 422, title: 'No', message: 'no {what}', hint: 'try', retryable: true };

test('pointers get longer, places in files and everything else stay', async () => {
  const cause = new Error('deep');
  const thrown = new AppError(
    'bad',
    entry,
    { what: 'x' },
    {
      cause,
      place: { pointer: '/network' },
      issues: [{ pointer: '/network', code: 'odd', message: 'is odd' }],
      data: { a: 1 },
      retryAfterSeconds: 3,
    },
  );
  const found = await inField('/deploy', () => Promise.reject(thrown)).catch((error) => error);
  expect(found).toBeInstanceOf(AppError);
  expect({ ...found, message: found.message, cause: found.cause }).toEqual({
    ...thrown,
    message: 'no x',
    cause,
    place: { pointer: '/deploy/network' },
    issues: [{ pointer: '/deploy/network', code: 'odd', message: 'is odd' }],
  });

  const inFile = new AppError('bad', entry, {}, { place: { file: 'A.sol', line: 3 } });
  const kept = await inField('/compile', () => Promise.reject(inFile)).catch((error) => error);
  expect(kept.place).toEqual({ file: 'A.sol', line: 3 });
});

test('other errors pass, results too', async () => {
  const error = new TypeError('ours to mend');
  await expect(inField('/x', () => Promise.reject(error))).rejects.toBe(error);
  expect(await inField('/x', () => 5)).toBe(5);
});

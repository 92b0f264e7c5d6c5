import { expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { toPayload, toPublicError } from './payload.ts';

const at = new Date('2026-01-01T00:00:00Z');
const sizeOf = (value: object) => Buffer.byteLength(JSON.stringify(value));
const filled = (note: string) =>
  toPayload({ type: 'job.failed', data: { id: 'a', state: 'failed', note } }, at);

test('a message has type, time and facts', () => {
  expect(filled('x')).toEqual({
    type: 'job.failed',
    timestamp: '2026-01-01T00:00:00.000Z',
    data: { id: 'a', state: 'failed', note: 'x' },
  });
});

test('facts that are too large are left out, and the message says so', () => {
  const room = limits.webhookPayloadBytesMax - sizeOf(filled(''));
  const full = filled('x'.repeat(room));
  expect(sizeOf(full)).toBe(limits.webhookPayloadBytesMax);
  expect(full.data['note']).toHaveLength(room);
  expect(filled('x'.repeat(room + 1)).data).toEqual({ id: 'a', state: 'failed', truncated: true });
  expect(filled('é'.repeat(room / 2 + 1)).data).toMatchObject({ truncated: true });
});

test('of an error only the code and the title leave', () => {
  expect(toPublicError(null)).toBe(null);
  const error = {
    code: 'source-not-compilable',
    title: 'Source does not compile',
    message: 'A.sol:1:1: contract Secret',
    hint: '',
    retryable: false,
    place: { excerpt: 'contract Secret' },
  };
  expect(toPublicError(error)).toEqual({ code: 'source-not-compilable', title: 'Source does not compile' });
});

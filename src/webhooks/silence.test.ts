import { expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { type AttemptFacts, countSilences } from './silence.ts';

const quickMs = limits.webhookSlowSeconds * 1000;

test.each<[string, Partial<AttemptFacts>, number | null]>([
  ['an answer', {}, null],
  ['an answer just in time', { milliseconds: quickMs, silences: 4 }, null],
  ['a slow answer', { milliseconds: quickMs + 1 }, 1],
  ['a slow answer again and again: its messages arrive', { milliseconds: quickMs + 1, silences: 9 }, 3],
  ['a refusal', { status: 500, end: 'retryable', silences: 2 }, null],
  ['a slow refusal', { status: 500, end: 'retryable', silences: 2, milliseconds: quickMs + 1 }, 3],
  ['a slow refusal for ever', { status: 404, end: 'retryable', silences: 9, milliseconds: quickMs + 1 }, 10],
  ['no answer', { status: null, end: 'retryable' }, 1],
  ['no answer again', { status: null, end: 'retryable', silences: 9 }, 10],
  ['too many requests', { status: 429, end: 'retryable', silences: 1 }, 2],
  ['not available', { status: 503, end: 'retryable' }, 1],
  ['a private address', { status: null, end: 'final' }, null],
  ['gone', { status: 410, end: 'final' }, null],
])('%s', (_, facts, silences) => {
  expect(countSilences({ status: 200, end: 'taken', milliseconds: 20, silences: 0, ...facts })).toBe(
    silences,
  );
});

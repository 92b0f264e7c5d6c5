import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { classifySendError } from './classify-send-error.ts';
import type { RpcError } from './rpc.ts';

const corpus: { client: string; kind: string; error: RpcError }[] = JSON.parse(
  readFileSync(new URL('./send-errors.json', import.meta.url), 'utf8'),
);

describe('what real clients say about a raw transaction', () => {
  test.each(corpus.map((entry) => [entry.kind, entry.client, entry.error.message, entry] as const))(
    '%s: %s: %s',
    (kind, _client, _message, entry) => expect(classifySendError(entry.error)).toBe(kind),
  );

  test('the corpus is wide enough to mean something', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(160);
    expect(new Set(corpus.map((entry) => entry.kind)).size).toBe(6);
  });

  test('wrapping never changes the meaning', () => {
    for (const { kind, error } of corpus) {
      const wrapped = { code: -32603, message: 'Internal JSON-RPC error.', data: { originalError: error } };
      expect([error.message, classifySendError(wrapped)]).toEqual([error.message, kind]);
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { executionFault } from './call-outcome.ts';
import { isNodeFault } from './node-fault.ts';
import type { RpcError } from './rpc.ts';

/** What the answer to a call means: the call failed, the node cannot say, or it did not like the question. */
type Meaning = 'reverted' | 'insufficient-funds' | 'node-fault' | 'refused';

const corpus: { client: string; means: Meaning; error: RpcError }[] = JSON.parse(
  readFileSync(new URL('./call-errors.json', import.meta.url), 'utf8'),
);

/** As the client decides: a node that blames itself is passed over before anything else is read from its words. */
function meaningOf(error: RpcError): Meaning {
  if (isNodeFault(error)) return 'node-fault';
  return executionFault(error)?.kind ?? 'refused';
}

describe('what real clients say about a call, an estimate or a question', () => {
  test.each(corpus.map((entry) => [entry.means, entry.client, entry.error.message, entry] as const))(
    '%s: %s: %s',
    (means, _client, _message, { error }) => expect(meaningOf(error)).toBe(means),
  );

  test('a revert’s data is found wherever it lies', () => {
    for (const { error, means } of corpus.filter((entry) =>
      JSON.stringify(entry.error.data ?? '').includes('0x08c379a0'),
    )) {
      expect([means, executionFault(error)]).toMatchObject(['reverted', { data: '0x08c379a0' }]);
    }
  });
});

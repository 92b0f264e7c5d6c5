import { describe, expect, test } from 'vitest';
import { startAnvil } from '../../support/anvil.ts';
import { boxCreation } from '../../support/box-contract.ts';
import { type Creation, readCreations } from './chain-ledger.ts';
import { type Accepted, judgeOne, type Told } from './judge.ts';

const pipeline: Accepted = { id: 'p1', name: 'one', marker: 'abcd', body: {}, ends: 'confirmed' };
const address = '0x00000000000000000000000000000000000000aa';
const there: Creation = { hash: '0x1', input: '0xabcd', succeeded: true, address, hasCode: true };

function told(state: string, status: string | null, at: string | null = address): Told {
  return {
    ...{ id: 'p1', state, seq: 1, createdAt: '', completedAt: null },
    error: state === 'failed' ? { code: 'job-crashed', message: 'it fell over' } : null,
    result: { deployment: status === null ? null : { id: 'd1', status, address: at } },
  };
}

describe('what the proof says of a pipeline', () => {
  const refused: Accepted = { ...pipeline, ends: 'refused' };
  test.each([
    ['confirmed and there once', pipeline, [there], told('succeeded', 'confirmed'), ['confirmed']],
    ['refused as it had to be', refused, [], told('failed', 'failed', null), ['refused']],
    ['there twice', pipeline, [there, there], told('succeeded', 'confirmed'), ['duplicated', 'confirmed']],
    [
      'sent a second time in vain',
      pipeline,
      [there, { ...there, succeeded: false }],
      told('succeeded', 'confirmed'),
      ['duplicated', 'confirmed'],
    ],
    ['unknown to the platform', pipeline, [], null, ['gone']],
    ['under way for ever', pipeline, [there], told('running', 'broadcast'), ['stuck']],
    ['confirmed and not there', pipeline, [], told('succeeded', 'confirmed'), ['untrue']],
    [
      'confirmed without code',
      pipeline,
      [{ ...there, hasCode: false }],
      told('succeeded', 'confirmed'),
      ['untrue'],
    ],
    ['confirmed elsewhere', pipeline, [there], told('succeeded', 'confirmed', '0xbb'), ['untrue']],
    ['failed and there', pipeline, [there], told('failed', 'failed'), ['untrue']],
    ['succeeded, its deployment fallen back', pipeline, [there], told('succeeded', 'broadcast'), ['untrue']],
    ['failed for no reason of its own', pipeline, [], told('failed', 'failed'), ['lost']],
    ['made though it had to be refused', refused, [there], told('succeeded', 'confirmed'), ['lost']],
  ] as const)('%s', (_title, pipeline, own, told, kinds) => {
    const findings = judgeOne({ pipeline, own, told });
    expect(findings.map(({ kind }) => kind)).toEqual(kinds);
    for (const { kind, text } of findings) {
      if (kind === 'confirmed' || kind === 'refused') expect(text).toBeUndefined();
      else expect(text).toContain('one (p1)');
    }
  });
});

test('the ledger finds every creation on a real chain, those that failed too', async () => {
  const anvil = await startAnvil();
  try {
    const from = (await anvil.rpc<string[]>('eth_accounts', []))[0];
    const inputs = [7n, 8n, 7n, 0n].map(boxCreation);
    for (const data of inputs) {
      await anvil.rpc('eth_sendTransaction', [{ from, data, gas: '0xf4240' }]);
    }
    await anvil.rpc('eth_sendTransaction', [{ from, to: address, value: '0x1' }]);
    while (Number(await anvil.rpc<string>('eth_blockNumber', [])) < 5) {}
    const creations = await readCreations(anvil.url);
    expect(creations.map(({ input, succeeded }) => ({ input, succeeded }))).toEqual(
      inputs.map((input, index) => ({ input: input.toLowerCase(), succeeded: index < 3 })),
    );
    expect(creations.map(({ hasCode }) => hasCode)).toEqual([true, true, true, false]);
  } finally {
    await anvil.stop();
  }
});

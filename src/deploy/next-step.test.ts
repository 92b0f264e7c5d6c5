import { describe, expect, test } from 'vitest';
import type { Hex, SendOutcome } from '../chain/types.ts';
import { type Message, publicFact } from './messages.ts';
import { nextStep } from './next-step.ts';
import { reduceAll } from './reduce.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const at = new Date(start).toISOString();
const hash: Hex = `0x${'aa'.repeat(32)}`;
const blockHash: Hex = `0x${'bb'.repeat(32)}`;
const address: Hex = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const fees = { type: 'legacy', gasPrice: '7' } as const;
const error = { code: 'x', title: 'x', message: 'x', hint: 'x', retryable: false };

const planned: Message = { kind: 'planned', at, chainId: 1, from: address, creationBytes: 3 };
const funded: Message = { kind: 'funded', at, balance: '1' };
const simulated: Message = { kind: 'simulated', at, ok: true };
const estimated: Message = {
  kind: 'estimated',
  at,
  gasEstimate: '10',
  gasLimit: '12',
  fees,
  costMax: '84',
  costExpected: '70',
  balance: '100',
  chainNonce: 4,
  final: false,
};
const signed: Message = {
  kind: 'signed',
  at,
  hash,
  raw: '0x01',
  from: address,
  nonce: 4,
  predictedAddress: address,
  gasLimit: '12',
  fees,
};
const sent = (outcome: SendOutcome['kind']): Message => ({ kind: 'sent', at, hash, outcome, message: '' });
const seen = (depth: number, status: 'success' | 'reverted' = 'success'): Message => ({
  kind: 'seen',
  at,
  hash,
  blockNumber: '9',
  blockHash,
  status,
  contractAddress: address,
  gasUsed: '11',
  effectiveGasPrice: '3',
  depth,
});
const unconfirmed: Message = {
  kind: 'unconfirmed',
  at,
  hash,
  blockNumber: '9',
  blockHash,
  reason: 'block-gone',
};
const confirmed: Message = { kind: 'confirmed', at, hash, address, depth: 3, codeMatches: true };
const ready = [planned, simulated, estimated, signed];

function next(
  messages: Message[],
  { networkKind = 'mainnet', afterMs = 0 }: { networkKind?: 'local' | 'mainnet'; afterMs?: number } = {},
) {
  return nextStep(reduceAll(messages), {
    plan: { networkKind, confirmations: 3, feePolicy: 'standard' },
    blockSeconds: 12,
    now: new Date(start + afterMs),
  }).kind;
}

describe('the way of a deployment', () => {
  const way: [string, Message[]][] = [
    ['plan', []],
    ['simulate', [planned]],
    ['estimate', [planned, simulated]],
    ['sign', [planned, simulated, estimated]],
    ['send', ready],
    ['watch', [...ready, sent('accepted')]],
    ['watch', [...ready, sent('accepted'), seen(2)]],
    ['check-code', [...ready, sent('accepted'), seen(3)]],
    ['explain-revert', [...ready, sent('accepted'), seen(3, 'reverted')]],
    ['watch', [...ready, sent('accepted'), seen(2, 'reverted')]],
    ['done', [...ready, sent('accepted'), seen(3), confirmed]],
    ['send', [...ready, sent('accepted'), seen(3), unconfirmed]],
    ['send', [...ready, sent('accepted'), seen(3), confirmed, unconfirmed]],
    ['done', [planned, { kind: 'simulated', at, ok: false, error }]],
    ['done', [planned, simulated, { ...estimated, final: true } as Message]],
    ['done', [planned, { kind: 'cancelled', at }]],
    ['done', [...ready, { kind: 'failed', at, error }]],
  ];
  test.each(way)('%s', (kind, messages) => expect(next(messages)).toBe(kind));

  test('the local chain pays the signer first', () => {
    expect(next([planned], { networkKind: 'local' })).toBe('fund');
    expect(next([planned, funded], { networkKind: 'local' })).toBe('simulate');
  });
});

describe('after a send', () => {
  test.each<[SendOutcome['kind'], string, string]>([
    // outcome, at once, after a minute
    ['accepted', 'watch', 'send'],
    ['already-known', 'watch', 'send'],
    ['unknown', 'watch', 'send'],
    ['underpriced', 'watch', 'send'],
    ['insufficient-funds', 'watch', 'send'],
    ['nonce-too-low', 'check-nonce', 'send'],
    ['rejected', 'replace', 'replace'],
  ])('%s: %s, and after a minute %s', (outcome, soon, later) => {
    expect(next([...ready, sent(outcome)])).toBe(soon);
    expect(next([...ready, sent(outcome)], { afterMs: 60_000 })).toBe(later);
  });

  test('a refusal is no end when a node may have taken the bytes before', () => {
    expect(next([...ready, sent('unknown'), sent('rejected')])).toBe('watch');
  });

  test('unclear answers are repeated with growing pauses', () => {
    const unclear = (times: number) => [...ready, ...Array.from({ length: times }, () => sent('unknown'))];
    expect(next(unclear(1), { afterMs: 400 })).toBe('send');
    expect(next(unclear(6), { afterMs: 400 })).toBe('watch');
    expect(next(unclear(6), { afterMs: 15_000 })).toBe('send');
  });

  test('a local signer without money gets some, then the same bytes go out', () => {
    const poor = [...ready, sent('insufficient-funds')];
    expect(next(poor, { networkKind: 'local', afterMs: 500 })).toBe('fund');
    expect(next([...poor, funded], { networkKind: 'local' })).toBe('send');
  });
});

describe('the fold', () => {
  test('keeps every attempt, the one that was mined, and what it cost', () => {
    const state = reduceAll([...ready, sent('unknown'), sent('accepted'), seen(1)]);
    expect(state).toMatchObject({
      status: 'mined',
      nonce: 4,
      attempts: [{ hash, sends: 2, maybeSent: true, lastSend: { outcome: 'accepted' } }],
      mined: { hash, blockNumber: '9', blockHash, depth: 1 },
      address,
      costPaid: '33',
    });
  });

  test('a fallback voids what the block had shown and keeps the bytes', () => {
    const state = reduceAll([...ready, sent('accepted'), seen(3), confirmed, unconfirmed]);
    expect(state).toMatchObject({
      status: 'broadcast',
      mined: null,
      address: null,
      codeMatches: null,
      costPaid: null,
      fallbacks: 1,
      attempts: [{ hash, raw: '0x01', lastSend: null }],
    });
  });

  test('what is final stays final, except by word of the chain', () => {
    const cancelled = [planned, { kind: 'cancelled', at } as Message];
    expect(reduceAll([...cancelled, signed, sent('accepted'), confirmed])).toEqual(reduceAll(cancelled));
    expect(
      reduceAll([...ready, sent('accepted'), seen(3), confirmed, { kind: 'failed', at, error }]).status,
    ).toBe('confirmed');
  });

  test('what may be on its way cannot be called cancelled', () => {
    expect(reduceAll([...ready, { kind: 'cancelled', at }]).status).toBe('signed');
  });

  test('facts for subscribers carry no signed bytes', () => {
    expect(publicFact(signed)).toMatchObject({ kind: 'signed', hash, nonce: 4 });
    expect(publicFact(signed)).not.toHaveProperty('raw');
  });
});

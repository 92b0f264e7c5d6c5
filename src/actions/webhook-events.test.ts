import { expect, test } from 'vitest';
import type { Message } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import type { PipelineState, PipelineWork } from '../store/pipelines.ts';
import { deploymentEvents, pipelineEvents } from './webhook-events.ts';

const at = '2026-01-01T00:00:00.000Z';
const hash = '0xaa';
const which = { id: 'd', network: 'local', chainId: 31337, pipelineId: null, targetId: null };

const planned: Message = { kind: 'planned', at, chainId: 31337, from: '0x01', creationBytes: 3 };
const signed: Message = {
  kind: 'signed',
  at,
  hash,
  raw: '0xdeadbeef',
  from: '0x01',
  nonce: 7,
  predictedAddress: '0x02',
  gasLimit: '1',
  fees: { type: 'legacy', gasPrice: '1' },
};
const sent: Message = { kind: 'sent', at, hash, outcome: 'accepted', message: '' };
const seen = (depth: number): Message => ({
  kind: 'seen',
  at,
  hash,
  blockNumber: '12',
  blockHash: '0xbb',
  status: 'success',
  contractAddress: '0x02',
  gasUsed: '1',
  effectiveGasPrice: '1',
  depth,
});
const confirmed: Message = { kind: 'confirmed', at, hash, address: '0x02', depth: 3, codeMatches: true };
const unconfirmed: Message = {
  kind: 'unconfirmed',
  at,
  hash,
  blockNumber: '12',
  blockHash: '0xbb',
  reason: 'block-gone',
};
const error = { code: 'out-of-gas', title: 'Out of gas', message: 'long', hint: '', retryable: false };

const typesOf = (before: Message[], facts: Message[]) =>
  deploymentEvents(which, reduceAll(before), facts).map(({ type }) => type.replace('deployment.', ''));

test('each change of a deployment is told once, however the facts are recorded', () => {
  const facts = [planned, signed, sent, sent, seen(1), seen(2), confirmed];
  const told = ['signed', 'broadcast', 'mined', 'confirmed'];
  expect(typesOf([], facts)).toEqual(told);
  expect(facts.flatMap((fact, index) => typesOf(facts.slice(0, index), [fact]))).toEqual(told);
});

test('a block that the chain took back is told, and that it came again', () => {
  const before = [planned, signed, sent, seen(1), confirmed];
  expect(typesOf(before, [unconfirmed, sent, seen(1), confirmed])).toEqual([
    'unconfirmed',
    'mined',
    'confirmed',
  ]);
  expect(typesOf([planned, signed, sent, seen(1)], [unconfirmed])).toEqual(['unconfirmed']);
  const [event] = deploymentEvents(which, reduceAll(before), [unconfirmed]);
  expect(event?.data).toMatchObject({ state: 'broadcast', reason: 'block-gone', address: null });
});

test.each<[string, Message]>([
  ['failed', { kind: 'failed', at, error }],
  ['reverted', { kind: 'reverted', at, hash, depth: 3, error }],
])('an end as %s names the error', (type, fact) => {
  const [event] = deploymentEvents(which, reduceAll([planned, signed]), [fact]);
  expect(event).toMatchObject({
    type: `deployment.${type}`,
    data: { state: type, error: { code: 'out-of-gas', title: 'Out of gas' } },
  });
});

test('cancelled before the signature', () => {
  expect(typesOf([planned], [{ kind: 'cancelled', at }])).toEqual(['cancelled']);
  expect(typesOf([planned, signed], [{ kind: 'cancelled', at }])).toEqual([]);
});

test('the facts are small: no signed bytes', () => {
  const [event] = deploymentEvents(which, reduceAll([planned]), [signed]);
  expect(event?.data).toEqual({
    ...which,
    state: 'signed',
    transactionHash: hash,
    nonce: 7,
    predictedAddress: '0x02',
    address: null,
    blockNumber: null,
    codeMatches: null,
    error: null,
  });
});

test('a pipeline is told of when it ends or is blocked', () => {
  const pipeline = { id: 'p', stages: [], error: null } as unknown as PipelineWork;
  const told = (state: PipelineState) => pipelineEvents({ ...pipeline, state }).map(({ type }) => type);
  expect((['queued', 'running'] as const).flatMap(told)).toEqual([]);
  expect((['succeeded', 'failed', 'blocked', 'cancelled'] as const).flatMap(told)).toEqual([
    'pipeline.succeeded',
    'pipeline.failed',
    'pipeline.blocked',
    'pipeline.cancelled',
  ]);
});

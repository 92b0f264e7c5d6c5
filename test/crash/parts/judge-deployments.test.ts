import { expect, test } from 'vitest';
import type { Call, Creation } from './chain-ledger.ts';
import { type AcceptedDeployment, emptyVerdict, judgeOne, type ToldDeployment } from './judge-deployments.ts';

const value = 0xabc1n;
const address = `0x${'11'.repeat(20)}`;
const creation: Creation = {
  hash: '0x1',
  input: `0x6001${value.toString(16).padStart(64, '0')}`,
  succeeded: true,
  address,
  hasCode: true,
};
const told: ToldDeployment = {
  ...{
    id: 'one',
    status: 'confirmed',
    address,
    nonce: 0,
    error: null,
    attempts: [],
    transactionHash: '0x1',
    call: null,
    createdAt: '',
    completedAt: '',
  },
};

function judge(
  changed: Partial<ToldDeployment> | null,
  creations: Creation[],
  may: Partial<AcceptedDeployment> = {},
  calls: Call[] = [],
) {
  const verdict = emptyVerdict();
  judgeOne(verdict, { id: 'one', chain: 0, value, ...may }, changed && { ...told, ...changed }, {
    ...{ creations, calls },
  });
  return Object.entries(verdict)
    .filter(([name, count]) => name !== 'faults' && count > 0)
    .map(([name]) => name);
}

const error = (code: string) => ({ code, message: code });

test.each<[string, Partial<ToldDeployment> | null, Creation[], string[]]>([
  ['stands where it says', {}, [creation], ['finished', 'confirmed']],
  ['stands twice', {}, [creation, { ...creation, address: '0x2' }], ['finished', 'confirmed', 'duplicated']],
  ['is confirmed and nowhere', {}, [], ['finished', 'confirmed', 'untrue']],
  ['is confirmed and elsewhere', {}, [{ ...creation, address: '0x2' }], ['finished', 'confirmed', 'untrue']],
  ['lost its code', {}, [{ ...creation, hasCode: false }], ['finished', 'confirmed', 'untrue']],
  ['has another argument', {}, [{ ...creation, input: '0x6002' }], ['finished', 'confirmed', 'untrue']],
  ['is forgotten', null, [], ['lost']],
  ['is still open', { status: 'broadcast' }, [creation], ['stuck']],
  ['failed, and is there', { status: 'failed', error: error('x') }, [creation], ['finished', 'untrue']],
  [
    'failed without a reason of its own',
    { status: 'failed', error: error('job-crashed') },
    [],
    ['finished', 'lost'],
  ],
  [
    'failed as its nodes could not be asked',
    { status: 'failed', nonce: null, error: error('chain-unreachable') },
    [],
    ['finished', 'failedHonestly'],
  ],
  [
    'failed after it was signed',
    { status: 'failed', error: error('chain-unreachable') },
    [],
    ['finished', 'lost'],
  ],
])('a deployment that %s', (_what, changed, creations, expected) => {
  expect(judge(changed, creations)).toEqual(expected);
});

const cancelled = { status: 'cancelled' };
const lostNonce = { status: 'failed', error: error('nonce-used-elsewhere') };

test.each<[string, Partial<ToldDeployment>, Creation[], Partial<AcceptedDeployment>, string[]]>([
  ['cancelled as asked', cancelled, [], { mayBeCancelled: true }, ['finished', 'cancelledAsAsked']],
  ['cancelled, and is there', cancelled, [creation], { mayBeCancelled: true }, ['finished', 'untrue']],
  ['cancelled by nobody', cancelled, [], {}, ['finished', 'lost']],
  ['faster than the cancellation', {}, [creation], { mayBeCancelled: true }, ['finished', 'confirmed']],
  ['without its nonce', lostNonce, [], { mayLoseNonce: true }, ['finished', 'failedHonestly']],
  ['without a nonce that nobody took', lostNonce, [], {}, ['finished', 'lost']],
])('a deployment that is %s', (_what, changed, creations, may, expected) => {
  expect(judge(changed, creations, may)).toEqual(expected);
});

const call: Call = {
  hash: '0x1',
  to: address,
  input: `0x60fe47b1${value.toString(16).padStart(64, '0')}`,
  succeeded: true,
};
const logged = { address: null, call: { events: { list: ['Put'] } } };
const confirmed = ['finished', 'confirmed'];

test.each<[string, Partial<ToldDeployment>, Call[], string[]]>([
  ['is on the chain once', logged, [call], confirmed],
  ['is there twice', logged, [call, { ...call, hash: '0x2' }], [...confirmed, 'duplicated']],
  ['is nowhere', logged, [], [...confirmed, 'untrue']],
  ['is another transaction', logged, [{ ...call, hash: '0x2' }], [...confirmed, 'untrue']],
  ['went elsewhere', logged, [{ ...call, to: '0x2' }], [...confirmed, 'untrue']],
  ['reverted', logged, [{ ...call, succeeded: false }], [...confirmed, 'untrue']],
  ['has no event', { ...logged, call: { events: { list: [] } } }, [call], [...confirmed, 'untrue']],
  ['was cancelled, and is there', cancelled, [call], ['finished', 'untrue']],
])('a call that %s', (_what, changed, calls, expected) => {
  expect(judge(changed, [], { calls: address }, calls)).toEqual(expected);
});

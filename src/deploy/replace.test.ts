import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { type RpcProxy, startRpcProxy } from '../../test/support/rpc-proxy.ts';
import { type TestDeployment, testDeployment } from '../../test/support/test-deployment.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local as localChain } from '../chain/networks/local.ts';
import type { ChainClient, Hex } from '../chain/types.ts';
import { fromJsonFees } from './json-fees.ts';
import { reduceAll } from './reduce.ts';
import type { DeployPlan, DeployResult, ReplacementRequest } from './types.ts';

/** Blocks take so long that a worker soon leaves a chain that mines nothing; what is stuck is so after the same half minute. */
const local = { ...localChain, blockSeconds: 1.5 };
let anvil: Anvil;
let proxy: RpcProxy;
let chain: ChainClient;

beforeAll(async () => {
  anvil = await startAnvil();
  proxy = await startRpcProxy(() => anvil.url);
  chain = connectChain({ network: local, rpcUrls: [proxy.url] });
});
beforeEach(async () => {
  proxy.intercept = async (_method, forward) => ({ body: await forward() });
  await anvil.rpc('evm_setAutomine', [false]);
});
afterEach(() => anvil.rpc('evm_setAutomine', [true]));
afterAll(async () => {
  await proxy.stop();
  await anvil.stop();
});

const later = (seconds: number) => ({ now: () => new Date(Date.now() + seconds * 1_000) });
const cancel: ReplacementRequest = { id: 'request-1', reason: 'cancel' };

/** One that was sent and waits in the pool. */
async function waiting(change: Partial<DeployPlan> = {}): Promise<TestDeployment> {
  const one = testDeployment(chain, change);
  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'broadcast', attempts: [{ reason: null, empty: false }] });
  return one;
}

const mine = () => anvil.rpc('anvil_mine', ['0x1']);

describe('bytes that nobody mines', () => {
  test('are replaced by some that offer an eighth more, with the same nonce, and those are mined', async () => {
    const one = await waiting();
    const second = await one.run(later(40));
    expect(one.kinds().filter((kind) => kind === 'replaced')).toHaveLength(1);
    const [first, bumped] = second.state.attempts;
    expect(bumped).toMatchObject({ reason: 'bump', empty: false, nonce: first?.nonce });
    const fees = second.state.attempts.map((attempt) => fromJsonFees(attempt.fees));
    for (const field of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
      const [old, now] = fees.map((each) => (each.type === 'eip1559' ? each[field] : 0n));
      expect((now ?? 0n) * 8n).toBeGreaterThanOrEqual((old ?? 0n) * 9n);
      expect(now).toBeGreaterThan(old ?? 0n);
    }
    await mine();
    const { state } = await one.run(later(41));
    expect(state).toMatchObject({ status: 'confirmed', mined: { hash: bumped?.hash } });
    expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
  });

  test('are confirmed where the first set is mined after all', async () => {
    const one = await waiting();
    // The node never gets the replacement.
    proxy.intercept = async (method, forward) =>
      method === 'eth_sendRawTransaction' ? 'silence' : { body: await forward() };
    const impatient = connectChain({ network: local, rpcUrls: [proxy.url], timeoutMs: 100 });
    const second = await one.run({ ...later(40), chain: impatient });
    expect(second.state.attempts).toHaveLength(2);
    await mine();
    const { state } = await one.run({ ...later(41), chain: impatient });
    expect(state).toMatchObject({ status: 'confirmed', mined: { hash: second.state.attempts[0]?.hash } });
  });

  test('wait longer before each further replacement, and there is an end of it', async () => {
    const one = await waiting();
    await one.run(later(40));
    await one.run(later(80));
    expect(reduceAll(one.journal.messages).attempts).toHaveLength(2);
    for (let turn = 1; turn <= 20; turn += 1) await one.run(later(1_000 * turn));
    expect(reduceAll(one.journal.messages).attempts).toHaveLength(13);
    await mine();
    expect((await one.run(later(30_000))).state.status).toBe('confirmed');
    expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
  });

  test('are left alone while another one of the signer is before them', async () => {
    const one = testDeployment(chain);
    one.journal.recordSigned = async (before, sign) => {
      const signed = await sign(1);
      await one.journal.record([...before, signed]);
      return signed;
    };
    await one.run();
    await one.run(later(40));
    expect(reduceAll(one.journal.messages).attempts).toHaveLength(1);
  });

  test('stay as they are at the cap, which is said once; a higher cap helps', async () => {
    const cap = '21000000000';
    const one = await waiting({ feeCaps: { maxFeePerGas: cap } });
    for (const seconds of [40, 50, 60]) await one.run(later(seconds));
    const capped = reduceAll(one.journal.messages);
    expect(capped).toMatchObject({ attempts: [{}], stuck: { code: 'fee-cap-reached' } });
    expect(one.kinds().filter((kind) => kind === 'stuck')).toHaveLength(1);

    const refused = { id: 'low', reason: 'speed-up', feeCaps: { maxFeePerGas: cap } } as const;
    const low = await one.run({ ...later(61), request: refused });
    expect(low.state).toMatchObject({ attempts: [{}], requestsAnswered: ['low'] });

    const request = { id: 'high', reason: 'speed-up', feeCaps: { maxFeePerGas: '90000000000' } } as const;
    const high = await one.run({ ...later(62), request });
    expect(high.state).toMatchObject({ stuck: null, requestsAnswered: ['low', 'high'] });
    expect(high.state.attempts).toHaveLength(2);
    // Asked once, answered once.
    expect((await one.run({ ...later(63), request })).state.attempts).toHaveLength(2);
    await mine();
    expect((await one.run(later(64))).state.status).toBe('confirmed');
  });
});

describe('a cancellation after the signature', () => {
  test('ends as cancelled once the empty transaction is mined, and nothing was deployed', async () => {
    const one = await waiting();
    const asked = await one.run({ request: cancel });
    expect(asked.state).toMatchObject({
      status: 'broadcast',
      attempts: [{}, { reason: 'cancel', empty: true }],
    });
    await mine();
    const { state, done } = await one.run({ request: cancel });
    expect(done).toBe(true);
    expect(state).toMatchObject({
      ...{ status: 'cancelled', address: null, codeMatches: null },
      mined: { hash: state.attempts[1]?.hash, gasUsed: '21000' },
    });
    expect(BigInt(state.costPaid ?? 0)).toBeGreaterThan(0n);
    expect(await chain.code(state.predictedAddress as Hex)).toBe('0x');
    expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
  });

  test('that comes too late leaves the deployment confirmed', async () => {
    const one = await waiting();
    await mine();
    const { state } = await one.run({ request: cancel });
    expect(state).toMatchObject({ status: 'confirmed', attempts: [{}] });
  });

  test('that loses the race says so', async () => {
    const one = await waiting();
    let dropped = 0;
    proxy.intercept = async (method, forward) => {
      if (method !== 'eth_sendRawTransaction') return { body: await forward() };
      dropped += 1;
      return { body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: `0x${'cd'.repeat(32)}` }) };
    };
    await one.run({ request: cancel });
    expect(dropped).toBeGreaterThan(0);
    await mine();
    const { state } = await one.run({ request: cancel });
    expect(state).toMatchObject({ status: 'confirmed', mined: { hash: state.attempts[0]?.hash } });
  });

  test('is bumped as an empty transaction, and taken back by a reorg', async () => {
    const one = await waiting();
    await one.run({ request: cancel });
    const bumped = await one.run({ ...later(100), request: cancel });
    expect(bumped.state.attempts.map(({ reason, empty }) => [reason, empty])).toEqual([
      [null, false],
      ['cancel', true],
      ['bump', true],
    ]);
    const snapshot = await anvil.rpc('evm_snapshot', []);
    await mine();
    expect((await one.run(later(101))).state.status).toBe('cancelled');
    await anvil.rpc('evm_revert', [snapshot]);
    const after = await one.run({ ...later(102), recheck: true });
    expect(one.kinds()).toContain('unconfirmed');
    expect(after.state.status).toBe('broadcast');
    await mine();
    expect((await one.run(later(103))).state.status).toBe('cancelled');
    expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
  });
});

test('bytes that every node refuses for good make room for those behind them', async () => {
  await anvil.rpc('evm_setAutomine', [true]);
  const one = testDeployment(chain);
  let refusals = 0;
  proxy.intercept = async (method, forward) => {
    if (method !== 'eth_sendRawTransaction' || refusals++ > 0) return { body: await forward() };
    const error = { code: -32000, message: 'exceeds block gas limit' };
    return { body: JSON.stringify({ jsonrpc: '2.0', id: 1, error }) };
  };
  const { state, done } = await one.run();
  expect(done).toBe(true);
  expect(state).toMatchObject({
    status: 'failed',
    attempts: [{}, { reason: 'fill', empty: true }],
    error: { code: 'transaction-refused', data: { nonce: 0, nonceOpen: false } },
  });
  expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
});

describe('a worker killed around a replacement', () => {
  test.each(['recordReplaced before', 'recordReplaced after', 'send'])(
    'at %s: one nonce, one end',
    async (place) => {
      const one = await waiting();
      const { recordReplaced } = one.journal;
      const dying: Partial<Parameters<TestDeployment['run']>[0]> =
        place === 'send'
          ? { chain: { ...chain, send: () => Promise.reject(new Error('killed')) } }
          : {
              journal: {
                ...one.journal,
                async recordReplaced(before, sign, pays) {
                  if (place.endsWith('after')) await recordReplaced(before, sign, pays);
                  throw new Error('killed');
                },
              },
            };
      await expect(one.run({ ...later(40), ...dying })).rejects.toThrow('killed');
      const next: DeployResult = await one.run(later(45));
      expect(next.state.attempts.length).toBe(2);
      await mine();
      const { state } = await one.run(later(46));
      expect(state.status).toBe('confirmed');
      expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
    },
  );
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ReplyOf } from '../../src/client/route-types.ts';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/**
 * What becomes of deployments that wait, and of signers that are not alone: the whole platform against a chain that
 * mines when it is told to.
 */
const network = 'local';
const chainId = 31_337;
let anvil: Anvil;
let platform: TestPlatform;
let user: TestUser;
let signer: { id: string; address: string };
let buildId: string;

beforeAll(async () => {
  anvil = await startAnvil();
  platform = await startPlatform({ env: { SLIPWAY_RPC_LOCAL: anvil.url } });
});
afterAll(async () => {
  await platform.stop();
  await anvil.stop();
});
beforeEach(async () => {
  // Somebody new each time, with a signer that has sent nothing yet.
  user = await platform.register();
  const { items } = await user.client.call('GET /api/v1/signers');
  signer = items[0] as typeof signer;
  const job = await user.client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    waitSeconds: 60,
  });
  buildId = job.subjectId;
  await anvil.rpc('evm_setAutomine', [false]);
});
afterEach(() => anvil.rpc('evm_setAutomine', [true]));

const source =
  'pragma solidity ^0.8.20; contract Box { uint256 public v; constructor(uint256 given) { v = given; } }';

type Deployment = ReplyOf<'GET /api/v1/deployments/:id'>;
let given = 0;

async function request(more: { salt?: string; constructorArgs?: unknown[] } = {}): Promise<string> {
  given += 1;
  const body = { buildId, network, constructorArgs: [String(given)], ...more };
  return (await user.client.call('POST /api/v1/contracts/deploy', { body })).subjectId;
}

const read = (id: string): Promise<Deployment> =>
  user.client.call('GET /api/v1/deployments/:id', { params: { id } });

async function until(id: string, wanted: (deployment: Deployment) => boolean): Promise<Deployment> {
  const look = async () => {
    const deployment = await read(id);
    if (!wanted(deployment)) throw new Error(`still ${JSON.stringify(deployment)}`);
    return deployment;
  };
  return vi.waitFor(look, { timeout: 20_000, interval: 50 });
}
const untilStatus = (id: string, status: Deployment['status']) =>
  until(id, (deployment) => deployment.status === status);

const cancel = (id: string) => user.client.call('POST /api/v1/deployments/:id/cancel', { params: { id } });

describe('a deployment that waits to be mined', () => {
  test('is cancelled by an empty transaction, and the next one has the next nonce', async () => {
    const id = await request();
    await untilStatus(id, 'broadcast');
    expect(await cancel(id)).toMatchObject({ status: 'broadcast', replacementRequest: { reason: 'cancel' } });
    // Asked twice, it is the same wish.
    await cancel(id);
    const { attempts } = await until(id, (deployment) => deployment.attempts.length === 2);
    expect(attempts.map(({ reason, empty }) => [reason, empty])).toEqual([
      [null, false],
      ['cancel', true],
    ]);
    await anvil.rpc('anvil_mine', ['0x1']);
    expect(await untilStatus(id, 'cancelled')).toMatchObject({
      ...{ transactionHash: attempts[1]?.hash, address: null, codeMatches: null, nonce: 0, gasUsed: '21000' },
      attempts: [{}, {}],
    });
    await expect(cancel(id)).rejects.toMatchObject({ code: 'deployment-ended' });
    const { items } = await user.client.call('GET /api/v1/jobs');
    expect(items.find(({ subjectId }) => subjectId === id)?.state).toBe('cancelled');

    await anvil.rpc('evm_setAutomine', [true]);
    expect(await untilStatus(await request(), 'confirmed')).toMatchObject({ nonce: 1 });
    const log = await user.client.call('GET /api/v1/audit-log');
    const uses = log.items.filter(({ action }) => action === 'signer.used').map(({ data }) => data['kind']);
    expect(uses.reverse()).toEqual(['create', 'cancellation', 'create']);
    expect(log.items.map(({ action }) => action)).toContain('deployment.cancel-requested');
  });

  test('is sped up at the same nonce', async () => {
    const id = await request();
    const { attempts } = await untilStatus(id, 'broadcast');
    const [first] = attempts;
    const body = { feePolicy: 'fast' as const };
    await user.client.call('POST /api/v1/deployments/:id/speed-up', { params: { id }, body });
    const faster = await until(id, (deployment) => deployment.attempts.length === 2);
    expect(faster.attempts[1]).toMatchObject({ reason: 'speed-up', empty: false });
    const feeOf = (at: number) => {
      const fees = faster.attempts[at]?.fees;
      return fees?.type === 'eip1559' ? BigInt(fees.maxFeePerGas) : 0n;
    };
    expect(feeOf(1) * 8n).toBeGreaterThan(feeOf(0) * 9n);
    await anvil.rpc('anvil_mine', ['0x1']);
    const done = await untilStatus(id, 'confirmed');
    expect(done).toMatchObject({ transactionHash: faster.attempts[1]?.hash, nonce: 0 });
    expect(done.transactionHash).not.toBe(first?.hash);
    await expect(
      user.client.call('POST /api/v1/deployments/:id/speed-up', { params: { id }, body }),
    ).rejects.toMatchObject({ code: 'deployment-ended' });
  });

  test("is nobody else's to cancel or to speed up", async () => {
    const id = await request();
    await untilStatus(id, 'broadcast');
    const stranger = await platform.register();
    for (const route of [
      'POST /api/v1/deployments/:id/cancel',
      'POST /api/v1/deployments/:id/speed-up',
    ] as const)
      await expect(stranger.client.call(route, { params: { id }, body: {} } as never)).rejects.toMatchObject({
        code: 'not-found',
      });
    await anvil.rpc('anvil_mine', ['0x1']);
    await untilStatus(id, 'confirmed');
  });
});

/** Somebody else uses the signer's key for its nonce number `nonce`. */
const steal = async (nonce: number) => {
  await anvil.rpc('anvil_impersonateAccount', [signer.address]);
  await anvil.rpc('anvil_setBalance', [signer.address, '0x8ac7230489e80000']);
  const to = `0x${'77'.repeat(20)}`;
  const fee = '0x2540be400';
  const fees = { maxFeePerGas: fee, maxPriorityFeePerGas: '0x0' };
  await anvil.rpc('eth_sendTransaction', [
    { from: signer.address, to, nonce: `0x${nonce.toString(16)}`, gas: '0x5208', ...fees },
  ]);
  await anvil.rpc('anvil_mine', ['0x1']);
  await anvil.rpc('anvil_stopImpersonatingAccount', [signer.address]);
};

describe('a signer whose key somebody else uses as well', () => {
  test('is frozen when a nonce of ours was used, and goes on after it was looked at', async () => {
    const id = await request();
    const { transactionHash } = await untilStatus(id, 'broadcast');
    await anvil.rpc('anvil_dropTransaction', [transactionHash]);
    await steal(0);
    const failed = await untilStatus(id, 'failed');
    expect(failed.error?.code).toBe('nonce-used-elsewhere');
    await anvil.rpc('evm_setAutomine', [true]);

    await expect(request()).rejects.toMatchObject({ code: 'signer-frozen', status: 409 });
    const reconciled = await user.client.call('POST /api/v1/signers/:id/reconcile', {
      params: { id: signer.id },
    });
    expect(reconciled.accounts).toMatchObject([
      {
        ...{ network, chainNonce: 1, nextNonceAfter: 1, slots: [], problem: null },
        ...{ frozenBefore: failed.error?.message, frozenAfter: null },
      },
    ]);
    expect(await untilStatus(await request(), 'confirmed')).toMatchObject({ nonce: 1 });
  });

  test('waits for no nonce that nobody uses: it is filled', async () => {
    const snapshot = await anvil.rpc('evm_snapshot', []);
    await steal(0);
    await anvil.rpc('evm_setAutomine', [true]);
    const id = await request();
    expect(await untilStatus(id, 'confirmed')).toMatchObject({ nonce: 1 });
    // The chain goes back before both, and the other one's transaction does not come again.
    await anvil.rpc('evm_revert', [snapshot]);
    await anvil.rpc('evm_setAutomine', [true]);
    await anvil.rpc('anvil_mine', ['0x1']);
    await until(id, ({ status, seq }) => status === 'confirmed' && seq > 8);
    expect(await anvil.rpc('eth_getTransactionCount', [signer.address, 'latest'])).toBe('0x2');
    const log = await user.client.call('GET /api/v1/audit-log');
    const fill = log.items.find(({ data }) => data['kind'] === 'fill');
    expect(fill).toMatchObject({ action: 'signer.used', objectId: signer.id, data: { nonce: 0, chainId } });
  });
});

test('blocks that a chain replaced are noticed though it uses all nonces', async () => {
  await anvil.rpc('evm_setAutomine', [true]);
  const snapshot = await anvil.rpc('evm_snapshot', []);
  const ids = [await request(), await request()];
  const before = await Promise.all(ids.map((id) => untilStatus(id, 'confirmed')));
  const [kept, gone] = before.toSorted((a, b) => (a.nonce ?? 0) - (b.nonce ?? 0)) as [Deployment, Deployment];
  const raw = await anvil.rpc('eth_getRawTransactionByHash', [kept.transactionHash]);

  // The chain goes back before both. The first one is mined again in another block, and somebody else uses the nonce of the
  // second one: as many nonces are used as before.
  await anvil.rpc('evm_revert', [snapshot]);
  await anvil.rpc('anvil_setBalance', [signer.address, '0x8ac7230489e80000']);
  await anvil.rpc('anvil_mine', ['0x1']);
  await anvil.rpc('eth_sendRawTransaction', [raw]);
  await steal(1);
  expect(await anvil.rpc('eth_getTransactionCount', [signer.address, 'latest'])).toBe('0x2');

  const { blockHash } = (await anvil.rpc('eth_getTransactionReceipt', [kept.transactionHash])) as {
    blockHash: string;
  };
  expect(blockHash).not.toBe(kept.blockHash);
  const again = await until(kept.id, (one) => one.status === 'confirmed' && one.blockHash === blockHash);
  expect(again).toMatchObject({ address: kept.address, transactionHash: kept.transactionHash });
  const failed = await untilStatus(gone.id, 'failed');
  expect(failed).toMatchObject({ error: { code: 'nonce-used-elsewhere' }, address: null, blockHash: null });
  await expect(request()).rejects.toMatchObject({ code: 'signer-frozen' });
});

test('a salt gives one address, and the second deployment of the same code costs nothing', async () => {
  await anvil.rpc('evm_setAutomine', [true]);
  const salt = `0x${'5a'.repeat(32)}`;
  const constructorArgs = ['90001'];
  const first = await untilStatus(await request({ salt, constructorArgs }), 'confirmed');
  expect(first).toMatchObject({ source: 'created', address: first.predictedAddress, codeMatches: true });
  const second = await untilStatus(await request({ salt, constructorArgs }), 'confirmed');
  expect(second).toMatchObject({
    ...{ source: 'existing', address: first.address, costWei: null, transactionHash: null, attempts: [] },
    codeMatches: true,
  });
});

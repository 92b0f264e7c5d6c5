import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { type TestDeployment, testDeployment } from '../../test/support/test-deployment.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import { external } from '../chain/signers/external.ts';
import type { ChainClient, Hex, Signer } from '../chain/types.ts';
import { limits } from '../lib/limits.ts';
import type { DeployState } from './types.ts';

/** Deployments that somebody else signs for. */
let anvil: Anvil;
let chain: ChainClient;

beforeAll(async () => {
  anvil = await startAnvil();
  chain = connectChain({ network: local, rpcUrls: [anvil.url] });
});
afterAll(() => anvil.stop());

function handedOut() {
  const wallet = privateKeyToAccount(generatePrivateKey());
  const signer: Signer = external.open({ version: 1, address: wallet.address }, {} as never);
  const one = testDeployment(chain, { from: wallet.address, external: true });
  const run: TestDeployment['run'] = (turn) => one.run({ signer, ...turn });
  const sign = async (state: DeployState): Promise<Hex> =>
    wallet.signTransaction({
      ...{ chainId: 31_337, nonce: 0, data: one.plan.data, gas: BigInt(state.estimate?.gasLimit ?? 0) },
      ...{ maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
    });
  return { ...one, run, sign };
}

test('it waits without a worker until somebody signs, and nothing was signed here', async () => {
  const one = handedOut();
  const first = await one.run();
  expect(first).toMatchObject({ done: false, waitMs: 3_600_000, state: { status: 'awaiting_signature' } });
  expect(one.journal.messages.at(-1)?.kind).toBe('handed-out');
  const again = await one.run();
  expect(again.state).toEqual(first.state);
  const signature = { id: 's', raw: await one.sign(first.state) };
  const { state } = await one.run({ signature });
  expect(state).toMatchObject({ status: 'confirmed', codeMatches: true, requestsAnswered: ['s'] });
});

test('what nobody signs ends when its days are over, and not a moment before', async () => {
  const one = handedOut();
  const { state } = await one.run();
  const until = Date.parse(state.handedOutUntil ?? '');
  const handed = one.journal.messages.find(({ kind }) => kind === 'handed-out');
  expect(until - Date.parse(handed?.at ?? '')).toBe(limits.signatureDays * 86_400_000);
  const early = await one.run({ now: () => new Date(until - 1) });
  expect(early.state.status).toBe('awaiting_signature');
  const late = await one.run({ now: () => new Date(until) });
  expect(late).toMatchObject({
    done: true,
    state: { status: 'failed', error: { code: 'signature-overdue' } },
  });
});

describe('a worker killed around the taking up of a signature', () => {
  test.each(['before', 'after'])('%s its commit: the same bytes, one contract', async (place) => {
    const one = handedOut();
    const { state } = await one.run();
    const signature = { id: 's', raw: await one.sign(state) };
    const recordAdopted = one.journal.recordAdopted;
    const killed = one.run({
      signature,
      journal: {
        ...one.journal,
        async recordAdopted(before, fact, nonce) {
          if (place === 'after') await recordAdopted(before, fact, nonce);
          throw new Error('killed');
        },
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const ended = await one.run({ signature });
    expect(ended.state).toMatchObject({ status: 'confirmed', nonce: 0 });
    expect(ended.state.attempts).toHaveLength(1);
    expect(await chain.nonce(one.plan.from, 'latest')).toBe(1);
  });
});

test('bytes that every node refuses end it, as nobody here could fill their nonce', async () => {
  const one = handedOut();
  const { state } = await one.run();
  const refuse: ChainClient['send'] = async () => ({ kind: 'rejected', message: 'intrinsic gas too low' });
  const signature = { id: 's', raw: await one.sign(state) };
  const ended = await one.run({ signature, chain: { ...chain, send: refuse } });
  expect(ended.state).toMatchObject({ status: 'failed', error: { code: 'transaction-rejected' } });
});

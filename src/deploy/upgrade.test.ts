import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { testDeployment } from '../../test/support/test-deployment.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import type { ChainClient, Hex } from '../chain/types.ts';
import type { UpgradePlan } from './types.ts';

/** Upgrades by a call that succeeds and changes nothing: what counts is what stands behind the proxy. */
const none: Hex = `0x${'0'.repeat(40)}`;
const some: Hex = `0x${'0'.repeat(38)}11`;
const slot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc';
let anvil: Anvil;
let chain: ChainClient;
/** A contract that takes every call, and has the slot of a proxy. */
let proxy: Hex;

beforeAll(async () => {
  anvil = await startAnvil();
  chain = connectChain({ network: local, rpcUrls: [anvil.url] });
  proxy = `0x${'77'.repeat(20)}`;
  await anvil.rpc('anvil_setCode', [proxy, '0x00']);
});
afterAll(() => anvil.stop());

function upgrading(change: Pick<UpgradePlan, 'before' | 'after'>) {
  const upgrade = { address: proxy, isBeacon: false, ...change };
  const call = { to: proxy, function: 'upgradeTo(address)', upgrade };
  return testDeployment(chain, { call, data: '0x3659cfe6', abi: [] });
}

test('one that was compared with what no longer stands there spends nothing', async () => {
  const one = upgrading({ before: some, after: none });
  const { state } = await one.run();
  expect(state).toMatchObject({
    status: 'failed',
    error: { code: 'implementation-changed', data: { actual: none } },
  });
  expect(one.signatures).toBe(0);
});

test('one that was mined and changed nothing is not called confirmed', async () => {
  const one = upgrading({ before: none, after: some });
  const { state } = await one.run();
  expect(state).toMatchObject({
    status: 'failed',
    mined: { status: 'success' },
    error: { code: 'upgrade-without-effect', data: { actual: none } },
  });
});

test('one that left what it was to leave is confirmed, whatever comes in later blocks', async () => {
  const word = (address: Hex) => `0x${address.slice(2).padStart(64, '0')}`;
  await anvil.rpc('anvil_setStorageAt', [proxy, slot, word(some)]);
  const one = upgrading({ before: some, after: some });
  const watched: ChainClient = {
    ...chain,
    async logs(hash, where) {
      const logs = await chain.logs(hash, where);
      await anvil.rpc('anvil_mine', ['0x1']);
      await anvil.rpc('anvil_setStorageAt', [proxy, slot, word(none)]);
      await anvil.rpc('anvil_mine', ['0x1']);
      return logs;
    },
  };
  const { state } = await one.run({ chain: watched });
  expect(state).toMatchObject({ status: 'confirmed', error: null });
});

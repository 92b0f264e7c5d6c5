import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRunningJob } from '../../test/support/running-job.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import type { Hex } from '../chain/types.ts';
import { findChain, recordChain } from './chains.ts';
import type { Store, Tx } from './db.ts';
import { takeNoncesHeld } from './deployment-journal.ts';
import type { Ownership } from './generations.ts';

let store: Store;
let close: () => Promise<void>;
let owner: Ownership;
const chainId = 31_337;
const genesis = (digit: string) => `0x${digit.repeat(64)}` as Hex;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});

afterAll(() => close());

/** The next nonce of an address, by a worker of its own. */
async function take(tx: Tx, account: { chainId: number; genesisHash: Hex; address: string }) {
  const held = await insertRunningJob(store, owner);
  const [taken] = await takeNoncesHeld(tx, [held], { ...account, atLeast: 0 });
  return taken;
}

test('a chain with another genesis is another epoch, whose nonces begin anew', async () => {
  const next = (genesisHash: Hex) =>
    store.transaction(async (tx) => {
      const { replaced } = await recordChain(tx, chainId, genesisHash);
      return { replaced, ...(await take(tx, { chainId, genesisHash, address: '0xa' })) };
    });
  expect(await next(genesis('1'))).toMatchObject({ replaced: false, epoch: 0, nonce: 0 });
  expect(await next(genesis('1'))).toMatchObject({ replaced: false, epoch: 0, nonce: 1 });
  expect(await next(genesis('2'))).toMatchObject({ replaced: true, epoch: 1, nonce: 0 });
  expect(await findChain(store.read, chainId)).toMatchObject({ epoch: 1, genesisHash: genesis('2') });
});

test('signers of one chain do not wait for each other, and the epoch waits for both', async () => {
  const chainId = 31_338;
  await store.transaction((tx) => recordChain(tx, chainId, genesis('2')));
  const order: string[] = [];
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked: () => void = () => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const slow = store.transaction(async (tx) => {
    await recordChain(tx, chainId, genesis('2'));
    await take(tx, { chainId, genesisHash: genesis('2'), address: '0xb' });
    locked();
    await held;
    order.push('slow signer');
  });
  await isLocked;
  const anew = store
    .transaction((tx) => recordChain(tx, chainId, genesis('3')))
    .then(() => order.push('new epoch'));
  await store.transaction(async (tx) => {
    await recordChain(tx, chainId, genesis('2'));
    await take(tx, { chainId, genesisHash: genesis('2'), address: '0xc' });
    order.push('quick signer');
  });
  release();
  await Promise.all([slow, anew]);
  expect(order).toEqual(['quick signer', 'slow signer', 'new epoch']);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';
import type { Hex } from '../chain/types.ts';
import { findChain, recordChain, takeNonce } from './chains.ts';
import type { Store } from './db.ts';

let store: Store;
let close: () => Promise<void>;
const chainId = 31_337;
const genesis = (digit: string) => `0x${digit.repeat(64)}` as Hex;

beforeAll(async () => {
  ({ store, close } = await testStore());
});

afterAll(() => close());

test('a chain with another genesis is another epoch, whose nonces begin anew', async () => {
  const take = (hash: Hex) =>
    store.transaction(async (tx) => {
      const { replaced } = await recordChain(tx, chainId, hash);
      return { replaced, ...(await takeNonce(tx, { chainId, address: '0xa', atLeast: 0 })) };
    });
  expect(await take(genesis('1'))).toEqual({ replaced: false, epoch: 0, nonce: 0 });
  expect(await take(genesis('1'))).toEqual({ replaced: false, epoch: 0, nonce: 1 });
  expect(await take(genesis('2'))).toEqual({ replaced: true, epoch: 1, nonce: 0 });
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
    await takeNonce(tx, { chainId, address: '0xb', atLeast: 0 });
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
    await takeNonce(tx, { chainId, address: '0xc', atLeast: 0 });
    order.push('quick signer');
  });
  release();
  await Promise.all([slow, anew]);
  expect(order).toEqual(['quick signer', 'slow signer', 'new epoch']);
});

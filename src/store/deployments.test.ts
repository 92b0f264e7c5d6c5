import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertTestDeployment } from '../../test/support/deployment-rows.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import type { Hex } from '../chain/types.ts';
import type { Message } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import { recordChain, takeNonce } from './chains.ts';
import type { Store } from './db.ts';
import { appendFacts, getDeployment, insertTransaction } from './deployments.ts';
import type { Ownership } from './generations.ts';

let store: Store;
let close: () => Promise<void>;
let owner: Ownership;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});

afterAll(() => close());

const planned: Message = {
  kind: 'planned',
  at: '2026-01-01T00:00:00Z',
  chainId: 31_337,
  from: '0x',
  creationBytes: 0,
};
const cancelled: Message = { kind: 'cancelled', at: '2026-01-01T00:00:01Z' };

function append(id: string, known: Message[], facts: Message[]): Promise<boolean> {
  const state = reduceAll([...known, ...facts]);
  const events = facts.map(() => ({}));
  return store.transaction((tx) =>
    appendFacts(tx, { id, fence: 1, after: known.length, messages: facts, state, events }),
  );
}

test('whoever has not read the newest facts of a deployment cannot write over them', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'queued' });
  expect(await append(id, [], [planned])).toBe(true);
  expect(await append(id, [planned], [cancelled])).toBe(true);
  // A second job that folded the journal before the cancel.
  expect(await append(id, [planned], [planned])).toBe(false);
  expect(await getDeployment(store.read, owner.ownerId, id)).toMatchObject({ status: 'cancelled', seq: 2 });
});

test('the same signed bytes can be recorded once for a chain, and again when it was made anew', async () => {
  const chainId = 31_337;
  const address = '0xa';
  const sign = async (genesis: Hex, nonce: number) => {
    const deploymentId = await insertTestDeployment(store, owner, { state: 'preparing' });
    await store.transaction(async (tx) => {
      await recordChain(tx, chainId, genesis);
      const taken = await takeNonce(tx, { chainId, address, atLeast: nonce });
      const signed = { chainId, address, deploymentId, hash: '0xbeef', raw: '0xcafe' };
      await insertTransaction(tx, { kind: 'create', ...signed, ...taken });
    });
  };
  await sign(`0x${'1'.repeat(64)}`, 0);
  await expect(sign(`0x${'1'.repeat(64)}`, 1)).rejects.toThrow(/transactions_hash/);
  await sign(`0x${'2'.repeat(64)}`, 0);
});

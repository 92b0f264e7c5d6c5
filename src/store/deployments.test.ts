import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertTestDeployment } from '../../test/support/deployment-rows.ts';
import { insertRunningJob } from '../../test/support/running-job.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import type { Hex } from '../chain/types.ts';
import type { Message } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import { recordChain } from './chains.ts';
import type { Store } from './db.ts';
import { appendFacts, type Held, takeNonceHeld, type Written } from './deployment-journal.ts';
import { getDeployment, insertTransaction } from './deployments.ts';
import type { Ownership } from './generations.ts';
import { findNonceAccounts, freezeAccount, thawAccount } from './nonce-accounts.ts';

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

async function append(id: string, held: Held, known: Message[], facts: Message[]): Promise<Written> {
  const state = reduceAll([...known, ...facts]);
  const events = facts.map(() => ({}));
  const { written } = await store.transaction((tx) =>
    appendFacts(tx, { id, held, after: known.length, messages: facts, state, events }),
  );
  return written;
}

test('a worker without the lease writes nothing, nor one whose job was cancelled before the signature', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'queued' });
  const held = await insertRunningJob(store, owner, id);
  expect(await append(id, { ...held, fence: 6 }, [], [planned])).toBe('lost');
  const account = { chainId: 31_337, genesisHash: `0x${'3'.repeat(64)}`, address: '0xb', atLeast: 4 };
  const take = (by: Held) => store.transaction((tx) => takeNonceHeld(tx, by, account));
  expect(await take(held)).toEqual({ taken: 'unknown' });
  await store.transaction((tx) => recordChain(tx, account.chainId, account.genesisHash as Hex));
  expect(await take({ ...held, fence: 6 })).toEqual({ taken: 'lost' });
  expect(await take(held)).toMatchObject({ taken: 'nonce', nonce: 4 });
  expect(await take(held)).toMatchObject({ taken: 'nonce', nonce: 5 });

  await sql`update jobs set cancel_requested_at = now() where id = ${held.jobId}`.execute(store.read);
  expect(await append(id, held, [], [planned])).toBe('cancelled');
  expect(await take(held)).toEqual({ taken: 'cancelled' });
  expect(await getDeployment(store.read, owner.ownerId, id)).toMatchObject({ status: 'queued', seq: 0 });
  // What is signed may be under way, whoever wants it away.
  expect(await take({ ...held, unsigned: false })).toMatchObject({ taken: 'nonce', nonce: 6 });
  expect(await append(id, { ...held, unsigned: false }, [], [planned])).toBe('written');
});

test('a frozen address gets no nonce, and loses none', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'queued' });
  const held = await insertRunningJob(store, owner, id);
  const genesisHash: Hex = `0x${'4'.repeat(64)}`;
  const account = { chainId: 31_338, genesisHash, address: '0xc' as Hex, atLeast: 0 };
  const take = () => store.transaction((tx) => takeNonceHeld(tx, held, account));
  await store.transaction((tx) => recordChain(tx, account.chainId, genesisHash));
  expect(await take()).toMatchObject({ nonce: 0 });
  await store.transaction((tx) => freezeAccount(tx, account, 'the key is used elsewhere'));
  await expect(take()).rejects.toMatchObject({ code: 'signer-frozen' });
  const [known] = await findNonceAccounts(store.read, { chainId: account.chainId });
  expect(known).toMatchObject({ nextNonce: 1, frozenReason: 'the key is used elsewhere' });
  await store.transaction((tx) => thawAccount(tx, { ...account, epoch: known?.epoch ?? -1 }));
  expect(await take()).toMatchObject({ nonce: 1 });
});

test('whoever has not read the newest facts of a deployment cannot write over them', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'queued' });
  const held = await insertRunningJob(store, owner, id);
  expect(await append(id, held, [], [planned])).toBe('written');
  expect(await append(id, held, [planned], [cancelled])).toBe('written');
  // A second job that folded the journal before the cancel.
  expect(await append(id, held, [planned], [planned])).toBe('behind');
  expect(await getDeployment(store.read, owner.ownerId, id)).toMatchObject({ status: 'cancelled', seq: 2 });
});

test('the same signed bytes can be recorded once for a chain, and again when it was made anew', async () => {
  const chainId = 31_337;
  const address = '0xa';
  const sign = async (genesisHash: Hex, atLeast: number) => {
    const deploymentId = await insertTestDeployment(store, owner, { state: 'preparing' });
    const held = await insertRunningJob(store, owner, deploymentId);
    await store.transaction(async (tx) => {
      await recordChain(tx, chainId, genesisHash);
      const taken = await takeNonceHeld(tx, held, { chainId, genesisHash, address, atLeast });
      if (taken.taken !== 'nonce') throw new Error(taken.taken);
      const { epoch, nonce } = taken;
      const signed = { chainId, address, deploymentId, hash: '0xbeef', raw: '0xcafe' };
      insertTransaction(tx, { kind: 'create', ...signed, epoch, nonce });
    });
  };
  await sign(`0x${'1'.repeat(64)}`, 0);
  await expect(sign(`0x${'1'.repeat(64)}`, 1)).rejects.toThrow(/transactions_hash/);
  await sign(`0x${'2'.repeat(64)}`, 0);
});

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { insertTestDeployment } from '../../test/support/deployment-rows.ts';
import { insertRunningJob } from '../../test/support/running-job.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import type { Hex } from '../chain/types.ts';
import type { Message } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import { recordChain } from './chains.ts';
import type { Store, Tx } from './db.ts';
import {
  appendFacts,
  type Held,
  type NonceSource,
  takeNoncesHeld,
  type Written,
} from './deployment-journal.ts';
import { getDeployment, insertTransaction } from './deployments.ts';
import type { Ownership } from './generations.ts';
import { findNonceAccounts, freezeAccount, spentOfLate, thawAccount } from './nonce-accounts.ts';

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
    appendFacts(tx, { id, held, after: known.length, messages: facts, state, events, at: 'held' }),
  );
  return written;
}

async function takeOne(tx: Tx, held: Held, account: NonceSource) {
  const [taken] = await takeNoncesHeld(tx, [held], account);
  return taken;
}

test('a worker without the lease writes nothing, nor one whose job was cancelled before the signature', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'queued' });
  const held = await insertRunningJob(store, owner, id);
  expect(await append(id, { ...held, fence: 6 }, [], [planned])).toBe('lost');
  const account = { chainId: 31_337, genesisHash: `0x${'3'.repeat(64)}`, address: '0xb', atLeast: 4 };
  const take = (by: Held) => store.transaction((tx) => takeOne(tx, by, account));
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

test('jobs of one address take nonces that follow one another; one that is lost or cancelled takes none', async () => {
  const genesisHash: Hex = `0x${'5'.repeat(64)}`;
  const account = { chainId: 31_339, genesisHash, address: '0xd' as Hex, atLeast: 7 };
  await store.transaction((tx) => recordChain(tx, account.chainId, genesisHash));
  const jobs: Held[] = [];
  for (let at = 0; at < 5; at += 1) {
    const id = await insertTestDeployment(store, owner, { state: 'queued' });
    jobs.push(await insertRunningJob(store, owner, id));
  }
  const lost = { ...(jobs[1] as Held), fence: 6 };
  const cancelled = jobs[3] as Held;
  await sql`update jobs set cancel_requested_at = now() where id = ${cancelled.jobId}`.execute(store.read);
  const given = jobs.with(1, lost).toReversed();
  const taken = await store.transaction((tx) => takeNoncesHeld(tx, given, account));
  expect(taken.map((one) => ('nonce' in one ? one.nonce : one.taken))).toEqual([
    7,
    'cancelled',
    8,
    'lost',
    9,
  ]);
  const [next] = await store.transaction((tx) => takeNoncesHeld(tx, [jobs[0] as Held], account));
  expect(next).toMatchObject({ nonce: 10 });
  // With nobody left to sign for, nothing is taken.
  const none = await store.transaction((tx) => takeNoncesHeld(tx, [lost, cancelled], account));
  expect(none.map((one) => one.taken)).toEqual(['lost', 'cancelled']);
  const [known] = await findNonceAccounts(store.read, { chainId: account.chainId });
  expect(known?.nextNonce).toBe(11);
});

test('what is spent is counted after whoever signs for the address has committed', async () => {
  const genesisHash: Hex = `0x${'6'.repeat(64)}`;
  const account = { chainId: 31_340, genesisHash, address: '0xe' as Hex, atLeast: 0 };
  await store.transaction((tx) => recordChain(tx, account.chainId, genesisHash));
  const id = await insertTestDeployment(store, owner, { state: 'preparing' });
  const held = await insertRunningJob(store, owner, id);
  // There is one to be replaced, so the account is known.
  const first = await insertTestDeployment(store, owner, { state: 'preparing' });
  const before = await insertRunningJob(store, owner, first);
  await store.transaction((tx) => takeOne(tx, before, account));
  const signed = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  let epoch = 0;
  const signing = store.transaction(async (tx) => {
    const taken = await takeOne(tx, held, account);
    if (taken?.taken !== 'nonce') throw new Error(taken?.taken);
    epoch = taken.epoch;
    insertTransaction(tx, {
      ...{ chainId: account.chainId, epoch, nonce: taken.nonce, address: account.address },
      ...{ deploymentId: id, kind: 'create', hash: '0xfeed', raw: '0x01', costMax: 700n },
    });
    signed.resolve();
    await commit.promise;
  });
  await signed.promise;
  // A replacement of another nonce, which waits for the lock of the one that signs.
  const counting = store.transaction((tx) => spentOfLate(tx, { ...account, epoch, except: 99 }));
  await vi.waitFor(async () => {
    const { rows } = await sql<{
      waits: boolean;
    }>`select exists (select from pg_locks where not granted) as waits`.execute(store.read);
    expect(rows[0]?.waits).toBe(true);
  });
  commit.resolve();
  await signing;
  expect(await counting).toBe(700n);
});

test('a frozen address gets no nonce, and loses none', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'queued' });
  const held = await insertRunningJob(store, owner, id);
  const genesisHash: Hex = `0x${'4'.repeat(64)}`;
  const account = { chainId: 31_338, genesisHash, address: '0xc' as Hex, atLeast: 0 };
  const take = () => store.transaction((tx) => takeOne(tx, held, account));
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
      const taken = await takeOne(tx, held, { chainId, genesisHash, address, atLeast });
      if (taken?.taken !== 'nonce') throw new Error(taken?.taken);
      const { epoch, nonce } = taken;
      const signed = { chainId, address, deploymentId, hash: '0xbeef', raw: '0xcafe', costMax: 1n };
      insertTransaction(tx, { kind: 'create', ...signed, epoch, nonce });
    });
  };
  await sign(`0x${'1'.repeat(64)}`, 0);
  await expect(sign(`0x${'1'.repeat(64)}`, 1)).rejects.toThrow(/transactions_hash/);
  await sign(`0x${'2'.repeat(64)}`, 0);
});

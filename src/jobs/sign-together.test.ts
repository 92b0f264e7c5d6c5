import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRunningJob } from '../../test/support/running-job.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import type { Hex } from '../chain/types.ts';
import { recordChain } from '../store/chains.ts';
import type { Store, Tx } from '../store/db.ts';
import type { Held } from '../store/deployment-journal.ts';
import type { Ownership } from '../store/generations.ts';
import { findNonceAccounts, freezeAccount } from '../store/nonce-accounts.ts';
import { createSigningQueue, type NonceSlot } from './sign-together.ts';

let store: Store;
let close: () => Promise<void>;
let owner: Ownership;
/** Transactions that were begun. */
let begun = 0;
const genesisHash: Hex = `0x${'a'.repeat(64)}`;
const chainId = 31_400;

beforeAll(async () => {
  const opened = await testStore();
  ({ close } = opened);
  store = {
    ...opened.store,
    transaction(work, options) {
      begun += 1;
      return opened.store.transaction(work, options);
    },
  };
  owner = await testOwner(store);
  await store.transaction((tx) => recordChain(tx, chainId, genesisHash));
});
afterAll(() => close());

function world(address: string) {
  const together = createSigningQueue(store);
  return {
    together,
    sign: async (
      change: { held?: Held; write?: (tx: Tx, slot: NonceSlot) => Promise<void>; alone?: boolean } = {},
    ) => {
      const held = change.held ?? (await insertRunningJob(store, owner));
      let given: number | undefined;
      await together({
        held: () => held,
        source: { chainId, genesisHash, address, atLeast: 0 },
        alone: change.alone ?? false,
        async write(tx, slot) {
          given = slot.nonce;
          await change.write?.(tx, slot);
        },
        refusal: (taken) => new Error(taken),
      });
      return given;
    },
    async next() {
      const [account] = await findNonceAccounts(store.read, { chainId, address });
      return account?.nextNonce;
    },
  };
}

test('those that come while one is signed share the next transaction, each with a nonce of its own', async () => {
  const { sign, next } = world('0xaa');
  const jobs = await Promise.all(Array.from({ length: 9 }, () => insertRunningJob(store, owner)));
  const before = begun;
  const nonces = await Promise.all(jobs.map((held) => sign({ held })));
  expect(nonces.toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(begun - before).toBeLessThanOrEqual(2);
  expect(await next()).toBe(9);
});

test('one whose signature fails keeps no nonce, and harms none beside it', async () => {
  const { sign, next } = world('0xbb');
  const held = await Promise.all(Array.from({ length: 4 }, () => insertRunningJob(store, owner)));
  const bad = async () => {
    throw new Error('the key is away');
  };
  const ends = await Promise.allSettled(
    held.map((one, at) => sign(at === 1 ? { held: one, write: bad } : { held: one })),
  );
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  const nonces = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  expect(nonces).toEqual([0, 1, 2]);
  expect(await next()).toBe(3);
});

test('one that lost its lease, or was cancelled, is refused beside others that are signed', async () => {
  const { sign, next } = world('0xcc');
  const good = await insertRunningJob(store, owner);
  const lost = { ...(await insertRunningJob(store, owner)), fence: 6 };
  const ends = await Promise.allSettled([sign({ held: lost }), sign({ held: good })]);
  expect(ends).toMatchObject([
    { status: 'rejected', reason: { message: 'lost' } },
    { status: 'fulfilled', value: 0 },
  ]);
  expect(await next()).toBe(1);
});

test('an error of the database in one of them leaves the others signed', async () => {
  const { sign, next } = world('0xdd');
  const held = await Promise.all(Array.from({ length: 3 }, () => insertRunningJob(store, owner)));
  const broken = async (tx: Tx) => {
    await tx.send({ compile: () => ({ sql: 'select no_such_column', parameters: [] }) });
  };
  const ends = await Promise.allSettled(
    held.map((one, at) => sign(at === 0 ? { held: one, write: broken } : { held: one })),
  );
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(await next()).toBe(2);
});

test('a frozen address signs for nobody', async () => {
  const { sign, next } = world('0xee');
  await sign();
  await store.transaction((tx) => freezeAccount(tx, { chainId, address: '0xee' as Hex }, 'used elsewhere'));
  const ends = await Promise.allSettled([sign(), sign()]);
  expect(ends).toMatchObject([{ reason: { code: 'signer-frozen' } }, { reason: { code: 'signer-frozen' } }]);
  expect(await next()).toBe(1);
});

test('one that depends on what was signed before is signed by itself, after it', async () => {
  const { sign } = world('0xff');
  const jobs = await Promise.all(Array.from({ length: 6 }, () => insertRunningJob(store, owner)));
  const seen: number[] = [];
  const signed = async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from service_settings
      where key like 'signed-%'`.execute(store.read);
    return rows[0]?.count ?? 0;
  };
  const write = (at: number) => async (tx: Tx) => {
    if (at % 2 === 1) seen.push(await signed());
    await sql`insert into service_settings (key, value) values (${`signed-${at}`}, '1')`.execute(tx.sql);
  };
  const nonces = await Promise.all(
    jobs.map((held, at) => sign({ held, alone: at % 2 === 1, write: write(at) })),
  );
  expect(nonces).toEqual([0, 1, 2, 3, 4, 5]);
  // Each sees everything before it on the disk.
  expect(seen).toEqual([1, 3, 5]);
});

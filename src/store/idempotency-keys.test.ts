import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import { newId } from '../lib/ids.ts';
import { openStore, type Store } from './db.ts';
import { storeIdempotentResult, takeIdempotencyKey } from './idempotency-keys.ts';
import { insertOwner } from './owners.ts';

let database: TestDatabase;
let store: Store;
const ownerId = newId();

beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url });
  await store.transaction((tx) =>
    insertOwner(tx, { id: ownerId, kind: 'person', name: 'Ada', tier: 'free' }),
  );
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const request = (key: string) => ({ ownerId, route: 'POST /x', key, bodyHash: 'a' });
const take = (key: string, waitSeconds: number) =>
  store
    .transaction(async (tx) => {
      const found = await takeIdempotencyKey(tx, request(key), waitSeconds);
      // The transaction is lost: only an end without a commit is left.
      if (found.kind === 'busy') throw found;
      return found;
    })
    .catch((thrown: unknown) => thrown);

test('who finds the key held waits, gives up in time, and gets the result once it is there', async () => {
  const release = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const first = store.transaction(async (tx) => {
    expect(await takeIdempotencyKey(tx, request('k'), 5)).toEqual({ kind: 'taken' });
    held.resolve();
    await release.promise;
    storeIdempotentResult(tx, request('k'), { result: '{"b":1,"a":2}' });
  });
  await held.promise;
  expect(await take('k', 0.05)).toEqual({ kind: 'busy' });
  const patient = take('k', 5);
  release.resolve();
  await first;
  expect(await patient).toEqual({ kind: 'known', bodyHash: 'a', result: '{"b":1,"a":2}' });
});

test('a holder that fails leaves the key to the next', async () => {
  const failing = store.transaction(async (tx) => {
    await takeIdempotencyKey(tx, request('f'), 5);
    throw new Error('broke');
  });
  await expect(failing).rejects.toThrow('broke');
  expect(await take('f', 5)).toEqual({ kind: 'taken' });
});

test('the time limit of the key is not the time limit of the work', async () => {
  await store.transaction(async (tx) => {
    await takeIdempotencyKey(tx, request('t'), 5);
    const { sql } = await import('kysely');
    const { rows } = await sql`show lock_timeout`.execute(tx.sql);
    expect(rows).toEqual([{ lock_timeout: '0' }]);
  });
});

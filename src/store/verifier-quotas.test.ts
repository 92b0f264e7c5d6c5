import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';
import { openStore, type Store } from './db.ts';
import { returnSubmission, takeQuota } from './verifier-quotas.ts';

let first: Awaited<ReturnType<typeof testStore>>;
let second: Store;
beforeAll(async () => {
  first = await testStore();
  second = openStore({ url: first.url, connectionsMax: 8 });
});
afterAll(async () => {
  await second.close();
  await first.close();
});

test('requests of all processes are evenly spaced', async () => {
  const quota = { keyHash: 'spaced', perSecond: 4, perDay: 1_000 };
  const stores = Array.from({ length: 20 }, (_, at) => (at % 2 ? first.store : second));
  const waits = await Promise.all(stores.map(({ read }) => takeQuota(read, quota, false)));
  expect(waits.filter((ms) => ms === 0)).toHaveLength(1);
  const others = waits.filter((ms) => ms > 0);
  expect(Math.max(...others)).toBeLessThanOrEqual(250);
  await new Promise((resolve) => setTimeout(resolve, 260));
  expect(await takeQuota(second.read, quota, false)).toBe(0);
});

test('another key has a quota of its own', async () => {
  const quota = { perSecond: 1, perDay: 10 };
  expect(await takeQuota(first.store.read, { ...quota, keyHash: 'a' }, true)).toBe(0);
  expect(await takeQuota(first.store.read, { ...quota, keyHash: 'b' }, true)).toBe(0);
  expect(await takeQuota(first.store.read, { ...quota, keyHash: 'a' }, true)).toBeGreaterThan(0);
});

test('submissions of a day are counted, and the next day begins anew', async () => {
  const quota = { keyHash: 'day', perSecond: 1_000_000, perDay: 2 };
  const take = (submission: boolean) => takeQuota(first.store.read, quota, submission);
  expect([await take(true), await take(false), await take(true)]).toEqual([0, 0, 0]);
  const { rows } = await sql<{ ms: number }>`select 1000 * extract(epoch from
    date_trunc('day', now(), 'UTC') + interval '24 hours' - now())::float8 as ms`.execute(first.store.read);
  const untilMidnight = rows[0]?.ms ?? 0;
  const wait = await take(true);
  expect(Math.abs(wait - untilMidnight)).toBeLessThan(5_000);
  expect(await take(false)).toBe(0);
  await returnSubmission(first.store.read, quota);
  expect([await take(true), (await take(true)) > 0]).toEqual([0, true]);
  await sql`update verifier_quotas set day_began = day_began - interval '24 hours' where key_hash = 'day'`.execute(
    first.store.read,
  );
  expect(await take(true)).toBe(0);
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { pruneHistory } from '../actions/prune-history.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import type { Store } from './db.ts';
import type { Ownership } from './generations.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
});
afterAll(() => close());
beforeEach(async () => {
  await store.read.deleteFrom('webhook_deliveries').execute();
  await store.read.deleteFrom('webhooks').execute();
  owner = await testOwner(store);
});

const retentionDays = 30;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const dayMinutes = 1_440;

async function insertWebhook(deletedMinutesAgo: number | null): Promise<string> {
  const id = newId();
  await store.read
    .insertInto('webhooks')
    .values({
      id,
      owner_id: owner.ownerId,
      created_by: owner.userId,
      url: 'https://example.org/',
      description: '',
      events: ['*'],
      sealed_secret: '{}',
      created_at: minutesAgo(1_000 * dayMinutes),
      deleted_at: deletedMinutesAgo === null ? null : minutesAgo(deletedMinutesAgo),
    })
    .execute();
  return id;
}

async function insertDelivery(
  webhookId: string,
  status: string,
  endedMinutesAgo: number | null,
): Promise<string> {
  const id = newId();
  await store.read
    .insertInto('webhook_deliveries')
    .values({
      id,
      webhook_id: webhookId,
      owner_id: owner.ownerId,
      type: 'job.failed',
      payload: '{}',
      status,
      created_at: minutesAgo(1_000 * dayMinutes),
      completed_at: endedMinutesAgo === null ? null : minutesAgo(endedMinutesAgo),
    })
    .execute();
  return id;
}

const idsOf = async (table: 'webhooks' | 'webhook_deliveries') =>
  (await store.read.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id);

test('deliveries go as long after their end as jobs; those that are pending stay', async () => {
  const hook = await insertWebhook(null);
  const edge = retentionDays * dayMinutes;
  const stay = [
    await insertDelivery(hook, 'pending', null),
    await insertDelivery(hook, 'succeeded', edge - 5),
    await insertDelivery(hook, 'failed', edge - 5),
  ];
  await insertDelivery(hook, 'succeeded', edge + 5);
  await insertDelivery(hook, 'failed', edge + 5);
  expect(await pruneHistory(store, { retentionDays })).toMatchObject({ webhookDeliveries: 2, webhooks: 0 });
  expect(await idsOf('webhook_deliveries')).toEqual(stay);
  expect(await idsOf('webhooks')).toEqual([hook]);
});

test('a deleted webhook goes when no delivery refers to it, and in the same run as its last one', async () => {
  const edge = limits.deletedWebhookMinutes;
  const stay = [await insertWebhook(null), await insertWebhook(edge - 5), await insertWebhook(edge + 5)];
  await insertDelivery(stay[2] ?? '', 'failed', retentionDays * dayMinutes - 5);
  await insertWebhook(edge + 5);
  const last = await insertWebhook(edge + 5);
  await insertDelivery(last, 'failed', retentionDays * dayMinutes + 5);
  expect(await pruneHistory(store, { retentionDays })).toMatchObject({ webhookDeliveries: 1, webhooks: 2 });
  expect(await idsOf('webhooks')).toEqual(stay);
});

test('works in batches', async () => {
  const hook = await insertWebhook(100);
  for (let n = 0; n < 5; n += 1) await insertDelivery(hook, 'failed', 100 * dayMinutes);
  expect(await pruneHistory(store, { retentionDays, batchRows: 2, pauseMs: 1 })).toMatchObject({
    webhookDeliveries: 5,
    webhooks: 1,
  });
});

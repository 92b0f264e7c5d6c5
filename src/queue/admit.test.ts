import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { newId } from '../lib/ids.ts';
import { sleep } from '../lib/retry.ts';
import type { Store } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { createAdmission } from './admit.ts';
import { enqueue } from './enqueue.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});
afterEach(() => store.read.deleteFrom('jobs').execute());
afterAll(() => close());

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error);

function ask(of: Ownership, queuedMax: number | null, admission = createAdmission({ queuedMax: 1_000 })) {
  return store
    .transaction(async (tx) => {
      await admission.checkService(tx);
      admission.checkOwner(tx, { ownerId: of.ownerId, queuedMax });
      return enqueue(tx, { ...of, kind: 'compile', subjectId: newId(), requestId: 'test' });
    })
    .then(() => 'accepted', codeOf);
}

const count = async () =>
  (await store.read.selectFrom('jobs').select('id').where('owner_id', '=', owner.ownerId).execute()).length;

test('an owner may have as many queued as the tier says, and not one more', async () => {
  for (let at = 0; at < 3; at += 1) expect(await ask(owner, 3)).toBe('accepted');
  expect(await ask(owner, 3)).toBe('owner-queue-full');
  expect(await count()).toBe(3);
  expect(await ask(await testOwner(store), 3)).toBe('accepted');
  expect(await ask(owner, null)).toBe('accepted');
});

test('of many at the same moment no more are accepted either', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(owner, 3)));
  expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(3);
  expect(await count()).toBe(3);
});

test('what has started makes room, deliveries do not count', async () => {
  for (let at = 0; at < 2; at += 1) expect(await ask(owner, 2)).toBe('accepted');
  const delivery = { ...owner, kind: 'webhook' as const, subjectId: newId(), requestId: 'test' };
  await store.transaction((tx) => enqueue(tx, delivery));
  expect(await ask(owner, 2)).toBe('owner-queue-full');
  const { id } = await store.read
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', 'compile')
    .executeTakeFirstOrThrow();
  await store.read.updateTable('jobs').set({ state: 'running' }).where('id', '=', id).execute();
  expect(await ask(owner, 2)).toBe('accepted');
});

test('the refusal names the limit and says when to come back', async () => {
  await ask(owner, 1);
  const refused = await store
    .transaction(async (tx) => {
      createAdmission({ queuedMax: 10 }).checkOwner(tx, { ownerId: owner.ownerId, queuedMax: 1 });
      // What is awaited afterwards fails too, and must not hide the reason.
      await tx.sql.selectFrom('jobs').select('id').execute();
    })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'owner-queue-full',
    status: 429,
    retryAfterSeconds: 5,
    retryable: true,
  });
});

test('the service takes as many as it is set to, counted while it accepts them, and more when some have started', async () => {
  const admission = createAdmission({ queuedMax: 5 });
  for (let at = 0; at < 5; at += 1) expect(await ask(owner, null, admission)).toBe('accepted');
  expect(await ask(owner, null, admission)).toBe('service-queue-full');
  const all = await Promise.all(Array.from({ length: 10 }, () => ask(owner, null, admission)));
  expect(new Set(all)).toEqual(new Set(['service-queue-full']));
  await store.read.updateTable('jobs').set({ state: 'running' }).execute();
  // A full queue is looked at twice a second.
  await sleep(600);
  expect(await ask(owner, null, admission)).toBe('accepted');
  expect(await count()).toBe(6);
});

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import { startReceiver, type WebhookReceiver } from '../../test/support/webhook-receiver.ts';
import { announce } from '../actions/announce.ts';
import type { NewWebhook } from '../actions/create-webhook.ts';
import { endJob } from '../actions/end-job.ts';
import { limits } from '../lib/limits.ts';
import { engines } from '../queue/engines/index.ts';
import { startWorker, type Worker, type WorkerEvent } from '../queue/worker.ts';
import { lockDelivery, type WebhookDelivery } from '../store/webhook-deliveries.ts';
import type { EventType } from '../webhooks/events.ts';
import { webhook } from './webhook.ts';

/** What bounds deliveries: how many wait, how long one may hold a place, and that none stays for ever. */
let server: TestServer;
let token: string;
let ownerId: string;
let receivers: WebhookReceiver[] = [];
let worker: Worker | undefined;
let events: WorkerEvent[] = [];
const longMs = 3_600_000;
const max = limits.webhookDeliveriesPendingMax.free;

beforeAll(async () => {
  server = await startHttpServer();
  server.platform.settings.webhookPrivate = ['127.0.0.0/8'];
});
beforeEach(async () => {
  const account = await server.register(`${randomUUID()}@example.org`);
  token = account.tokens.accessToken;
  ownerId = (await server.send('GET /api/v1/auth/me', { token })).body.ownerId;
});
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
  await worker?.stop(5_000);
  worker = undefined;
  events = [];
  await server.store.read.deleteFrom('jobs').where('kind', '=', 'webhook').execute();
});
afterAll(() => server.close());

/** Starts making deliveries: what happened before waits for this. */
function deliver(options: Parameters<typeof webhook>[1] = {}): void {
  const { platform, store } = server;
  worker = startWorker({
    store,
    engine: engines.postgres({ store, url: null, onError() {} }),
    name: 'test',
    lane: 'delivery',
    handlers: { webhook: webhook(platform, { timeoutMs: 60_000, delayMs: () => longMs, ...options }) },
    onEnded: endJob(platform),
    leaseSeconds: 30,
    concurrency: 8,
    pollMs: 20,
    onEvent: (event) => events.push(event),
  });
}

async function receive(answer?: WebhookReceiver['answer']): Promise<WebhookReceiver> {
  const receiver = await startReceiver();
  if (answer) receiver.answer = answer;
  receivers.push(receiver);
  return receiver;
}

async function create(url: string, wanted: string[] = ['*']): Promise<NewWebhook> {
  const { status, text, body } = await server.send('POST /api/v1/webhooks', {
    token,
    body: { url, events: wanted },
  });
  expect(status, text).toBe(201);
  return body as unknown as NewWebhook;
}

const happen = (...types: EventType[]) =>
  server.store.transaction((tx) =>
    announce(tx, {
      ownerId,
      requestId: null,
      events: types.map((type) => ({ type, data: { id: randomUUID(), state: 'x' } })),
    }),
  );

const deliveriesOf = async (hook: { id: string }) =>
  (await server.send(`GET /api/v1/webhooks/${hook.id}/deliveries?limit=100`, { token })).body
    .items as unknown as WebhookDelivery[];

const redeliver = ({ id, webhookId }: WebhookDelivery) =>
  server.send(`POST /api/v1/webhooks/${webhookId}/deliveries/${id}/redeliver`, { token });

async function newest(hook: { id: string }): Promise<WebhookDelivery> {
  const [delivery] = await deliveriesOf(hook);
  if (!delivery) throw new Error('there is no delivery');
  return delivery;
}

const jobsOf = (...deliveries: { id: string }[]) =>
  server.store.read
    .selectFrom('jobs')
    .select(['id', 'state', 'error', 'event_seq'])
    .where(
      'subject_id',
      'in',
      deliveries.map(({ id }) => id),
    )
    .execute();

const hookRow = (hook: { id: string }) =>
  server.store.read.selectFrom('webhooks').selectAll().where('id', '=', hook.id).executeTakeFirstOrThrow();

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Pending deliveries of earlier, with ids that say so, and without jobs. */
async function fill(hook: { id: string }, count: number): Promise<void> {
  await sql`insert into webhook_deliveries (id, webhook_id, owner_id, type, payload)
    select overlay(gen_random_uuid()::text placing '00000000' from 1)::uuid, ${hook.id}, ${ownerId}, 'job.failed', '{}' from generate_series(1, ${count}::integer)`.execute(
    server.store.read,
  );
}

const count = async (status: string) => {
  const rows = await server.store.read
    .selectFrom('webhook_deliveries')
    .select('error')
    .where('owner_id', '=', ownerId)
    .where('status', '=', status)
    .execute();
  return rows.length;
};

test('what happens beyond the pending deliveries of an owner is written down as not sent, without a job', async () => {
  const hook = await create('http://127.0.0.1:9/');
  await fill(hook, max - 2);
  await happen('job.succeeded', 'pipeline.failed', 'deployment.mined');
  await happen('job.failed');
  const all = await server.store.read
    .selectFrom('webhook_deliveries')
    .select(['id', 'type', 'status', 'error', 'completed_at'])
    .where('webhook_id', '=', hook.id)
    .where('payload', '!=', '{}')
    .orderBy('id')
    .execute();
  const queued = { status: 'pending', error: null, completed_at: null };
  const refused = {
    status: 'failed',
    error: { code: 'webhook-queue-full', retryable: true },
    completed_at: expect.any(Date),
  };
  expect(all).toMatchObject([
    { type: 'job.succeeded', ...queued },
    { type: 'pipeline.failed', ...queued },
    { type: 'deployment.mined', ...refused },
    { type: 'job.failed', ...refused },
  ]);
  expect(await jobsOf(...all)).toHaveLength(2);

  await server.store.read
    .updateTable('owners')
    .set({ tier: 'enterprise' })
    .where('id', '=', ownerId)
    .execute();
  await happen('job.failed');
  expect(await count('pending')).toBe(max + 1);
  await fill(hook, limits.webhookDeliveriesPendingMax.enterprise - max - 2);
  await happen('job.failed', 'job.failed');
  expect(await count('pending')).toBe(limits.webhookDeliveriesPendingMax.enterprise);
  expect(await count('failed')).toBe(3);
});

test('one owner’s pending deliveries are no other’s', async () => {
  await fill(await create('http://127.0.0.1:9/'), max);
  const other = await server.register(`${randomUUID()}@example.org`);
  token = other.tokens.accessToken;
  ownerId = (await server.send('GET /api/v1/auth/me', { token })).body.ownerId;
  const hook = await create('http://127.0.0.1:9/');
  await happen('job.failed');
  expect((await newest(hook)).status).toBe('pending');
});

test('a redelivery is admitted by the same limit', async () => {
  const hook = await create('http://127.0.0.1:9/');
  await fill(hook, max);
  await happen('job.failed');
  const delivery = await newest(hook);
  const full = await redeliver(delivery);
  expect([full.status, full.body.code, full.body.retryable]).toEqual([429, 'webhook-queue-full', true]);
  expect(full.headers.get('retry-after')).toBe(String(limits.retryAfterFullSeconds));
  expect((await newest(hook)).status).toBe('failed');
  await sql`delete from webhook_deliveries where id = (
    select id from webhook_deliveries where owner_id = ${ownerId} and status = 'pending' limit 1)`.execute(
    server.store.read,
  );
  expect((await redeliver(delivery)).status).toBe(202);
  expect(await newest(hook)).toMatchObject({ status: 'pending', error: null, completedAt: null });
});

test('the jobs of a deleted webhook end with it, whenever they would have been due', async () => {
  const receiver = await receive();
  const [hook, other] = [
    await create(receiver.url, ['job.failed']),
    await create(receiver.url, ['job.succeeded']),
  ];
  for (let n = 0; n < 20; n += 1) await happen('job.failed', 'job.succeeded');
  await sql`update jobs set run_at = now() + interval '3 hours', turn = 0 where owner_id = ${ownerId}`.execute(
    server.store.read,
  );
  const [wanted, unwanted] = [await deliveriesOf(other), await deliveriesOf(hook)];
  expect((await hookRow(hook)).sealed_secret).not.toBe(null);
  expect((await server.send(`DELETE /api/v1/webhooks/${hook.id}`, { token })).status).toBe(204);
  const states = async (deliveries: WebhookDelivery[]) =>
    (await jobsOf(...deliveries)).map((job) => [job.state, job.event_seq]);
  expect(await states(unwanted)).toEqual(Array(20).fill(['cancelled', 2]));
  expect(await states(wanted)).toEqual(Array(20).fill(['queued', 1]));
  expect((await hookRow(hook)).sealed_secret).toBe(null);
  expect(await count('failed')).toBe(20);
  expect(await count('pending')).toBe(20);
  const [job] = await jobsOf(...unwanted);
  const told = await server.store.read
    .selectFrom('events')
    .select(['seq', 'type'])
    .where('subject_id', '=', job?.id ?? '')
    .orderBy('seq')
    .execute();
  expect(told).toEqual([
    { seq: 1, type: 'queued' },
    { seq: 2, type: 'cancelled' },
  ]);
});

test('a webhook that is deleted during a failing attempt leaves no job that waits for the next one', async () => {
  let refuse: () => void = () => {};
  const receiver = await receive((response) => {
    refuse = () => response.writeHead(500).end();
  });
  const hook = await create(receiver.url);
  await happen('job.failed');
  const delivery = await newest(hook);
  deliver();
  await receiver.arrived(1);
  await server.send(`DELETE /api/v1/webhooks/${hook.id}`, { token });
  expect(await jobsOf(delivery)).toMatchObject([{ state: 'running' }]);
  refuse();
  await until(async () => (await jobsOf(delivery))[0]?.state !== 'running');
  expect(await jobsOf(delivery)).toMatchObject([{ state: 'cancelled' }]);
  expect(await count('failed')).toBe(1);
});

test('while a receiver is left alone, deliveries whose time is over end without an attempt', async () => {
  const receiver = await receive(() => {});
  const hook = await create(receiver.url);
  for (let n = 0; n < 10; n += 1) await happen('job.failed');
  const { read } = server.store;
  const refused = { code: 'webhook-refused', title: 'x', message: 'x', hint: 'x', retryable: true };
  const [tried, ...untried] = await deliveriesOf(hook);
  await sql`update webhook_deliveries set round_started_at = now() - interval '24 hours' where owner_id = ${ownerId}`.execute(
    read,
  );
  await sql`update webhook_deliveries set error = ${JSON.stringify(refused)} where id = ${tried?.id}`.execute(
    read,
  );
  await sql`update webhooks set silences = 9, held_until = now() + interval '2 hours' where id = ${hook.id}`.execute(
    read,
  );
  deliver();
  await until(async () => (await count('failed')) === 10);
  expect(receiver.messages).toEqual([]);
  const codes = new Map((await deliveriesOf(hook)).map(({ id, error }) => [id, error?.code]));
  expect(codes.get(tried?.id ?? '')).toBe('webhook-refused');
  expect(untried.map(({ id }) => codes.get(id))).toEqual(Array(9).fill('webhook-held'));
});

test('one of them finds out, when the pause is over, whether the receiver is back', async () => {
  const answers: (() => void)[] = [];
  const receiver = await receive((response) => answers.push(() => response.end()));
  const hook = await create(receiver.url);
  for (let n = 0; n < 10; n += 1) await happen('job.failed');
  const { read } = server.store;
  await sql`update webhook_deliveries set round_started_at = now() - interval '24 hours' where owner_id = ${ownerId}`.execute(
    read,
  );
  await sql`update webhooks set silences = 9, held_until = now() where id = ${hook.id}`.execute(read);
  deliver();
  await until(async () => (await count('failed')) === 9);
  expect(receiver.messages).toHaveLength(1);
  answers[0]?.();
  await until(async () => (await count('succeeded')) === 1);
  expect(await hookRow(hook)).toMatchObject({ silences: 0, held_until: null });
});

test('a receiver that answers at once and never ends its body holds its place for a moment only', async () => {
  const receiver = await receive((response) => {
    response.writeHead(200, { 'content-length': 100 }).write('part');
  });
  const hook = await create(receiver.url);
  await happen('job.failed');
  deliver();
  await until(async () => (await newest(hook)).status !== 'pending');
  expect(await newest(hook)).toMatchObject({
    status: 'succeeded',
    attempts: [{ status: 200, reply: 'part' }],
  });
});

test('a receiver that takes its time is left alone, though its message counts as received', async () => {
  const receiver = await receive((response) => {
    setTimeout(() => response.end('at last'), limits.webhookSlowSeconds * 1000 + 100);
  });
  const hook = await create(receiver.url);
  await happen('job.failed');
  deliver();
  await until(async () => (await newest(hook)).status !== 'pending');
  expect(await newest(hook)).toMatchObject({ status: 'succeeded', attempts: [{ status: 200 }] });
  const { silences, held_until } = await hookRow(hook);
  expect([silences, held_until]).toEqual([1, expect.any(Date)]);
});

test('a cancel that comes while a redelivery is refused ends the delivery all the same', async () => {
  const hook = await create('http://127.0.0.1:9/');
  await happen('job.failed');
  const delivery = await newest(hook);
  const [job] = await jobsOf(delivery);
  let answered = false;
  const cancel = () =>
    server.send(`POST /api/v1/jobs/${job?.id}/cancel`, { token }).finally(() => {
      answered = true;
    });
  const waits = async () => {
    const { rows } = await sql`select from pg_locks where not granted`.execute(server.store.read);
    return rows.length > 0;
  };
  const cancelling = await server.store.transaction(async (tx) => {
    await lockDelivery(tx, { id: delivery.id, webhookId: hook.id });
    const sent = cancel();
    await until(async () => answered || (await waits()));
    return { sent };
  });
  expect((await cancelling.sent).status).toBe(200);
  expect(await newest(hook)).toMatchObject({
    status: 'failed',
    error: { code: 'webhook-delivery-cancelled' },
  });
});

test('whoever is refused a redelivery does not wait for the delivery, nor hold it up', async () => {
  const hook = await create('http://127.0.0.1:9/');
  await happen('job.failed');
  const delivery = await newest(hook);
  const reply = await server.store.transaction(async (tx) => {
    await lockDelivery(tx, { id: delivery.id, webhookId: hook.id });
    return redeliver(delivery);
  });
  expect([reply.status, reply.body.code]).toEqual([409, 'webhook-delivery-pending']);
});

test('a delivery that is pending though no job works on it can be redelivered, once', async () => {
  const hook = await create('http://127.0.0.1:9/');
  await fill(hook, max - 1);
  await happen('job.failed');
  const delivery = await newest(hook);
  await server.store.read
    .updateTable('jobs')
    .set({ state: 'cancelled', completed_at: new Date() })
    .where('subject_id', '=', delivery.id)
    .execute();
  const replies = await Promise.all([1, 2, 3].map(() => redeliver(delivery)));
  expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  expect((await jobsOf(delivery)).filter(({ state }) => state === 'queued')).toHaveLength(1);
});

test.each<[string, WebhookReceiver['answer']]>([
  ['is gone', (response) => response.writeHead(410).end()],
  ['is busy', (response) => response.writeHead(503).end()],
])('what a worker that lost the job hears, that the receiver %s, changes nothing', async (_, answer) => {
  let free: () => void = () => {};
  const receiver = await receive((response, message) => {
    free = () => answer(response, message);
  });
  const hook = await create(receiver.url);
  await happen('job.failed');
  deliver();
  await receiver.arrived(1);
  const before = await hookRow(hook);
  await sql`update jobs set fence = fence + 1 where owner_id = ${ownerId}`.execute(server.store.read);
  free();
  await until(() => events.some(({ type }) => type === 'lost'));
  expect(await hookRow(hook)).toEqual(before);
  expect(await newest(hook)).toMatchObject({ status: 'pending', attempts: [] });
});

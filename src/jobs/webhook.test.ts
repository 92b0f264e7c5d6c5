import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyWebhook } from '../../examples/verify-webhook.ts';
import { startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import {
  type ReceivedMessage,
  startReceiver,
  type WebhookReceiver,
} from '../../test/support/webhook-receiver.ts';
import { announce } from '../actions/announce.ts';
import type { NewWebhook } from '../actions/create-webhook.ts';
import { endJob } from '../actions/end-job.ts';
import { limits } from '../lib/limits.ts';
import { engines } from '../queue/engines/index.ts';
import type { Lane } from '../queue/kinds.ts';
import { startWorker, type Worker, type WorkerOptions } from '../queue/worker.ts';
import type { WebhookDelivery } from '../store/webhook-deliveries.ts';
import type { Webhook as WebhookRow } from '../store/webhooks.ts';
import { type EventType, eventTypes } from '../webhooks/events.ts';
import { jobHandlers } from './index.ts';
import { webhook } from './webhook.ts';

/** Real API, real workers, real receivers on this machine; only the waits are short. */
let server: TestServer;
let workers: Worker[];
let token: string;
let ownerId: string;
let receivers: WebhookReceiver[] = [];
/** Pause before each retry in milliseconds; null gives up. */
let delayMs: number | null;
/** Short only where a receiver is not to answer: a busy machine must not look like one. */
let timeoutMs: number;

beforeAll(async () => {
  server = await startHttpServer();
  const { platform, store } = server;
  const engine = engines.postgres({ store, url: null, onError() {} });
  const start = (lane: Lane, handlers: WorkerOptions['handlers']) =>
    startWorker({
      store,
      engine,
      name: `test-${lane}`,
      lane,
      handlers,
      onEnded: endJob(platform),
      leaseSeconds: 30,
      concurrency: 8,
      pollMs: 20,
    });
  workers = [
    start('delivery', {
      webhook: (job, control) => webhook(platform, { timeoutMs, delayMs: () => delayMs })(job, control),
    }),
    start('work', jobHandlers(platform, ['generate'])),
  ];
});
beforeEach(async () => {
  delayMs = 10;
  timeoutMs = 20_000;
  server.platform.settings.webhookPrivate = ['127.0.0.0/8'];
  const account = await server.register(`${randomUUID()}@example.org`);
  token = account.tokens.accessToken;
  ownerId = (await server.send('GET /api/v1/auth/me', { token })).body.ownerId;
});
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop(2_000)));
  await server.close();
});

async function receive(answer?: WebhookReceiver['answer']): Promise<WebhookReceiver> {
  const receiver = await startReceiver();
  if (answer) receiver.answer = answer;
  receivers.push(receiver);
  return receiver;
}

async function create(url: string, events: string[] = ['*']): Promise<NewWebhook> {
  const { status, body } = await server.send('POST /api/v1/webhooks', { token, body: { url, events } });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as unknown as NewWebhook;
}

/** Something happens to the owner. */
async function happen(type: EventType = 'job.succeeded', id: string = randomUUID()): Promise<string> {
  await server.store.transaction((tx) =>
    announce(tx, { ownerId, requestId: null, events: [{ type, data: { id, state: 'x' } }] }),
  );
  return id;
}

async function deliveriesOf(id: string): Promise<WebhookDelivery[]> {
  const { status, body } = await server.send(`GET /api/v1/webhooks/${id}/deliveries`, { token });
  expect(status).toBe(200);
  return body.items as unknown as WebhookDelivery[];
}

/** The newest delivery, once it looks as wanted. */
async function untilDelivery(
  id: string,
  wanted: (delivery: WebhookDelivery) => boolean,
): Promise<WebhookDelivery> {
  for (;;) {
    const [newest] = await deliveriesOf(id);
    if (newest && wanted(newest)) return newest;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}
const ended = ({ status }: WebhookDelivery) => status !== 'pending';

const openJobs = () =>
  server.store.read
    .selectFrom('jobs')
    .select(['id', 'state'])
    .where('owner_id', '=', ownerId)
    .where('state', 'in', ['queued', 'running', 'waiting'])
    .execute();

const noOpenJobs = async () => (await openJobs()).length === 0;

/** As if the time until their next attempts had passed. */
async function dueNow(): Promise<void> {
  const jobs = server.store.read.updateTable('jobs').set({ run_at: new Date() });
  await jobs.where('owner_id', '=', ownerId).where('state', '=', 'queued').execute();
}

const redeliver = (delivery: WebhookDelivery) =>
  server.send(`POST /api/v1/webhooks/${delivery.webhookId}/deliveries/${delivery.id}/redeliver`, { token });

const idsOf = (messages: ReceivedMessage[]) => messages.map(({ headers }) => headers['webhook-id']);

/** Fails at first and takes it then. */
function failing(...answers: WebhookReceiver['answer'][]): WebhookReceiver['answer'] {
  let count = 0;
  return (response, message) => (answers[count++] ?? ((last) => last.end('taken')))(response, message);
}

test('a message is signed so that the package and the example verify it, and an altered one is refused', async () => {
  const receiver = await receive();
  const hook = await create(`${receiver.url}/hooks`);
  const id = await happen('deployment.confirmed');
  const [message] = await receiver.arrived(1);
  if (!message) throw new Error('unreachable');
  const headers = message.headers as Record<string, string>;
  expect(message.path).toBe('/hooks');
  expect(headers['content-type']).toBe('application/json');
  const payload = verifyWebhook(hook.secret, headers, message.body);
  expect(payload).toMatchObject({ type: 'deployment.confirmed', data: { id } });
  expect(new Webhook(hook.secret).verify(message.body, headers)).toEqual(payload);

  const delivery = await untilDelivery(hook.id, ended);
  expect(delivery).toMatchObject({
    id: headers['webhook-id'],
    webhookId: hook.id,
    type: 'deployment.confirmed',
    status: 'succeeded',
    payload,
    error: null,
    nextAttemptAt: null,
    attempts: [{ status: 200, error: null, reply: 'thank you' }],
  });

  const wrong: [string, Record<string, string>, string][] = [
    ['not signed with this secret', headers, `${message.body} `],
    ['not signed with this secret', { ...headers, 'webhook-id': 'other' }, message.body],
    ['not signed with this secret', { ...headers, 'webhook-signature': 'v1,AAAA v2,x' }, message.body],
    ['headers are missing', { ...headers, 'webhook-signature': '' }, message.body],
    ['too old', { ...headers, 'webhook-timestamp': '1' }, message.body],
  ];
  for (const [problem, altered, body] of wrong) {
    expect(() => verifyWebhook(hook.secret, altered, body)).toThrow(problem);
    expect(() => new Webhook(hook.secret).verify(body, altered)).toThrow();
  }
  const changing = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` };
  expect(verifyWebhook(hook.secret, changing, message.body)).toEqual(payload);
  const sentAt = Number(headers['webhook-timestamp']) * 1000;
  const verifyAt = (ms: number) => verifyWebhook(hook.secret, headers, message.body, new Date(sentAt + ms));
  for (const ms of [300_000, -300_000]) expect(verifyAt(ms)).toEqual(payload);
  for (const ms of [301_000, -301_000]) expect(() => verifyAt(ms)).toThrow('too old, or from the future');
});

test('a webhook hears what it wants and nothing else, deliveries least of all', async () => {
  const [all, some] = [await receive(), await receive()];
  await create(all.url);
  const picky = await create(some.url, ['job.failed', 'job.succeeded', 'job.failed']);
  expect(picky.events).toEqual(['job.failed', 'job.succeeded']);
  const generated = await server.send('POST /api/v1/contracts/generate', {
    token,
    body: { template: 'storage', options: {} },
  });
  expect(generated.status).toBe(202);
  await happen('pipeline.blocked');
  await happen('job.failed');
  await some.arrived(2);
  const types = (receiver: WebhookReceiver) =>
    receiver.messages.map(({ body }) => JSON.parse(body).type as string).sort();
  await all.arrived(3);
  await until(noOpenJobs);
  expect(types(all)).toEqual(['job.failed', 'job.succeeded', 'pipeline.blocked']);
  expect(types(some)).toEqual(['job.failed', 'job.succeeded']);
  const facts = some.messages.map(({ body }) => JSON.parse(body).data);
  expect(facts).toContainEqual(
    expect.objectContaining({ id: generated.body.id, kind: 'generate', error: null }),
  );
});

test.each<[string, WebhookReceiver['answer'], number | null, string]>([
  ['never answers', () => {}, null, 'webhook-timeout'],
  ['answers 500', (response) => response.writeHead(500).end('oops'), 500, 'webhook-refused'],
  ['answers 404', (response) => response.writeHead(404).end(), 404, 'webhook-refused'],
  [
    'redirects',
    (response) => response.writeHead(307, { location: '/moved' }).end(),
    307,
    'webhook-redirected',
  ],
  ['hangs up', (response) => response.destroy(), null, 'webhook-unreachable'],
])('a receiver that %s gets the message again, under the same id', async (_, answer, status, error) => {
  if (error === 'webhook-timeout') timeoutMs = 1_000;
  const receiver = await receive(failing(answer, answer));
  const hook = await create(receiver.url);
  await happen();
  const delivery = await untilDelivery(hook.id, ended);
  expect(delivery).toMatchObject({ status: 'succeeded', error: null });
  expect(delivery.attempts.map((attempt) => [attempt.status, attempt.error])).toEqual([
    [status, error],
    [status, error],
    [200, null],
  ]);
  expect(receiver.messages.map(({ path }) => path)).toEqual(['/', '/', '/']);
  expect(idsOf(receiver.messages)).toEqual([delivery.id, delivery.id, delivery.id]);
  expect(new Set(receiver.messages.map(({ body }) => body)).size).toBe(1);
});

test('a reply of ten megabytes costs one kilobyte', async () => {
  const receiver = await receive((response) => response.end('z'.repeat(10_000_000)));
  const hook = await create(receiver.url);
  await happen();
  const delivery = await untilDelivery(hook.id, ended);
  expect(delivery.status).toBe('succeeded');
  expect(delivery.attempts[0]?.reply).toBe('z'.repeat(limits.webhookReplyBytesMax));
});

test('a reply that is no text can be kept', async () => {
  const receiver = await receive((response) => response.end(Buffer.from([0, 255, 0xd8, 0x41])));
  const hook = await create(receiver.url);
  await happen();
  expect((await untilDelivery(hook.id, ended)).attempts[0]?.reply).toContain('A');
});

test('while it waits, the next attempt has a time; when the time is over, the delivery and its job have failed', async () => {
  delayMs = 3_600_000;
  const receiver = await receive((response) => response.writeHead(500).end());
  const hook = await create(receiver.url);
  await happen();
  const waiting = await untilDelivery(hook.id, ({ attempts }) => attempts.length === 1);
  expect(waiting).toMatchObject({ status: 'pending', error: { code: 'webhook-refused' } });
  const inMs = Date.parse(waiting.nextAttemptAt ?? '') - Date.parse(waiting.attempts[0]?.at ?? '');
  expect(inMs).toBeGreaterThan(3_500_000);

  delayMs = null;
  await happen();
  const failed = await untilDelivery(hook.id, ended);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'webhook-refused' }, nextAttemptAt: null });
  const job = await server.store.read
    .selectFrom('jobs')
    .select(['state', 'error'])
    .where('subject_id', '=', failed.id)
    .executeTakeFirstOrThrow();
  expect(job).toMatchObject({ state: 'failed', error: { code: 'webhook-refused' } });
});

test('only the last attempts are kept', async () => {
  const refusals = Array.from({ length: limits.webhookAttemptsKeptMax }, (_, at) => {
    const refuse: WebhookReceiver['answer'] = (response) => response.writeHead(500).end(`no ${at}`);
    return refuse;
  });
  const receiver = await receive(failing(...refusals));
  const hook = await create(receiver.url);
  await happen();
  const { attempts } = await untilDelivery(hook.id, ended);
  expect(receiver.messages).toHaveLength(limits.webhookAttemptsKeptMax + 1);
  expect(attempts).toHaveLength(limits.webhookAttemptsKeptMax);
  expect([attempts[0]?.reply, attempts.at(-1)?.reply]).toEqual(['no 1', 'taken']);
});

test('410 ends the delivery and disables the webhook', async () => {
  const receiver = await receive((response) => response.writeHead(410).end());
  const hook = await create(receiver.url);
  await happen();
  const gone = await untilDelivery(hook.id, ended);
  expect(gone).toMatchObject({ status: 'failed', error: { code: 'webhook-gone' } });
  const { body } = await server.send('GET /api/v1/webhooks', { token });
  expect(body.items).toMatchObject([{ id: hook.id, disabledAt: expect.any(String), disabledReason: 'gone' }]);
  await happen();
  expect(await deliveriesOf(hook.id)).toHaveLength(1);
  const again = await redeliver(gone);
  expect([again.status, again.body.code]).toEqual([409, 'webhook-disabled']);
  expect(receiver.messages).toHaveLength(1);
});

test('redelivery sends the same message again, once the delivery has ended', async () => {
  let free: () => void = () => {};
  const receiver = await receive(
    failing((response) => {
      free = () => response.end('first');
    }),
  );
  const hook = await create(receiver.url);
  await happen();
  await receiver.arrived(1);
  const [pending] = await deliveriesOf(hook.id);
  if (!pending) throw new Error('unreachable');
  const early = await redeliver(pending);
  expect([early.status, early.body.code]).toEqual([409, 'webhook-delivery-pending']);
  free();
  await untilDelivery(hook.id, ended);

  const accepted = await redeliver(pending);
  expect([accepted.status, accepted.body]).toMatchObject([202, { id: pending.id, status: 'pending' }]);
  await receiver.arrived(2);
  const delivery = await untilDelivery(hook.id, ended);
  expect(delivery.attempts.map(({ reply }) => reply)).toEqual(['first', 'taken']);
  expect(idsOf(receiver.messages)).toEqual([pending.id, pending.id]);
  expect(receiver.messages[1]?.body).toBe(receiver.messages[0]?.body);
});

test('a deleted webhook gets nothing more, and what was pending says so', async () => {
  delayMs = 3_600_000;
  const receiver = await receive((response) => response.writeHead(500).end());
  const hook = await create(receiver.url);
  await happen();
  const { id } = await untilDelivery(hook.id, ({ attempts }) => attempts.length === 1);
  const { status } = await server.send(`DELETE /api/v1/webhooks/${hook.id}`, { token });
  expect(status).toBe(204);
  await happen();
  expect(await openJobs()).toEqual([]);
  expect(receiver.messages).toHaveLength(1);
  const rows = await server.store.read
    .selectFrom('webhook_deliveries')
    .select(['id', 'status', 'error'])
    .where('webhook_id', '=', hook.id)
    .execute();
  expect(rows).toMatchObject([{ id, status: 'failed', error: { code: 'webhook-deleted' } }]);
  for (const route of [`DELETE /api/v1/webhooks/${hook.id}`, `GET /api/v1/webhooks/${hook.id}/deliveries`]) {
    expect((await server.send(route, { token })).body.code).toBe('not-found');
  }
  expect((await server.send('GET /api/v1/webhooks', { token })).body.items).toEqual([]);
});

test('deleting while an attempt is under way: its end changes nothing', async () => {
  let free: () => void = () => {};
  const receiver = await receive((response) => {
    free = () => response.end();
  });
  const hook = await create(receiver.url);
  await happen();
  await receiver.arrived(1);
  await server.send(`DELETE /api/v1/webhooks/${hook.id}`, { token });
  free();
  await until(noOpenJobs);
  const row = await server.store.read
    .selectFrom('webhook_deliveries')
    .select(['status', 'error', 'attempts'])
    .where('webhook_id', '=', hook.id)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({
    status: 'failed',
    error: { code: 'webhook-deleted' },
    attempts: [{ status: 200 }],
  });
});

test('cancelling the job ends the delivery, which can be redelivered', async () => {
  delayMs = 3_600_000;
  const receiver = await receive(failing((response) => response.writeHead(503).end()));
  const hook = await create(receiver.url);
  await happen();
  await untilDelivery(hook.id, ({ attempts }) => attempts.length === 1);
  const [job] = await openJobs();
  const cancelled = await server.send(`POST /api/v1/jobs/${job?.id}/cancel`, { token });
  expect(cancelled.body).toMatchObject({ state: 'cancelled', kind: 'webhook' });
  const delivery = await untilDelivery(hook.id, ended);
  expect(delivery).toMatchObject({ status: 'failed', error: { code: 'webhook-delivery-cancelled' } });
  expect((await redeliver(delivery)).status).toBe(202);
  expect(await untilDelivery(hook.id, ended)).toMatchObject({ status: 'succeeded', error: null });
});

test.each(['127.0.0.1', 'localhost'])(
  'what is allowed when a webhook is made and is not when it is called: %s',
  async (host) => {
    const receiver = await receive();
    const hook = await create(receiver.url.replace('127.0.0.1', host));
    server.platform.settings.webhookPrivate = false;
    await happen();
    const delivery = await untilDelivery(hook.id, ended);
    expect(delivery).toMatchObject({
      status: 'failed',
      error: { code: 'webhook-address-private' },
      attempts: [{ status: null, error: 'webhook-address-private', reply: null }],
    });
    expect(receiver.messages).toEqual([]);
    const made = await server.send('POST /api/v1/webhooks', {
      token,
      body: { url: receiver.url.replace('127.0.0.1', host), events: ['*'] },
    });
    expect([made.status, made.body.code]).toEqual([422, 'webhook-address-private']);
    expect(made.body.place).toEqual({ pointer: '/url' });
  },
);

test('a receiver that hangs holds up no other', async () => {
  timeoutMs = 2_000;
  const [hanging, healthy] = [await receive(() => {}), await receive()];
  const [slow, quick] = [await create(hanging.url), await create(healthy.url)];
  const ids = [];
  for (let count = 0; count < 12; count += 1) ids.push(await happen());
  const messages = await healthy.arrived(12);
  expect(messages.map(({ body }) => JSON.parse(body).data.id).sort()).toEqual(ids.sort());
  await until(async () => (await deliveriesOf(quick.id)).every(ended));
  await server.send(`DELETE /api/v1/webhooks/${slow.id}`, { token });
});

test('while a receiver does not answer, one delivery finds out whether it is back', async () => {
  delayMs = 3_600_000;
  timeoutMs = 500;
  const receiver = await receive(
    failing(
      () => {},
      (response) => response.writeHead(503).end(),
    ),
  );
  const hook = await create(receiver.url);
  await happen();
  await untilDelivery(hook.id, ({ attempts }) => attempts.length === 1);
  for (let count = 0; count < 5; count += 1) await happen();
  await until(async () => (await deliveriesOf(hook.id)).every(({ nextAttemptAt }) => nextAttemptAt !== null));
  const waiting = await deliveriesOf(hook.id);
  expect(waiting.map(({ status, attempts }) => [status, attempts.length])).toEqual([
    ...Array(5).fill(['pending', 0]),
    ['pending', 1],
  ]);
  expect(receiver.messages).toHaveLength(1);

  // An hour later.
  delayMs = 10;
  timeoutMs = 2_000;
  const { read } = server.store;
  await read.updateTable('webhooks').set({ held_until: new Date() }).where('id', '=', hook.id).execute();
  await dueNow();
  await until(async () => (await deliveriesOf(hook.id)).every(ended));
  const all = await deliveriesOf(hook.id);
  expect(all.map(({ status }) => status)).toEqual(Array(6).fill('succeeded'));
  // Six that were taken, the first that had no answer, and one more for all others together.
  expect(receiver.messages).toHaveLength(8);
  const row = read.selectFrom('webhooks').select(['silences', 'held_until']).where('id', '=', hook.id);
  expect(await row.executeTakeFirstOrThrow()).toEqual({ silences: 0, held_until: null });
});

test('what an owner can have and give has limits', async () => {
  const send = (body: object, headers = {}) => server.send('POST /api/v1/webhooks', { token, body, headers });
  const url = 'https://example.org/';
  const longest = `${url}${'a'.repeat(limits.webhookUrlCharactersMax - url.length)}`;
  const repeated = (count: number) =>
    Array.from({ length: count }, (_, at) => eventTypes[at % eventTypes.length]);
  const good = [
    { url: longest, events: ['*'] },
    { url, events: repeated(limits.webhookEventsMax), description: 'd'.repeat(limits.nameCharactersMax) },
  ];
  const bad: [object, string, string][] = [
    [{ url: `${longest}a`, events: ['*'] }, 'validation-failed', '/url'],
    [{ url, events: [] }, 'validation-failed', '/events'],
    [{ url, events: ['job.exploded'] }, 'validation-failed', '/events/0'],
    [{ url, events: repeated(limits.webhookEventsMax + 1) }, 'validation-failed', '/events'],
    [
      { url, events: ['*'], description: 'd'.repeat(limits.nameCharactersMax + 1) },
      'validation-failed',
      '/description',
    ],
  ];
  for (const body of good) expect((await send(body)).status).toBe(201);
  for (const [body, code, pointer] of bad) {
    const reply = await send(body);
    expect([reply.status, reply.body.code, reply.body.errors[0]?.pointer]).toEqual([422, code, pointer]);
  }
  const invalid = await send({ url: 'ftp://example.org', events: ['*'] });
  expect([invalid.status, invalid.body.code]).toEqual([422, 'webhook-url-invalid']);

  const rest = limits.webhooksPerOwnerMax - good.length;
  const made = await Promise.all(Array.from({ length: rest + 3 }, () => send({ url, events: ['*'] })));
  const codes = made.map(({ status, body }) => (status === 201 ? 201 : body.code));
  expect(codes.filter((code) => code === 201)).toHaveLength(rest);
  expect(codes.filter((code) => code === 'webhooks-limit-reached')).toHaveLength(3);
  const { body } = await server.send('GET /api/v1/webhooks?limit=100', { token });
  expect(body.items).toHaveLength(limits.webhooksPerOwnerMax);
  expect(JSON.stringify(body)).not.toContain('whsec_');
  await server.send(`DELETE /api/v1/webhooks/${body.items[0]?.id}`, { token });
  expect((await send({ url, events: ['*'] })).status).toBe(201);
});

test('an Idempotency-Key repeats the secret, which lies sealed in the database', async () => {
  const headers = { 'idempotency-key': 'one' };
  const body = { url: 'https://example.org/', events: ['*'] };
  const [first, second] = [
    await server.send('POST /api/v1/webhooks', { token, body, headers }),
    await server.send('POST /api/v1/webhooks', { token, body, headers }),
  ];
  expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
  const { secret } = first.body as unknown as NewWebhook;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const rows = await server.store.read
    .selectFrom('webhooks')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .execute();
  expect(rows).toHaveLength(1);
  const keys = await server.store.read.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify([rows, keys])).not.toContain(secret.slice('whsec_'.length));
});

test('deliveries come in pages, newest first, and no stranger sees them', async () => {
  const receiver = await receive();
  const hook = await create(receiver.url, ['job.succeeded']);
  for (let count = 0; count < 3; count += 1) await happen();
  await receiver.arrived(3);
  const all = (await deliveriesOf(hook.id)).map(({ id }) => id);
  expect(all).toEqual([...all].sort().reverse());
  const route = `GET /api/v1/webhooks/${hook.id}/deliveries`;
  const first = await server.send(`${route}?limit=2`, { token });
  const cursor = (first.body as unknown as { nextCursor: string }).nextCursor;
  const second = await server.send(`${route}?limit=2&cursor=${cursor}`, { token });
  expect([...first.body.items, ...second.body.items].map(({ id }) => id)).toEqual(all);
  expect(second.body).toMatchObject({ nextCursor: null });

  const stranger = (await server.register(`${randomUUID()}@example.org`)).tokens.accessToken;
  for (const one of [
    route,
    `DELETE /api/v1/webhooks/${hook.id}`,
    `POST /api/v1/webhooks/${hook.id}/deliveries/${all[0]}/redeliver`,
  ]) {
    const reply = await server.send(one, { token: stranger });
    expect([one, reply.status, reply.body.code]).toEqual([one, 404, 'not-found']);
  }
  const other = await create(receiver.url, ['job.failed']);
  const crossed = await server.send(`POST /api/v1/webhooks/${other.id}/deliveries/${all[0]}/redeliver`, {
    token,
  });
  expect([crossed.status, crossed.body.code]).toEqual([404, 'not-found']);
});

test('scopes: a key that may read may not write', async () => {
  const key = await server.send('POST /api/v1/api-keys', {
    token,
    body: { name: 'k', scopes: ['webhooks:read'] },
  });
  const reader = { token: key.body.key };
  expect((await server.send('GET /api/v1/webhooks', reader)).status).toBe(200);
  const body = { url: 'https://example.org/', events: ['*'] };
  expect((await server.send('POST /api/v1/webhooks', { ...reader, body })).status).toBe(403);
});

test('what is told is rolled back with what did not happen', async () => {
  const receiver = await receive();
  const hook = await create(receiver.url);
  const broken = server.store.transaction(async (tx) => {
    await announce(tx, {
      ownerId,
      requestId: null,
      events: [{ type: 'job.failed', data: { id: 'x', state: 'failed' } }],
    });
    throw new Error('disk full');
  });
  await expect(broken).rejects.toThrow('disk full');
  expect(await deliveriesOf(hook.id)).toEqual([]);
  const rows: WebhookRow[] = (await server.send('GET /api/v1/webhooks', { token })).body.items as never;
  expect(rows).toHaveLength(1);
});

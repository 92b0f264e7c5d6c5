import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import { type Listener, listenTo, told } from '../../test/support/live-listener.ts';
import { startDatabaseDoor, type TcpProxy } from '../../test/support/tcp-proxy.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { openStore, type Store } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { buildServer, type ServerOptions } from './server.ts';
import { createSubjectReader } from './subject-reader.ts';

interface Person {
  token: string;
  refreshToken: string;
  ownerId: string;
  userId: string;
  projectId: string;
}

let server: TestServer;
let owner: Person;
/** In front of the database of the other processes. */
let door: TcpProxy;
let doorUrl: string;
const others: Other[] = [];

beforeAll(async () => {
  server = await startHttpServer();
  ({ door, url: doorUrl } = await startDatabaseDoor(server.databaseUrl));
  owner = await newOwner();
});
afterAll(async () => {
  for (const other of others) await other.close();
  await door.shut();
  await server.close();
});

/** Another API process, as far as the database can tell: a store, a listening connection and a server of its own. */
interface Other {
  url: string;
  store: Store;
  /** Statements outside of transactions. */
  reads: { count: number };
  open: { websocket: number; sse: number };
  app: FastifyInstance;
  close(): Promise<void>;
}

async function startOther(options: Partial<ServerOptions> & { databaseUrl?: string } = {}): Promise<Other> {
  const store = openStore({ url: options.databaseUrl ?? server.databaseUrl });
  await store.signals.listen();
  const reads = { count: 0 };
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      reads.count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const open = { websocket: 0, sse: 0 };
  const read = store.read.withPlugin(counting);
  const app = await buildServer({
    routes: (await import('./routes/index.ts')).routes,
    rateLimits: { anonymous: null, free: null, pro: null, enterprise: null },
    subjects: createSubjectReader(read),
    onConnections: (seen) => {
      open[seen.transport] = seen.open;
    },
    ...options,
    platform: { ...server.platform, store: { ...store, read } },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => {
    await app.close();
    await store.close();
  };
  const other = { url, store, reads, open, app, close };
  others.push(other);
  return other;
}

async function newOwner(): Promise<Person> {
  const { tokens, userId } = await server.register();
  const { body } = await server.send('GET /api/v1/auth/me', { token: tokens.accessToken });
  const { ownerId, projectId } = body;
  return { token: tokens.accessToken, refreshToken: tokens.refreshToken, ownerId, userId, projectId };
}

async function newJob(person = owner): Promise<string> {
  const id = newId();
  const { ownerId: owner_id, userId: created_by, projectId: project_id } = person;
  // A kind that makes nothing: there is no result for the reader to miss.
  const job = { id, owner_id, created_by, project_id, kind: 'none', subject_id: newId(), attempts_max: 3 };
  await server.store.read.insertInto('jobs').values(job).execute();
  return id;
}

const addEvents = (id: string, count: number, data: Record<string, unknown> = {}) =>
  server.store.transaction(async (tx) => {
    for (let n = 0; n < count; n++)
      await appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'progress', data });
  });

const finish = (id: string) =>
  server.store.transaction(async (tx) => {
    await tx.sql.updateTable('jobs').set({ state: 'succeeded' }).where('id', '=', id).execute();
    await appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'succeeded', data: {} });
  });

function listen(where: { url: string }, path: string, token = owner.token): Listener {
  return listenTo(where.url + path, { authorization: `Bearer ${token}` });
}

/** Opens many, and waits until each has its snapshot. */
async function listenMany(where: { url: string }, count: number, path: string): Promise<Listener[]> {
  const listeners = Array.from({ length: count }, () => listen(where, path));
  await Promise.all(listeners.map(({ until }) => until(({ type }) => type === 'snapshot')));
  return listeners;
}

const numbers = (listener: Listener) =>
  listener.messages.filter(({ type }) => type === 'event').map(({ seq }) => seq ?? -1);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

test('fifty clients on one subject cost one read an event, and one look at the end', async () => {
  const other = await startOther();
  const id = await newJob();
  const listeners = await listenMany(other, 50, `/api/v1/jobs/${id}/updates`);
  await expect.poll(() => other.open).toEqual({ websocket: 50, sse: 0 });
  const before = other.reads.count;
  const polls = Math.ceil(performance.now() / 2_000);
  for (let seq = 1; seq <= 20; seq++) {
    await addEvents(id, 1);
    await Promise.all(listeners.map(({ until }) => until((message) => message.seq === seq)));
  }
  await finish(id);
  for (const listener of listeners) {
    expect((await listener.closed).code).toBe(1000);
    expect(told(listener)).toEqual(['snapshot 0', ...upTo(21).map((seq) => `event ${seq}`), 'end']);
  }
  // 21 events, the look at the subject, and what the slow poll and the heartbeat add while this lasts.
  const slow = 2 * (Math.ceil(performance.now() / 2_000) - polls) + 2;
  expect(other.reads.count - before).toBeLessThanOrEqual(22 + slow);
  await expect.poll(() => other.open).toEqual({ websocket: 0, sse: 0 });
});

test('two hundred who lose their connections at once and come back miss nothing and get nothing twice', async () => {
  const person = await newOwner();
  await server.store.read
    .updateTable('owners')
    .set({ tier: 'pro' })
    .where('id', '=', person.ownerId)
    .execute();
  const other = await startOther();
  const one = await newJob(person);
  const own = await Promise.all(Array.from({ length: 100 }, () => newJob(person)));
  const ids = [...own, ...own.map(() => one)];
  const all = [one, ...own];
  const seen = ids.map((): number[] => []);
  const connectAll = () =>
    ids.map((id, at) =>
      listen(other, `/api/v1/jobs/${id}/updates?since=${seen[at]?.at(-1) ?? 0}`, person.token),
    );
  const append = () => Promise.all(all.map((id) => addEvents(id, 3)));

  let listeners = connectAll();
  for (let round = 0; round < 3; round++) {
    await append();
    const writing = append();
    await Promise.all(listeners.map(({ until }) => until(({ seq }) => seq !== undefined)));
    for (const [at, listener] of listeners.entries()) {
      listener.socket.terminate();
      seen[at]?.push(...numbers(listener));
    }
    await append();
    listeners = connectAll();
    await writing;
  }
  await Promise.all(all.map(finish));
  await Promise.all(listeners.map(({ closed }) => closed));
  for (const [at, listener] of listeners.entries()) {
    expect(listener.messages.at(-1)?.type).toBe('end');
    expect([...(seen[at] ?? []), ...numbers(listener)]).toEqual(upTo(28));
  }
});

test.each([
  { what: '100 events', events: 101, text: '', kept: 100 },
  { what: '64 KB', events: 3, text: 'x'.repeat(30_000), kept: 2 },
])(
  'who comes back within the last $what costs no read of events, one event further back does',
  async (data) => {
    const other = await startOther({ live: { heartbeatSeconds: 600, pollSeconds: 600 } });
    const id = await newJob();
    const path = `/api/v1/jobs/${id}/updates`;
    const staying = await listenMany(other, 2, path);
    // One by one: what comes in one page is kept until the page was sent.
    for (let seq = 1; seq <= data.events; seq++) {
      await addEvents(id, 1, { text: data.text });
      await Promise.all(staying.map(({ until }) => until((message) => message.seq === seq)));
    }
    const cost = async (since: number) => {
      const before = other.reads.count;
      const listener = listen(other, `${path}?since=${since}`);
      await listener.until(({ seq }) => seq === data.events);
      expect(numbers(listener)).toEqual(upTo(data.events, since + 1));
      listener.socket.terminate();
      return other.reads.count - before;
    };
    const within = await cost(data.events - data.kept);
    expect(await cost(data.events - data.kept - 1)).toBe(within + 1);
  },
);

test('a client that pauses until its buffer is full goes on from there when it reads again', async () => {
  const other = await startOther({ live: { bufferBytesMax: 65_536, drainSeconds: 20 } });
  const id = await newJob();
  const slow = listen(other, `/api/v1/jobs/${id}/updates?since=0`);
  const brisk = listen(other, `/api/v1/jobs/${id}/updates?since=0`);
  await addEvents(id, 1);
  await slow.until(({ seq }) => seq === 1);
  slow.socket.pause();
  for (let n = 0; n < 10; n++) await addEvents(id, 100, { text: 'x'.repeat(16_000) });
  await brisk.until(({ seq }) => seq === 1_001);
  expect(numbers(slow).length).toBeLessThan(1_000);
  slow.socket.resume();
  await finish(id);
  await Promise.all([slow.closed, brisk.closed]);
  expect(numbers(slow)).toEqual(upTo(1_002));
  expect(numbers(brisk)).toEqual(upTo(1_002));
});

test('a stream that nobody reads is cut off', async () => {
  const other = await startOther({ live: { bufferBytesMax: 65_536, drainSeconds: 0.3 } });
  const id = await newJob();
  const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `GET /api/v1/jobs/${id}/events?since=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${owner.token}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  for (let n = 0; n < 10; n++) await addEvents(id, 100, { text: 'x'.repeat(16_000) });
  await expect.poll(() => other.open.sse, { timeout: 10_000 }).toBe(0);
  socket.destroy();
  await finish(id);
  const stream = await fetch(`${other.url}/api/v1/jobs/${id}/events?since=990`, {
    headers: { authorization: `Bearer ${owner.token}` },
  });
  const text = await stream.text();
  expect(text.match(/^id: \d+/gm)).toEqual(upTo(1_001, 991).map((seq) => `id: ${seq}`));
});

test('a session or key that is revoked through another process ends its connections there at once', async () => {
  // No heartbeat comes while this lasts: the wake-up alone can close them.
  const other = await startOther({ live: { heartbeatSeconds: 600 } });
  const person = await newOwner();
  const bystander = await newOwner();
  const id = await newJob(person);
  const theirs = listen(other, `/api/v1/jobs/${await newJob(bystander)}/updates`, bystander.token);
  const { body: key } = await server.send('POST /api/v1/api-keys', {
    token: person.token,
    body: { name: 'k', scopes: ['jobs:read'] },
  });
  const byKey = listen(other, `/api/v1/jobs/${id}/updates`, key.key);
  const byToken = [1, 2].map(() => listen(other, `/api/v1/jobs/${id}/updates`, person.token));
  const stream = await fetch(`${other.url}/api/v1/jobs/${id}/events`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  await Promise.all([theirs, byKey, ...byToken].map(({ until }) => until(({ type }) => type === 'snapshot')));

  await server.send(`DELETE /api/v1/api-keys/${key.id}`, { token: person.token });
  expect(await byKey.closed).toEqual({ code: 4401, reason: 'api-key-revoked' });
  expect(byToken.map(({ socket }) => socket.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
  await server.send('POST /api/v1/auth/logout', { token: person.token });
  for (const listener of byToken)
    expect(await listener.closed).toEqual({ code: 4401, reason: 'session-revoked' });
  expect(await stream.text()).toContain('event: snapshot');
  expect(theirs.socket.readyState).toBe(WebSocket.OPEN);
});

test('a refresh token that is used again ends the live connections of its session, and so does a deactivated account', async () => {
  // No heartbeat comes while this lasts: the wake-up alone can close them.
  const other = await startOther({ live: { heartbeatSeconds: 600 } });
  const person = await newOwner();
  const id = await newJob(person);
  const listener = listen(other, `/api/v1/jobs/${id}/updates`, person.token);
  await listener.until(({ type }) => type === 'snapshot');
  const use = (agent: string) =>
    server.send('POST /api/v1/auth/refresh', {
      body: { refreshToken: person.refreshToken },
      headers: { 'user-agent': agent },
    });
  expect((await use('mine')).status).toBe(200);
  expect((await use('a thief')).body.code).toBe('refresh-token-reused');
  expect(await listener.closed).toEqual({ code: 4401, reason: 'session-revoked' });

  const second = await newOwner();
  const theirs = listen(other, `/api/v1/jobs/${await newJob(second)}/updates`, second.token);
  await theirs.until(({ type }) => type === 'snapshot');
  await server.store.transaction(async (tx) => {
    await tx.sql
      .updateTable('users')
      .set({ status: 'deactivated' })
      .where('id', '=', second.userId)
      .execute();
    tx.changedSubjects.add(second.userId);
  });
  expect(await theirs.closed).toEqual({ code: 4401, reason: 'account-deactivated' });
});

test('credentials are looked at once a heartbeat, however many connections they opened', async () => {
  const other = await startOther({ live: { heartbeatSeconds: 0.3, pollSeconds: 60 } });
  const id = await newJob();
  const listeners = await listenMany(other, 20, `/api/v1/jobs/${id}/updates`);
  const beats = () => Math.min(...listeners.map(({ messages }) => messages.length));
  await expect.poll(beats).toBeGreaterThan(1);
  const before = other.reads.count;
  const first = beats();
  await expect.poll(beats, { timeout: 10_000 }).toBeGreaterThan(first + 3);
  expect(other.reads.count - before).toBeLessThan(12);
});

test('an owner has as many connections as the tier allows, also when they come at once', async () => {
  const person = await newOwner();
  const other = await startOther();
  const id = await newJob(person);
  const max = limits.socketsPerOwnerMax.free;
  const listeners = Array.from({ length: max + 10 }, () =>
    listen(other, `/api/v1/jobs/${id}/updates`, person.token),
  );
  const statuses = await Promise.all(
    listeners.map(
      ({ socket }) =>
        new Promise((resolve) => {
          socket.once('open', () => resolve(101));
          socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
        }),
    ),
  );
  expect(statuses.filter((status) => status === 101).length).toBe(max);
  expect(statuses.filter((status) => status === 429).length).toBe(10);
  const stream = () =>
    fetch(`${other.url}/api/v1/jobs/${id}/events`, { headers: { authorization: `Bearer ${person.token}` } });
  const refused = await stream();
  expect(await refused.json()).toMatchObject({ status: 429, code: 'too-many-sockets', retryable: true });

  listeners.find(({ socket }) => socket.readyState === WebSocket.OPEN)?.socket.terminate();
  await expect.poll(() => other.open.websocket).toBe(max - 1);
  const accepted = await stream();
  expect(accepted.status).toBe(200);
  expect(other.open).toEqual({ websocket: max - 1, sse: 1 });
  await accepted.body?.cancel();
  await expect.poll(() => other.open.sse).toBe(0);

  await server.store.read
    .updateTable('owners')
    .set({ tier: 'pro' })
    .where('id', '=', person.ownerId)
    .execute();
  const more = [1, 2, 3].map(() => listen(other, `/api/v1/jobs/${id}/updates`, person.token));
  await Promise.all(more.map(({ until }) => until(({ type }) => type === 'snapshot')));
});

test('an upgrade that is not completed is not counted', async () => {
  const other = await startOther();
  const id = await newJob();
  const socket = rawUpgrade(other, `/api/v1/jobs/${id}/updates`, '');
  const reply = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  expect(reply).toMatch(/^HTTP\/1.1 400 /);
  await expect.poll(() => other.open.websocket).toBe(0);
  const listener = listen(other, `/api/v1/jobs/${id}/updates`);
  await listener.until(({ type }) => type === 'snapshot');
  await expect.poll(() => other.open.websocket).toBe(1);
});

/** @param key the header `sec-websocket-key`, or nothing */
function rawUpgrade(where: { url: string }, path: string, key: string): Socket {
  const socket = connect(Number(new URL(where.url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${owner.token}\r\n` +
      `connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n${key}\r\n`,
  );
  return socket;
}

test('a peer that answers no ping is closed, one that does stays', async () => {
  const other = await startOther({ live: { heartbeatSeconds: 0.2 } });
  const id = await newJob();
  const lively = listen(other, `/api/v1/jobs/${id}/updates`);
  await lively.until(({ type }) => type === 'snapshot');
  const dead = rawUpgrade(
    other,
    `/api/v1/jobs/${id}/updates`,
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
  );
  dead.resume();
  await expect.poll(() => other.open.websocket).toBe(2);
  await new Promise((resolve) => dead.once('close', resolve));
  const beats = () => lively.messages.filter(({ type }) => type === 'heartbeat').length;
  const before = beats();
  await expect.poll(beats, { timeout: 10_000 }).toBeGreaterThan(before + 4);
  expect(lively.socket.readyState).toBe(WebSocket.OPEN);
  expect(other.open.websocket).toBe(1);
});

test('a pipeline that is retried comes back from its end', async () => {
  const other = await startOther();
  const id = newId();
  const { ownerId: owner_id, userId: created_by, projectId: project_id } = owner;
  const empty = { request: '{}', stages: '[]' };
  await server.store.read
    .insertInto('pipelines')
    .values({ id, owner_id, created_by, project_id, ...empty, state: 'running' })
    .execute();
  const change = (state: string, ...types: string[]) =>
    server.store.transaction(async (tx) => {
      await tx.sql.updateTable('pipelines').set({ state }).where('id', '=', id).execute();
      for (const type of types)
        await appendEvent(tx, { subject: 'pipelines', subjectId: id, type, data: {} });
    });
  const first = listen(other, `/api/v1/pipelines/${id}/updates`);
  await first.until(({ type }) => type === 'snapshot');
  await change('running', 'failed', 'retried');
  await first.until(({ seq }) => seq === 2);
  await change('blocked', 'blocked', 'stage.blocked');
  await first.closed;
  expect(told(first)).toEqual(['snapshot 0', 'event 1', 'event 2', 'event 3', 'event 4', 'end']);

  await change('queued', 'retried');
  const second = listen(other, `/api/v1/pipelines/${id}/updates?since=4`);
  const third = listen(other, `/api/v1/pipelines/${id}/updates`);
  await Promise.all([second, third].map(({ until }) => until(({ seq }) => seq === 5)));
  await change('succeeded', 'succeeded');
  await Promise.all([second.closed, third.closed]);
  expect(told(second)).toEqual(['event 5', 'event 6', 'end']);
  expect(told(third)).toEqual(['snapshot 5', 'event 6', 'end']);
});

test('where events were cleaned away, the client starts anew with a snapshot', async () => {
  const other = await startOther();
  const id = await newJob();
  await addEvents(id, 5);
  const { Client } = (await import('pg')).default;
  const admin = new Client({ connectionString: server.databaseUrl });
  await admin.connect();
  await admin.query('delete from events where subject_id = $1 and seq <= 3', [id]);
  await admin.end();
  const listener = listen(other, `/api/v1/jobs/${id}/updates?since=1`);
  await listener.until(({ type }) => type === 'snapshot');
  await finish(id);
  await listener.closed;
  expect(told(listener)).toEqual(['snapshot 5', 'event 6', 'end']);
});

test('while the database is away connections stay, and afterwards they get what they missed', async () => {
  const other = await startOther({ databaseUrl: doorUrl, live: { heartbeatSeconds: 0.3 } });
  const id = await newJob();
  const listeners = await listenMany(other, 10, `/api/v1/jobs/${id}/updates`);
  await door.shut();
  await addEvents(id, 3);
  const [first] = listeners;
  const beats = () => first?.messages.filter(({ type }) => type === 'heartbeat').length ?? 0;
  const before = beats();
  await expect.poll(beats, { timeout: 10_000 }).toBeGreaterThan(before + 3);
  expect(listeners.flatMap(numbers)).toEqual([]);
  await door.open();
  await Promise.all(listeners.map(({ until }) => until(({ seq }) => seq === 3)));
  await finish(id);
  await Promise.all(listeners.map(({ closed }) => closed));
  for (const listener of listeners) expect(numbers(listener)).toEqual(upTo(4));
});

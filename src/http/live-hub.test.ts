import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Listener, told } from '../../test/support/live-listener.ts';
import { type LiveWorld, startLiveWorld } from '../../test/support/live-world.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { appendEvent } from '../store/events.ts';

let world: LiveWorld;

beforeAll(async () => {
  world = await startLiveWorld();
});
afterAll(() => world.close());

const numbers = (listener: Listener) =>
  listener.messages.filter(({ type }) => type === 'event').map(({ seq }) => seq ?? -1);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

test('fifty clients on one subject cost one read an event, and one look at the end', async () => {
  const other = await world.startOther();
  const id = await world.newJob();
  const listeners = await world.listenMany(other, 50, `/api/v1/jobs/${id}/updates`);
  await expect.poll(() => other.open).toEqual({ websocket: 50, sse: 0 });
  const before = other.reads.count;
  const polls = Math.ceil(performance.now() / 2_000);
  for (let seq = 1; seq <= 20; seq++) {
    await world.addEvents(id, 1);
    await Promise.all(listeners.map(({ until }) => until((message) => message.seq === seq)));
  }
  await world.finish(id);
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
  const person = await world.newOwner();
  await world.server.store.read
    .updateTable('owners')
    .set({ tier: 'pro' })
    .where('id', '=', person.ownerId)
    .execute();
  const other = await world.startOther();
  const one = await world.newJob(person);
  const own = await Promise.all(Array.from({ length: 100 }, () => world.newJob(person)));
  const ids = [...own, ...own.map(() => one)];
  const all = [one, ...own];
  const seen = ids.map((): number[] => []);
  const connectAll = () =>
    ids.map((id, at) =>
      world.listen(other, `/api/v1/jobs/${id}/updates?since=${seen[at]?.at(-1) ?? 0}`, person.token),
    );
  const append = () => Promise.all(all.map((id) => world.addEvents(id, 3)));

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
  await Promise.all(all.map(world.finish));
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
    const other = await world.startOther({ live: { heartbeatSeconds: 600, pollSeconds: 600 } });
    const id = await world.newJob();
    const path = `/api/v1/jobs/${id}/updates`;
    const staying = await world.listenMany(other, 2, path);
    // One by one: what comes in one page is kept until the page was sent.
    for (let seq = 1; seq <= data.events; seq++) {
      await world.addEvents(id, 1, { text: data.text });
      await Promise.all(staying.map(({ until }) => until((message) => message.seq === seq)));
    }
    const cost = async (since: number) => {
      const before = other.reads.count;
      const listener = world.listen(other, `${path}?since=${since}`);
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
  const other = await world.startOther({ live: { bufferBytesMax: 65_536, drainSeconds: 20 } });
  const id = await world.newJob();
  const slow = world.listen(other, `/api/v1/jobs/${id}/updates?since=0`);
  const brisk = world.listen(other, `/api/v1/jobs/${id}/updates?since=0`);
  await world.addEvents(id, 1);
  await slow.until(({ seq }) => seq === 1);
  slow.socket.pause();
  for (let n = 0; n < 10; n++) await world.addEvents(id, 100, { text: 'x'.repeat(16_000) });
  await brisk.until(({ seq }) => seq === 1_001);
  expect(numbers(slow).length).toBeLessThan(1_000);
  slow.socket.resume();
  await world.finish(id);
  await Promise.all([slow.closed, brisk.closed]);
  expect(numbers(slow)).toEqual(upTo(1_002));
  expect(numbers(brisk)).toEqual(upTo(1_002));
});

test('a stream that nobody reads is cut off', async () => {
  const other = await world.startOther({ live: { bufferBytesMax: 65_536, drainSeconds: 0.3 } });
  const id = await world.newJob();
  const socket = world.rawRequest(other, `/api/v1/jobs/${id}/events?since=0`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  for (let n = 0; n < 10; n++) await world.addEvents(id, 100, { text: 'x'.repeat(16_000) });
  await expect.poll(() => other.open.sse, { timeout: 10_000 }).toBe(0);
  socket.destroy();
  await world.finish(id);
  const stream = await fetch(`${other.url}/api/v1/jobs/${id}/events?since=990`, {
    headers: { authorization: `Bearer ${world.owner.token}` },
  });
  const text = await stream.text();
  expect(text.match(/^id: \d+/gm)).toEqual(upTo(1_001, 991).map((seq) => `id: ${seq}`));
});

test('a session or key that is revoked through another process ends its connections there at once', async () => {
  // No heartbeat comes while this lasts: the wake-up alone can close them.
  const other = await world.startOther({ live: { heartbeatSeconds: 600 } });
  const person = await world.newOwner();
  const bystander = await world.newOwner();
  const id = await world.newJob(person);
  const theirs = world.listen(
    other,
    `/api/v1/jobs/${await world.newJob(bystander)}/updates`,
    bystander.token,
  );
  const { body: key } = await world.server.send('POST /api/v1/api-keys', {
    token: person.token,
    body: { name: 'k', scopes: ['contracts:read'] },
  });
  const byKey = world.listen(other, `/api/v1/jobs/${id}/updates`, key.key);
  const byToken = [1, 2].map(() => world.listen(other, `/api/v1/jobs/${id}/updates`, person.token));
  const stream = await fetch(`${other.url}/api/v1/jobs/${id}/events`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  await Promise.all([theirs, byKey, ...byToken].map(({ until }) => until(({ type }) => type === 'snapshot')));

  await world.server.send(`DELETE /api/v1/api-keys/${key.id}`, { token: person.token });
  expect(await byKey.closed).toEqual({ code: 4401, reason: 'api-key-revoked' });
  expect(byToken.map(({ socket }) => socket.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
  await world.server.send('POST /api/v1/auth/logout', { token: person.token });
  for (const listener of byToken)
    expect(await listener.closed).toEqual({ code: 4401, reason: 'session-revoked' });
  expect(await stream.text()).toContain('event: snapshot');
  expect(theirs.socket.readyState).toBe(WebSocket.OPEN);
});

test('a refresh token that is used again ends the live connections of its session, and so does a deactivated account', async () => {
  // No heartbeat comes while this lasts: the wake-up alone can close them.
  const other = await world.startOther({ live: { heartbeatSeconds: 600 } });
  const person = await world.newOwner();
  const id = await world.newJob(person);
  const listener = world.listen(other, `/api/v1/jobs/${id}/updates`, person.token);
  await listener.until(({ type }) => type === 'snapshot');
  const use = (agent: string) =>
    world.server.send('POST /api/v1/auth/refresh', {
      body: { refreshToken: person.refreshToken },
      headers: { 'user-agent': agent },
    });
  expect((await use('mine')).status).toBe(200);
  expect((await use('a thief')).body.code).toBe('refresh-token-reused');
  expect(await listener.closed).toEqual({ code: 4401, reason: 'session-revoked' });

  const second = await world.newOwner();
  const theirs = world.listen(other, `/api/v1/jobs/${await world.newJob(second)}/updates`, second.token);
  await theirs.until(({ type }) => type === 'snapshot');
  await world.server.store.transaction(async (tx) => {
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
  const other = await world.startOther({ live: { heartbeatSeconds: 0.3, pollSeconds: 60 } });
  const id = await world.newJob();
  const listeners = await world.listenMany(other, 20, `/api/v1/jobs/${id}/updates`);
  const beats = () => Math.min(...listeners.map(({ messages }) => messages.length));
  await expect.poll(beats).toBeGreaterThan(1);
  const before = other.reads.count;
  const first = beats();
  await expect.poll(beats, { timeout: 10_000 }).toBeGreaterThan(first + 3);
  expect(other.reads.count - before).toBeLessThan(12);
});

test('an owner has as many connections as the tier allows, also when they come at once', async () => {
  const person = await world.newOwner();
  const other = await world.startOther();
  const id = await world.newJob(person);
  const max = limits.socketsPerOwnerMax.free;
  const listeners = Array.from({ length: max + 10 }, () =>
    world.listen(other, `/api/v1/jobs/${id}/updates`, person.token),
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

  await world.server.store.read
    .updateTable('owners')
    .set({ tier: 'pro' })
    .where('id', '=', person.ownerId)
    .execute();
  const more = [1, 2, 3].map(() => world.listen(other, `/api/v1/jobs/${id}/updates`, person.token));
  await Promise.all(more.map(({ until }) => until(({ type }) => type === 'snapshot')));
});

test('an upgrade that is not completed is not counted', async () => {
  const other = await world.startOther();
  const id = await world.newJob();
  const socket = world.rawUpgrade(other, `/api/v1/jobs/${id}/updates`, '');
  const reply = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  expect(reply).toMatch(/^HTTP\/1.1 400 /);
  await expect.poll(() => other.open.websocket).toBe(0);
  const listener = world.listen(other, `/api/v1/jobs/${id}/updates`);
  await listener.until(({ type }) => type === 'snapshot');
  await expect.poll(() => other.open.websocket).toBe(1);
});

test('a peer that answers no ping is closed, one that does stays', async () => {
  const other = await world.startOther({ live: { heartbeatSeconds: 0.2 } });
  const id = await world.newJob();
  const lively = world.listen(other, `/api/v1/jobs/${id}/updates`);
  await lively.until(({ type }) => type === 'snapshot');
  const dead = world.rawUpgrade(
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
  const other = await world.startOther();
  const id = newId();
  const { ownerId: owner_id, userId: created_by, projectId: project_id } = world.owner;
  const empty = { request: '{}', stages: '[]' };
  await world.server.store.read
    .insertInto('pipelines')
    .values({ id, owner_id, created_by, project_id, ...empty, state: 'running' })
    .execute();
  const change = (state: string, ...types: string[]) =>
    world.server.store.transaction(async (tx) => {
      await tx.sql.updateTable('pipelines').set({ state }).where('id', '=', id).execute();
      for (const type of types)
        await appendEvent(tx, { subject: 'pipelines', subjectId: id, type, data: {} });
    });
  const first = world.listen(other, `/api/v1/pipelines/${id}/updates`);
  await first.until(({ type }) => type === 'snapshot');
  await change('running', 'failed', 'retried');
  await first.until(({ seq }) => seq === 2);
  await change('blocked', 'blocked', 'stage.blocked');
  await first.closed;
  expect(told(first)).toEqual(['snapshot 0', 'event 1', 'event 2', 'event 3', 'event 4', 'end']);

  await change('queued', 'retried');
  const second = world.listen(other, `/api/v1/pipelines/${id}/updates?since=4`);
  const third = world.listen(other, `/api/v1/pipelines/${id}/updates`);
  await Promise.all([second, third].map(({ until }) => until(({ seq }) => seq === 5)));
  await change('succeeded', 'succeeded');
  await Promise.all([second.closed, third.closed]);
  expect(told(second)).toEqual(['event 5', 'event 6', 'end']);
  expect(told(third)).toEqual(['snapshot 5', 'event 6', 'end']);
});

test('where events were cleaned away, the client starts anew with a snapshot', async () => {
  const other = await world.startOther();
  const id = await world.newJob();
  await world.addEvents(id, 5);
  const { Client } = (await import('pg')).default;
  const admin = new Client({ connectionString: world.server.databaseUrl });
  await admin.connect();
  await admin.query('delete from events where subject_id = $1 and seq <= 3', [id]);
  await admin.end();
  const listener = world.listen(other, `/api/v1/jobs/${id}/updates?since=1`);
  await listener.until(({ type }) => type === 'snapshot');
  await world.finish(id);
  await listener.closed;
  expect(told(listener)).toEqual(['snapshot 5', 'event 6', 'end']);
});

test('while the database is away connections stay, and afterwards they get what they missed', async () => {
  const other = await world.startOther({ databaseUrl: world.doorUrl, live: { heartbeatSeconds: 0.3 } });
  const id = await world.newJob();
  const listeners = await world.listenMany(other, 10, `/api/v1/jobs/${id}/updates`);
  await world.door.shut();
  await world.addEvents(id, 3);
  const [first] = listeners;
  const beats = () => first?.messages.filter(({ type }) => type === 'heartbeat').length ?? 0;
  const before = beats();
  await expect.poll(beats, { timeout: 10_000 }).toBeGreaterThan(before + 3);
  expect(listeners.flatMap(numbers)).toEqual([]);
  await world.door.open();
  await Promise.all(listeners.map(({ until }) => until(({ seq }) => seq === 3)));
  await world.finish(id);
  await Promise.all(listeners.map(({ closed }) => closed));
  for (const listener of listeners) expect(numbers(listener)).toEqual(upTo(4));
});

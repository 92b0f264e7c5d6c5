import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import { type Listener, listenTo, told } from '../../test/support/live-listener.ts';
import { newId } from '../lib/ids.ts';
import type { Store } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { getJob, terminalJobStates } from '../store/jobs.ts';
import type { SubjectReader } from './subjects.ts';

let server: TestServer;
let owner: { token: string; ownerId: string; userId: string; projectId: string };

const reader = (store: () => Store): SubjectReader => ({
  async read(_, ownerId, id) {
    const job = await getJob(store().read, ownerId, id);
    return { seq: job.seq, subject: job, finished: terminalJobStates.includes(job.state) };
  },
});

beforeAll(async () => {
  server = await startHttpServer({
    subjects: reader(() => server.store),
    live: { heartbeatSeconds: 0.1, drainSeconds: 0.2, bufferBytesMax: 65_536 },
  });
  owner = await newOwner();
});
afterAll(() => server.close());

async function newOwner() {
  const { tokens, userId } = await server.register();
  const { body } = await server.send('GET /api/v1/auth/me', { token: tokens.accessToken });
  return { token: tokens.accessToken, ownerId: body.ownerId, userId, projectId: body.projectId };
}

async function newJob(): Promise<string> {
  const id = newId();
  await server.store.read
    .insertInto('jobs')
    .values({
      id,
      owner_id: owner.ownerId,
      created_by: owner.userId,
      project_id: owner.projectId,
      kind: 'compile',
      subject_id: newId(),
      attempts_max: 3,
    })
    .execute();
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

function listen(
  path: string,
  headers: Record<string, string> = { authorization: `Bearer ${owner.token}` },
): Listener {
  return listenTo(server.url + path, headers);
}

test('a socket gets a snapshot, then the events as they come, then the end', async () => {
  const id = await newJob();
  await addEvents(id, 2);
  const listener = listen(`/api/v1/jobs/${id}/updates`);
  await listener.until(({ type }) => type === 'snapshot');
  await addEvents(id, 1);
  await listener.until(({ seq }) => seq === 3);
  await finish(id);
  expect(await listener.closed).toEqual({ code: 1000, reason: 'finished' });
  expect(told(listener)).toEqual(['snapshot 2', 'event 3', 'event 4', 'end']);
  expect(listener.messages[0]).toMatchObject({ subject: { id, state: 'queued', seq: 2 } });
});

test('who comes back with since gets the rest, none missing and none twice, while events are written', async () => {
  const id = await newJob();
  const writing = (async () => {
    for (let n = 0; n < 60; n++) await addEvents(id, 1 + (n % 7));
    await finish(id);
  })();
  const seen: number[] = [];
  for (let connections = 0; ; connections++) {
    const listener = listen(`/api/v1/jobs/${id}/updates?since=${seen.at(-1) ?? 0}`);
    const want = (seen.at(-1) ?? 0) + 40;
    await Promise.race([listener.until(({ seq }) => seq !== undefined && seq >= want), listener.closed]);
    listener.socket.terminate();
    for (const { type, seq } of listener.messages) if (type === 'event') seen.push(seq ?? -1);
    if (listener.messages.some(({ type }) => type === 'end')) {
      expect(connections).toBeGreaterThan(2);
      break;
    }
  }
  await writing;
  const { seq } = await getJob(server.store.read, owner.ownerId, id);
  expect(seen).toEqual(Array.from({ length: seq }, (_, n) => n + 1));
});

test('a since beyond the last event starts anew with a snapshot', async () => {
  const id = await newJob();
  await addEvents(id, 2);
  await finish(id);
  const listener = listen(`/api/v1/jobs/${id}/updates?since=99`);
  await listener.closed;
  expect(told(listener)).toEqual(['snapshot 3', 'end']);
});

test('a client that does not read is cut off, and its events are not piled up in memory', async () => {
  const id = await newJob();
  const port = Number(new URL(server.url).port);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.write(
    `GET /api/v1/jobs/${id}/updates?since=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${owner.token}\r\n` +
      'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  socket.pause();
  // A socket that does not read learns of its end only when it writes: ping frames, until one fails. They also show
  // that somebody is there, so that it is cut off for its buffer and not for its silence.
  const pinging = setInterval(() => socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0])), 20);
  // More than the kernel's buffers hold.
  for (let n = 0; n < 10; n++) await addEvents(id, 100, { text: 'x'.repeat(16_000) });
  const brisk = listen(`/api/v1/jobs/${id}/updates?since=0`);
  await brisk.until(({ seq }) => seq === 1000);
  brisk.socket.terminate();
  await closed;
  clearInterval(pinging);
  expect(socket.bytesRead).toBeLessThan(1_000_000);
});

test('what a client says is answered by closing, and nothing breaks', async () => {
  const id = await newJob();
  for (const [garbage, code] of [
    ['{"subscribe": "everything"}', 1008],
    [Buffer.alloc(100), 1008],
    ['x'.repeat(5_000), 1009],
  ] as const) {
    const listener = listen(`/api/v1/jobs/${id}/updates`);
    await listener.until(({ type }) => type === 'snapshot');
    listener.socket.send(garbage);
    expect((await listener.closed).code).toBe(code);
  }
  expect(server.errors).toEqual([]);
});

test('the upgrade is authorised like every request, and a ticket is good once', async () => {
  const id = await newJob();
  const path = `/api/v1/jobs/${id}/updates`;
  const refused = async (where: string, token?: string) => {
    const { status, body } = await server.send(`GET ${where}`, token ? { token } : {});
    return `${status} ${body.code}`;
  };
  expect(await refused(path)).toBe('401 credentials-missing');
  expect(await refused(path, owner.token)).toBe('426 upgrade-needed');
  expect(await refused(`${path}?ticket=made-up`)).toBe('401 ticket-invalid');
  expect(await refused(path, (await newOwner()).token)).toBe('404 not-found');
  expect(await refused('/api/v1/jobs/1/updates', owner.token)).toBe('422 validation-failed');
  expect(await refused(`${path}?since=-1`, owner.token)).toBe('422 validation-failed');
  const upgrade = listen(path, {});
  const status = await new Promise((resolve) =>
    upgrade.socket.on('unexpected-response', (_, response) => resolve(response.statusCode)),
  );
  expect(status).toBe(401);
  const { body } = await server.send('POST /api/v1/live/tickets', { token: owner.token });
  const listener = listen(`${path}?ticket=${body.ticket}`, {});
  await listener.until(({ type }) => type === 'snapshot');
  listener.socket.terminate();
  expect(await refused(`${path}?ticket=${body.ticket}`)).toBe('401 ticket-invalid');
});

test('a live connection ends when the session behind it does', async () => {
  const guest = await newOwner();
  const mine = owner;
  owner = guest;
  const id = await newJob();
  owner = mine;
  const listener = listen(`/api/v1/jobs/${id}/updates`, { authorization: `Bearer ${guest.token}` });
  await listener.until(({ type }) => type === 'heartbeat');
  await server.send('POST /api/v1/auth/logout', { token: guest.token });
  expect(await listener.closed).toEqual({ code: 4401, reason: 'session-revoked' });
});

test('server-sent events say the same, and a finished stream is not followed again', async () => {
  const id = await newJob();
  await addEvents(id, 2);
  await finish(id);
  const read = async (headers: Record<string, string> = {}, query = '') =>
    server.send(`GET /api/v1/jobs/${id}/events${query}`, { token: owner.token, headers });
  const fresh = await read();
  expect(fresh.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(fresh.text).toMatch(
    /^id: 3\nevent: snapshot\ndata: \{.*\}\n\nevent: end\ndata: \{"type":"end"\}\n\n$/,
  );
  const again = await read({ 'last-event-id': '1' });
  expect(again.text.match(/^id: \d+/gm)).toEqual(['id: 2', 'id: 3']);
  expect((await read({}, '?since=0')).text.match(/^event: \w+/gm)).toEqual([
    'event: event',
    'event: event',
    'event: event',
    'event: end',
  ]);
  expect((await read({ 'last-event-id': '3' })).status).toBe(204);
});

test('events written by another process arrive', async () => {
  const { openStore } = await import('../store/db.ts');
  const other = openStore({ url: server.databaseUrl });
  await other.signals.listen();
  const id = await newJob();
  const listener = listen(`/api/v1/jobs/${id}/updates`);
  await listener.until(({ type }) => type === 'snapshot');
  await other.transaction((tx) =>
    appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'progress', data: {} }),
  );
  await listener.until(({ seq }) => seq === 1);
  listener.socket.terminate();
  await other.close();
});

test('a server that stops says so, and the next one goes on from there', async () => {
  const id = await newJob();
  const listener = listen(`/api/v1/jobs/${id}/updates?since=0`);
  await addEvents(id, 3);
  await listener.until(({ seq }) => seq === 3);
  await server.restart();
  expect((await listener.closed).code).toBe(1001);
  await addEvents(id, 2);
  await finish(id);
  const next = listen(`/api/v1/jobs/${id}/updates?since=3`);
  await next.closed;
  expect(told(next)).toEqual(['event 4', 'event 5', 'event 6', 'end']);
});

test('a stream ends when the server stops, and does not hold it up', async () => {
  const id = await newJob();
  const response = await fetch(`${server.url}/api/v1/jobs/${id}/events`, {
    headers: { authorization: `Bearer ${owner.token}` },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('event: snapshot');
  await server.restart();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    expect(part.value).toBe(': heartbeat\n\n');
  }
});

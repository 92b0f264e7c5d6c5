import http from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startReceiver, type WebhookReceiver } from '../../test/support/webhook-receiver.ts';
import { limits } from '../lib/limits.ts';
import { type PostOptions, post } from './post.ts';
import { createResolve, type Resolve } from './resolve-name.ts';

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.messages.length = 0;
  receiver.answer = (response) => response.end('thank you');
});
afterAll(() => receiver.close());

const send = (options: Partial<PostOptions> = {}) =>
  post({
    url: new URL('/hook?a=1', receiver.url),
    headers: { 'content-type': 'application/json' },
    body: '{"é":1}',
    rules: { allowed: ['127.0.0.0/8'], own: [] },
    timeoutMs: 10_000,
    bodyTimeoutMs: 10_000,
    replyBytesMax: limits.webhookReplyBytesMax,
    signal: new AbortController().signal,
    resolve: createResolve({ timeoutMs: 10_000 }),
    ...options,
  });
/** Long before the usual timeout of this file, so that only what ends by itself passes. */
const soon = { timeoutMs: 300 };
const named = (name: string) => new URL(receiver.url.replace('127.0.0.1', name));
const at = (...addresses: string[]): Resolve => {
  return async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

test('sends method, path, headers and body, and reads the reply', async () => {
  expect(await send()).toEqual({ status: 200, retryAfter: undefined, text: 'thank you' });
  const [message] = receiver.messages;
  expect(message).toMatchObject({ path: '/hook?a=1', body: '{"é":1}' });
  expect(message?.headers).toMatchObject({ 'content-length': '8', connection: 'close' });
});

test('reads the beginning of a reply that never ends, and drops the connection', async () => {
  receiver.answer = (response) => {
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', pour);
    pour();
  };
  const { status, text } = await send();
  expect([status, text]).toEqual([200, 'x'.repeat(limits.webhookReplyBytesMax)]);
  while (receiver.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a reply of exactly the kept size is kept whole', async () => {
  for (const size of [limits.webhookReplyBytesMax - 1, limits.webhookReplyBytesMax]) {
    receiver.answer = (response) => response.end('y'.repeat(size));
    expect((await send()).text).toBe('y'.repeat(size));
  }
});

test('a status counts though its body stalls or breaks off', async () => {
  receiver.answer = (response) => response.write('part');
  expect(await send(soon)).toEqual({ status: 200, retryAfter: undefined, text: 'part' });
  receiver.answer = (response) => {
    response.writeHead(201, { 'content-length': 100 });
    response.write('part', () => response.destroy());
  };
  expect(await send()).toMatchObject({ status: 201, text: 'part' });
});

test('a body is waited for a moment only, however long the attempt may take', async () => {
  receiver.answer = (response) => response.writeHead(200, { 'content-length': 100 }).write('part');
  const patient = { timeoutMs: 86_400_000, bodyTimeoutMs: 50 };
  expect(await send(patient)).toEqual({ status: 200, retryAfter: undefined, text: 'part' });
  while (receiver.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('follows no redirect', async () => {
  receiver.answer = (response) => response.writeHead(302, { location: '/elsewhere' }).end();
  expect((await send()).status).toBe(302);
  expect(receiver.messages).toHaveLength(1);
});

test('a receiver that never answers is left after the time', async () => {
  receiver.answer = () => {};
  await expect(send(soon)).rejects.toMatchObject({ code: 'webhook-timeout', retryable: true });
});

test.each<[string, (socket: Socket) => void]>([
  ['hangs up', (socket) => socket.destroy()],
  ['speaks something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
  [
    'changes the protocol',
    (socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  ],
  ['sends endless headers', (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)],
])('one that %s could not be reached', async (_, answer) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    const failing = send({ url: new URL(`http://127.0.0.1:${port}/`) });
    await expect(failing).rejects.toMatchObject({ code: 'webhook-unreachable', retryable: true });
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a port that is closed, and a name that nobody has, could not be reached', async () => {
  const closed = await startReceiver();
  await closed.close();
  const refused = send({ url: new URL(closed.url) });
  await expect(refused).rejects.toMatchObject({ code: 'webhook-unreachable', message: /ECONNREFUSED/ });
  const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  const lost = send({ url: named('nobody.example'), resolve: () => Promise.reject(unknown) });
  await expect(lost).rejects.toMatchObject({ code: 'webhook-unreachable', message: /ENOTFOUND/ });
});

test('a resolver that does not answer is left after the time', async () => {
  let left = false;
  const resolve: Resolve = (_host, signal) => {
    signal.addEventListener('abort', () => {
      left = true;
    });
    return new Promise(() => {});
  };
  const waiting = send({ ...soon, url: named('slow.example'), resolve });
  await expect(waiting).rejects.toMatchObject({ code: 'webhook-timeout' });
  expect(left).toBe(true);
});

test('the end of the job ends the request', async () => {
  receiver.answer = () => controller.abort(new Error('stop'));
  const controller = new AbortController();
  await expect(send({ signal: controller.signal })).rejects.toThrow('stop');
  await expect(send({ signal: controller.signal })).rejects.toThrow('stop');
  expect(receiver.messages).toHaveLength(1);
});

test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '127.1'])(
  'nothing reaches %s where private addresses are not allowed',
  async (host) => {
    const failing = send({ url: named(host), rules: { allowed: false, own: [] } });
    await expect(failing).rejects.toMatchObject({ code: 'webhook-address-private', retryable: false });
    expect(receiver.messages).toEqual([]);
  },
);

test('the connection goes to the address that was judged: a resolver is asked once', async () => {
  let asked = 0;
  const resolve: Resolve = (host, signal) => {
    asked += 1;
    // A name that is public at the first look and inside at the second.
    return at(asked === 1 ? '127.0.0.1' : '10.0.0.1')(host, signal);
  };
  expect((await send({ url: named('rebind.example'), resolve })).status).toBe(200);
  expect([asked, receiver.messages[0]?.headers.host]).toEqual([1, named('rebind.example').host]);
});

test('of several addresses only those that may be called are tried', async () => {
  const mixed = at('10.0.0.1', '::1', '127.0.0.1', '169.254.169.254');
  expect((await send({ url: named('mixed.example'), resolve: mixed })).status).toBe(200);
  const inside = send({ url: named('inside.example'), resolve: at('10.0.0.1', '::1') });
  await expect(inside).rejects.toMatchObject({ code: 'webhook-address-private', message: /private/ });
  const nowhere = send({ url: named('empty.example'), resolve: at() });
  await expect(nowhere).rejects.toMatchObject({ code: 'webhook-address-private' });
});

test('a name that leads to a public address of this machine is not called', async () => {
  const rules = { allowed: false, own: ['8.8.4.4'] };
  const inside = send({ url: named('own.example'), rules, resolve: at('8.8.4.4') });
  await expect(inside).rejects.toMatchObject({ code: 'webhook-address-private', message: /this machine/ });
  const literal = send({ url: named('8.8.4.4'), rules });
  await expect(literal).rejects.toMatchObject({ code: 'webhook-address-private' });
});

test('what a proxy of the environment does to other requests does not touch this one', async () => {
  const proxy = await startReceiver();
  const usual = http.globalAgent;
  const agent = new http.Agent();
  agent.createConnection = () => connect(Number(new URL(proxy.url).port), '127.0.0.1');
  http.globalAgent = agent;
  try {
    await new Promise((resolve) => http.get(receiver.url, resolve));
    expect([proxy.messages.length, receiver.messages.length]).toEqual([1, 0]);
    expect((await send()).status).toBe(200);
    expect([proxy.messages.length, receiver.messages.length]).toEqual([1, 1]);
  } finally {
    http.globalAgent = usual;
    await proxy.close();
  }
});

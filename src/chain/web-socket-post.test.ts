import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PostOptions } from './post.ts';
import { makeWebSocketPost } from './web-socket-post.ts';

let server: WebSocketServer | undefined;
afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
  server = undefined;
});

type Call = { id: number; method: string };

/** A server that hands each call, and how to answer it, to `serve`. */
async function listen(serve: (call: Call, answer: (text: string) => void, socket: WebSocket) => void) {
  const started = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server = started;
  await new Promise((resolve) => started.once('listening', resolve));
  let connections = 0;
  started.on('connection', (socket) => {
    connections += 1;
    socket.on('message', (data) => {
      serve(JSON.parse(String(data)) as Call, (text) => socket.send(text), socket);
    });
  });
  const { port } = started.address() as { port: number };
  return { url: `ws://127.0.0.1:${port}`, connections: () => connections };
}

const result = (id: number, value: unknown) => JSON.stringify({ jsonrpc: '2.0', id, result: value });
const call = (url: string, id: number, more: Partial<PostOptions> = {}): PostOptions => ({
  ...{ url, id, body: JSON.stringify({ id, method: 'm' }), timeoutMs: 5_000, replyBytesMax: 10_000 },
  ...more,
});

test('answers find their calls on one connection, in whatever order they come', async () => {
  const waiting: (() => void)[] = [];
  const { url, connections } = await listen(({ id }, answer) => {
    waiting.push(() => answer(result(id, `for ${id}`)));
    if (waiting.length === 3) for (const one of waiting.reverse()) one();
  });
  const post = makeWebSocketPost();
  const replies = await Promise.all([1, 2, 3].map((id) => post(call(url, id))));
  expect(replies.map(({ json }) => json)).toMatchObject([
    { result: 'for 1' },
    { result: 'for 2' },
    { result: 'for 3' },
  ]);
  expect(connections()).toBe(1);
});

test('silence ends when its time is up, and the answer that comes then is nobody else’s', async () => {
  const { url } = await listen(({ id }, answer) => {
    if (id === 1) setTimeout(() => answer(result(1, 'late')), 80);
    else answer(result(id, 'mine'));
  });
  const post = makeWebSocketPost();
  await expect(post(call(url, 1, { timeoutMs: 30 }))).rejects.toThrow('did not answer within 30 ms');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await post(call(url, 2))).json).toMatchObject({ id: 2, result: 'mine' });
});

test('a connection that breaks fails what was asked on it, and the next call opens another', async () => {
  const { url, connections } = await listen(({ id }, answer, socket) => {
    if (id < 3) socket.terminate();
    else answer(result(id, 'back'));
  });
  const post = makeWebSocketPost();
  const broken = await Promise.allSettled([post(call(url, 1)), post(call(url, 2))]);
  expect(broken.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await post(call(url, 3))).json).toMatchObject({ result: 'back' });
  expect(connections()).toBe(2);
});

test('nobody listens: the call says so, and works once somebody does', async () => {
  const { url } = await listen(() => {});
  const closing = server;
  await new Promise((resolve) => closing?.close(resolve));
  const post = makeWebSocketPost();
  await expect(post(call(url, 1))).rejects.toThrow(/ECONNREFUSED/);
  const port = Number(new URL(url).port);
  server = new WebSocketServer({ port, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', () => socket.send(result(2, 'here'))));
  expect((await post(call(url, 2))).json).toMatchObject({ result: 'here' });
});

test('what is no answer, or too large, harms only who waits for it', async () => {
  const { url } = await listen(({ id }, answer) => {
    if (id === 1) answer('no JSON');
    else if (id === 2) answer('null');
    else if (id === 3) answer(result(3, 'x'.repeat(20_000)));
    answer(result(4, 'fine'));
  });
  const post = makeWebSocketPost();
  const [first, second] = [1, 2].map((id) => post(call(url, id, { timeoutMs: 50 })));
  await expect(first).rejects.toThrow('did not answer');
  await expect(second).rejects.toThrow('did not answer');
  await expect(post(call(url, 3))).rejects.toThrow(/failed with/);
  expect((await post(call(url, 4))).json).toMatchObject({ result: 'fine' });
});

test('takes addresses of WebSockets only', async () => {
  await expect(makeWebSocketPost()(call('http://127.0.0.1:1', 1))).rejects.toThrow('is no address');
});

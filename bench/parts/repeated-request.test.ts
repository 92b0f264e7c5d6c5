import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { repeatPost } from './repeated-request.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function answering(status: number, seen: string[] = []): Promise<{ url: string; apiKey: string }> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    seen.push(`${request.headers.authorization} ${request.url} ${body}`);
    response.writeHead(status, { 'content-length': 4_000 }).end('x'.repeat(4_000));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'key' };
}

test('every request is a whole one and every reply is waited for', async () => {
  const seen: string[] = [];
  const load = await repeatPost(await answering(202, seen), {
    ...{ path: '/jobs', body: { a: 'ö' }, accepted: 202, callers: 2 },
  });
  for (let at = 0; at < 3; at += 1) await Promise.all([load.send(), load.send()]);
  expect(seen).toEqual(Array.from({ length: 6 }, () => 'Bearer key /jobs {"a":"ö"}'));
  load.close();
});

test('a reply other than the one that counts fails the measurement, and so does none', async () => {
  const refused = await repeatPost(await answering(429), {
    ...{ path: '/jobs', body: {}, accepted: 202, callers: 1 },
  });
  await expect(refused.send()).rejects.toThrow('answered 429');
  refused.close();
  const server = await answering(202);
  const cut = await repeatPost(server, { path: '/jobs', body: {}, accepted: 202, callers: 1 });
  servers[1]?.removeAllListeners('request').on('request', (request) => request.socket.destroy());
  await expect(cut.send()).rejects.toThrow('hung up');
  cut.close();
});

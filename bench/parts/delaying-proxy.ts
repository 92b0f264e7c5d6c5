import { Agent, request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Stands in front of a node and takes so many milliseconds more for each call, as a node in another place does. */
export async function startDelayingProxy(
  target: string,
  delayMs: number,
): Promise<{ url: string; stop(): Promise<void> }> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const forwarded = ask(target, { method: 'POST', agent, headers: request.headers });
    forwarded.on('response', async (reply) => {
      await wait(delayMs);
      response.writeHead(reply.statusCode ?? 502, { 'content-type': 'application/json' });
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

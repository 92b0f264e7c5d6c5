import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeLiveClients, nowMs } from './live-clients.ts';

test('what a client was not sent counts as lost, be it jumped over or hidden by a snapshot', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const event = (seq: number) => ({ type: 'event', seq, event: { data: { at: nowMs() } } });
  const snapshot = (seq: number) => ({ type: 'snapshot', seq });
  // A first connection begins with a snapshot; one that says what was seen must get all that came since.
  const said = [
    [snapshot(5), event(6)],
    [event(7), event(7), event(9)],
    [snapshot(12), event(13)],
  ];
  const addresses: (string | undefined)[] = [];
  server.on('connection', (socket, request) => {
    addresses.push(request.url);
    for (const message of said[addresses.length - 1] ?? []) socket.send(JSON.stringify(message));
  });
  const { port } = server.address() as AddressInfo;
  const clients = makeLiveClients({
    clients: 1,
    headers: {},
    address: (_, since) => `ws://127.0.0.1:${port}/${since ?? 'new'}`,
  });
  for (const [last, lost] of [
    [6, 0],
    [9, 1],
    [13, 4],
  ] as const) {
    await clients.connect();
    await expect.poll(() => clients.seqs).toEqual([last]);
    expect(clients.lost).toBe(lost);
    clients.cut();
  }
  expect(clients.duplicated).toBe(1);
  expect(addresses).toEqual(['/new', '/6', '/9']);
  await new Promise((resolve) => server.close(resolve));
});

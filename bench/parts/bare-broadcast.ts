import { fork } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The least that can be called live updates: a bare `ws` server in a process of its own that sends what it is told to
 * its clients. No database, no order, nobody who comes back, no access.
 */
export interface BareBroadcast {
  url: string;
  pid: number;
  /** Has the text sent to client number `to`, or to everybody. */
  send(text: string, to?: number): void;
  stop(): void;
}

export async function startBareBroadcast(): Promise<BareBroadcast> {
  const child = fork(import.meta.filename);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number));
    child.once('exit', () => reject(new Error('the bare server did not start')));
  });
  return {
    url: `ws://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    send: (text, to) => child.send({ text, to }),
    stop: () => child.kill('SIGKILL'),
  };
}

function serve(): void {
  const clients = new Map<number, WebSocket>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket, request) => clients.set(Number(request.url?.slice(1)), socket));
  server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', ({ text, to }: { text: string; to?: number }) => {
    if (to !== undefined) clients.get(to)?.send(text);
    else for (const client of clients.values()) client.send(text);
  });
  process.on('disconnect', () => process.exit());
}

if (process.argv[1] === import.meta.filename) serve();

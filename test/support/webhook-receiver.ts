import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export interface ReceivedMessage {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server of somebody who wants to be told what happens. */
export interface WebhookReceiver {
  url: string;
  /** What has arrived, in order. */
  messages: ReceivedMessage[];
  /** How it answers from now on; 200 and a few words at first. */
  answer: (response: ServerResponse, message: ReceivedMessage) => void;
  /** Connections that are open now. */
  open(): number;
  /** Resolves when so many messages have arrived. */
  arrived(count: number): Promise<ReceivedMessage[]>;
  close(): Promise<void>;
}

/** Starts a receiver on a free port of this machine. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const sockets = new Set<Socket>();
  let look: () => void = () => {};
  const server = createServer(async (request, response) => {
    const message = {
      path: request.url ?? '',
      headers: request.headers,
      body: await text(request).catch(() => ''),
    };
    receiver.messages.push(message);
    receiver.answer(response, message);
    look();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: [],
    answer: (response) => response.end('thank you'),
    open: () => sockets.size,
    async arrived(count) {
      while (receiver.messages.length < count) {
        await new Promise<void>((resolve) => {
          look = resolve;
        });
      }
      return receiver.messages;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { BenchServer } from './server.ts';

/** Many callers that each send the same request over and over, on a connection of their own. */
export interface RepeatedRequest {
  /** Sends it once by a caller that is free; there must be one. @throws for any reply but `accepted` */
  send(): Promise<void>;
  close(): void;
}

/**
 * The request is put together once, and of a reply only the status and the length are read: as a program for load does.
 * With a client that understands replies, the callers took a quarter of the two processors from the server they measure.
 */
export async function repeatPost(
  server: Pick<BenchServer, 'url' | 'apiKey'>,
  request: { path: string; body: unknown; accepted: number; callers: number },
): Promise<RepeatedRequest> {
  const { hostname, port } = new URL(server.url);
  const text = JSON.stringify(request.body);
  const bytes = Buffer.from(
    [
      `POST ${request.path} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${server.apiKey}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  );
  const sockets = await Promise.all(
    Array.from({ length: request.callers }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
      await once(socket, 'connect');
      // What breaks is closed next, which whoever waits for a reply hears.
      socket.on('error', () => {});
      return socket;
    }),
  );
  const free = [...sockets];
  return {
    async send() {
      const socket = free.pop();
      if (!socket) throw new Error(`more than ${request.callers} callers at once`);
      socket.write(bytes);
      const status = await readReply(socket);
      if (status !== request.accepted) throw new Error(`${request.path} answered ${status}`);
      free.push(socket);
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** @returns its status, when all of it has come */
function readReply(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const onEnd = () => done(() => reject(new Error('the server hung up')));
    const onData = (part: string) => {
      reply += part;
      const headEnd = reply.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(reply) ?? [];
      const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(reply.slice(0, headEnd + 2)) ?? [];
      if (!status || !length)
        return done(() => reject(new Error(`no reply that can be read: ${reply.slice(0, 200)}`)));
      if (reply.length >= headEnd + 4 + Number(length)) done(() => resolve(Number(status)));
    };
    function done(answer: () => void): void {
      socket.off('data', onData).off('close', onEnd);
      answer();
    }
    socket.on('data', onData).on('close', onEnd);
  });
}

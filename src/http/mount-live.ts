import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { authenticateAgain } from '../actions/authenticate.ts';
import { redeemLiveTicket } from '../actions/issue-live-ticket.ts';
import type { Actor } from '../actions/platform.ts';
import { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import type { SubjectKind } from '../store/events.ts';
import { authorize, byHeader } from './authorize.ts';
import { fail } from './errors.ts';
import { followSubject, type LiveSettings, type Outlet } from './follow-subject.ts';
import type { Frame } from './frame.ts';
import { closeCodes, type LiveMessage, liveKinds } from './live-messages.ts';
import type { SubjectSnapshot } from './subjects.ts';
import { validate } from './validate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    live: LiveRequest | null;
  }
}

/** A live connection that was allowed: what it follows, and from where. */
interface LiveRequest {
  kind: SubjectKind;
  id: string;
  since: number | undefined;
  snapshot: SubjectSnapshot;
}

const paramsSchema = z.strictObject({ id: z.uuid() });
const querySchema = z.strictObject({
  since: z.coerce.number<string>().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  ticket: z.string().max(100).optional(),
});

/** Mounts a WebSocket and a server-sent-events address for each kind of subject. */
export async function mountLive(app: FastifyInstance, frame: Frame, settings: LiveSettings): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: limits.socketMessageBytesMax },
    preClose(done) {
      closeAll(app.websocketServer);
      done();
    },
  });
  app.decorateRequest('live', null);
  const open = createCounter();
  for (const [kind, need] of Object.entries(liveKinds) as [SubjectKind, (typeof liveKinds)[SubjectKind]][]) {
    const shared = {
      method: 'GET' as const,
      exposeHeadRoute: false,
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
        const { ticket } = request.query as { ticket?: unknown };
        const identify =
          typeof ticket === 'string'
            ? () => redeemLiveTicket(frame.platform, ticket)
            : byHeader(frame.platform, request.headers.authorization);
        const { actor, headers } = await authorize({ ...frame, need, address: request.ip, identify });
        request.actor = actor;
        reply.headers(headers);
      },
      preHandler: async (request: FastifyRequest) => {
        const { ownerId } = request.actor as Actor;
        request.live = await readLiveRequest(frame, kind, request, ownerId);
        if (open.count(ownerId) >= limits.socketsPerOwnerMax) {
          throw fail('too-many-sockets', { count: open.count(ownerId) }, { retryAfterSeconds: 10 });
        }
      },
    };
    app.route({
      ...shared,
      url: `/api/v1/${kind}/:id/updates`,
      handler: async (_, reply) => {
        reply.header('upgrade', 'websocket');
        throw fail('upgrade-needed');
      },
      wsHandler: (socket, request) => serveSocket(socket, request, { frame, settings, open }),
    });
    app.route({
      ...shared,
      url: `/api/v1/${kind}/:id/events`,
      handler: (request, reply) => serveStream(request, reply, { frame, settings, open }),
    });
  }
}

/** Tells every client to come back to the next server; those that do not answer are cut off. */
function closeAll({ clients }: WebSocketServer): void {
  for (const client of clients) client.close(closeCodes.stopping, 'the server stops; come back with since');
  setTimeout(() => {
    for (const client of clients) client.terminate();
  }, 500).unref();
}

async function readLiveRequest(
  frame: Frame,
  kind: SubjectKind,
  request: FastifyRequest,
  ownerId: string,
): Promise<LiveRequest> {
  const [params, query, lastEventId] = validate([
    { prefix: '/path', schema: paramsSchema, value: request.params },
    { prefix: '/query', schema: querySchema, value: request.query },
    {
      prefix: '/headers',
      schema: lastEventSchema,
      value: { 'last-event-id': request.headers['last-event-id'] },
    },
  ]) as [z.output<typeof paramsSchema>, z.output<typeof querySchema>, z.output<typeof lastEventSchema>];
  const since = lastEventId['last-event-id'] ?? query.since;
  const snapshot = await frame.subjects.read(kind, ownerId, params.id);
  return { kind, id: params.id, since, snapshot };
}

const lastEventSchema = z.strictObject({ 'last-event-id': querySchema.shape.since });

interface Context {
  frame: Frame;
  settings: LiveSettings;
  open: Counter;
}

/** Runs one connection to its end. @returns why it ended; throws when access ended or the database is away */
async function serve(request: FastifyRequest, outlet: Outlet, signal: AbortSignal, context: Context) {
  const { frame, settings, open } = context;
  const actor = request.actor as Actor;
  const live = request.live as LiveRequest;
  const close = open.add(actor.ownerId);
  try {
    return await followSubject({
      store: frame.platform.store,
      subjects: frame.subjects,
      settings,
      ...live,
      ownerId: actor.ownerId,
      outlet,
      signal,
      async checkAccess() {
        await authenticateAgain(frame.platform, actor.via);
      },
    });
  } finally {
    close();
  }
}

function serveSocket(socket: WebSocket, request: FastifyRequest, context: Context): void {
  const gone = new AbortController();
  const { stopping } = context.frame;
  socket.on('close', () => gone.abort());
  // A message over the limit or a broken frame: `ws` closes with the right code, and needs somebody who listens.
  socket.on('error', () => gone.abort());
  socket.on('message', () => socket.close(closeCodes.notListening, 'this address only sends'));
  const outlet: Outlet = {
    send: (message) => socket.send(JSON.stringify(message)),
    bufferedBytes: () => socket.bufferedAmount,
  };
  serve(request, outlet, AbortSignal.any([gone.signal, stopping]), context).then(
    (end) => {
      if (end === 'ended') socket.close(closeCodes.ended, 'finished');
      else if (end === 'slow') socket.terminate();
    },
    (error: unknown) => {
      const ended = error instanceof AppError && error.status === 401;
      if (!ended) logFault(context.frame, request, error);
      if (ended) socket.close(closeCodes.accessEnded, error.code);
      else socket.close(closeCodes.unwell, 'come back with since');
    },
  );
}

async function serveStream(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<FastifyReply> {
  const live = request.live as LiveRequest;
  // What the standard has to tell an EventSource that reconnects: there is nothing more, stay away.
  if (live.snapshot.finished && live.since === live.snapshot.seq) return reply.code(204).send();
  const gone = new AbortController();
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // A connection kept for later would hold up a server that stops.
    connection: 'close',
    // Proxies of the nginx family would hold the events back.
    'x-accel-buffering': 'no',
  });
  raw.on('close', () => gone.abort());
  const outlet: Outlet = {
    send: (message) => raw.write(toServerSent(message)),
    bufferedBytes: () => raw.writableLength,
  };
  const signal = AbortSignal.any([gone.signal, context.frame.stopping]);
  await serve(request, outlet, signal, context).then(
    (end) => (end === 'slow' ? raw.destroy() : raw.end()),
    (error: unknown) => {
      if (!(error instanceof AppError && error.status === 401)) logFault(context.frame, request, error);
      raw.end();
    },
  );
  return reply;
}

/** WHATWG HTML, 9.2: the id is what comes back as Last-Event-ID. */
function toServerSent(message: LiveMessage): string {
  if (message.type === 'heartbeat') return ': heartbeat\n\n';
  const id = 'seq' in message ? `id: ${message.seq}\n` : '';
  return `${id}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`;
}

function logFault(frame: Frame, request: FastifyRequest, error: unknown): void {
  frame.platform.log.error({ err: error, requestId: request.id }, 'a live connection failed');
}

interface Counter {
  count(ownerId: string): number;
  /** @returns how to take it off again */
  add(ownerId: string): () => void;
}

function createCounter(): Counter {
  const counts = new Map<string, number>();
  const change = (ownerId: string, by: number) => {
    const count = (counts.get(ownerId) ?? 0) + by;
    if (count > 0) counts.set(ownerId, count);
    else counts.delete(ownerId);
  };
  return {
    count: (ownerId) => counts.get(ownerId) ?? 0,
    add(ownerId) {
      change(ownerId, 1);
      return () => change(ownerId, -1);
    },
  };
}

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { authenticateAgain } from '../actions/authenticate.ts';
import { redeemLiveTicket } from '../actions/issue-live-ticket.ts';
import type { Actor } from '../actions/platform.ts';
import { limits } from '../lib/limits.ts';
import type { SubjectKind } from '../store/events.ts';
import { authorize, byHeader } from './authorize.ts';
import { createConnectionCount } from './connection-count.ts';
import { fail } from './errors.ts';
import type { Frame } from './frame.ts';
import { createLiveHub, type LiveHub, type LiveSettings } from './live-hub.ts';
import { closeCodes } from './live-messages.ts';
import { socketOutlet, streamOutlet } from './outlets.ts';
import type { Transport } from './packets.ts';
import { readScopes } from './read-scopes.ts';
import type { SubjectSnapshot } from './subjects.ts';
import { validate } from './validate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    live: LiveTarget | null;
  }
}

/** What a live connection that was allowed follows, and from where. */
interface LiveTarget {
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

/**
 * Mounts a WebSocket and a server-sent-events address for each kind of subject.
 * @param options.onConnections told how many connections are open, whenever that changes
 */
export async function mountLive(
  app: FastifyInstance,
  frame: Frame,
  options: {
    settings: LiveSettings;
    onConnections: (seen: { transport: Transport; open: number }) => void;
  },
): Promise<void> {
  const { stopping } = frame;
  await app.register(websocket, {
    options: { maxPayload: limits.socketMessageBytesMax },
    // The hub tells every client to come back to the next server, and cuts off those that do not answer.
    preClose: (done) => done(),
  });
  app.decorateRequest('live', null);
  const count = createConnectionCount(options.onConnections);
  const { store, log } = frame.platform;
  const hub = createLiveHub({
    store,
    subjects: frame.subjects,
    settings: options.settings,
    authenticate: (via) => authenticateAgain(frame.platform, via),
    log,
    stopping,
  });
  for (const [kind, need] of Object.entries(readScopes) as [
    SubjectKind,
    (typeof readScopes)[SubjectKind],
  ][]) {
    const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      const { ticket } = request.query as { ticket?: unknown };
      const identify =
        typeof ticket === 'string'
          ? () => redeemLiveTicket(frame.platform, ticket)
          : byHeader(frame.platform, request.headers.authorization);
      const { actor, headers } = await authorize({ ...frame, need, address: request.ip, identify });
      request.actor = actor;
      reply.headers(headers);
    };
    const preHandler = async (request: FastifyRequest, reply: FastifyReply) => {
      const actor = request.actor as Actor;
      request.live = await readTarget(frame, kind, request, actor.ownerId);
      // Who left meanwhile will not say so again: nobody would be there to take it off the count.
      if (request.raw.socket.destroyed) return reply.hijack();
      // Counted here, in the same turn as the check: of many that come at once none gets past the limit.
      if (request.ws) count.add(actor, 'websocket', request.raw.socket);
      else if (request.routeOptions.url?.endsWith('/events'))
        count.add(actor, 'sse', closingOf(request, reply));
    };
    const shared = { method: 'GET' as const, exposeHeadRoute: false, onRequest, preHandler };
    app.route({
      ...shared,
      url: `/api/v1/${kind}/:id/updates`,
      handler: async (_, reply) => {
        reply.header('upgrade', 'websocket');
        throw fail('upgrade-needed');
      },
      wsHandler: (socket, request) => serveSocket(hub, socket, request),
    });
    app.route({
      ...shared,
      url: `/api/v1/${kind}/:id/events`,
      handler: (request, reply) => serveStream(hub, request, reply),
    });
  }
}

/**
 * Whatever closes when a stream ends. A reply that waits for one before it on its connection has no
 * socket of its own, and not every version of Node tells it of the connection's end.
 */
function closingOf({ raw }: FastifyRequest, reply: FastifyReply): ServerResponse | Socket {
  return reply.raw.socket ? reply.raw : raw.socket;
}

async function readTarget(
  frame: Frame,
  kind: SubjectKind,
  request: FastifyRequest,
  ownerId: string,
): Promise<LiveTarget> {
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

/** Takes what the hub needs out of the request, which lives as long as the connection and need not hold a snapshot. */
function takeTarget(request: FastifyRequest): LiveTarget & { actor: Actor } {
  const target = { ...(request.live as LiveTarget), actor: request.actor as Actor };
  request.live = null;
  return target;
}

function serveSocket(hub: LiveHub, socket: WebSocket, request: FastifyRequest): void {
  let leave = () => {};
  socket.on('close', () => leave());
  // A message over the limit or a broken frame: `ws` closes with the right code, and needs somebody who listens.
  socket.on('error', () => leave());
  socket.on('message', () => {
    leave();
    socket.close(closeCodes.notListening, 'this address only sends');
  });
  leave = hub.follow({ ...takeTarget(request), outlet: socketOutlet(socket, request.raw.socket) });
}

async function serveStream(
  hub: LiveHub,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const target = takeTarget(request);
  // What the standard has to tell an EventSource that reconnects: there is nothing more, stay away.
  if (target.snapshot.finished && target.since === target.snapshot.seq) return reply.code(204).send();
  const { raw } = reply;
  reply.hijack();
  // Left since it was counted: that was told then, and will not be told to those who ask now.
  if (raw.destroyed || request.raw.socket.destroyed) return reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // A connection kept for later would hold up a server that stops.
    connection: 'close',
    // Proxies of the nginx family would hold the events back.
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  const leave = hub.follow({ ...target, outlet: streamOutlet(raw, request.raw.socket) });
  closingOf(request, reply).once('close', leave);
  return reply;
}

import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { OwnerCreatedHook } from '../actions/create-account.ts';
import type { Actor, Platform } from '../actions/platform.ts';
import { AppError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import type { Health } from '../ops/health.ts';
import { type Endpoint, splitRoute } from './endpoint.ts';
import { fail } from './errors.ts';
import type { Frame } from './frame.ts';
import { parseJsonBody } from './json-body.ts';
import type { LiveSettings } from './live-hub.ts';
import { mountDocs } from './mount-docs.ts';
import { mountEndpoint } from './mount-endpoint.ts';
import { mountLive } from './mount-live.ts';
import { type MetricsSource, mountService } from './mount-service.ts';
import type { Transport } from './packets.ts';
import { problemHeaders, problemType, toAppError, toProblem } from './problem.ts';
import { createRateLimiter, defaultRateLimits, type RateLimits } from './rate-limit.ts';
import { shareReads } from './share-reads.ts';
import type { SubjectReader } from './subjects.ts';
import { createSubjectWaits } from './wait-for-subject.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; null before authentication and on open routes. */
    actor: Actor | null;
  }
}

export interface ServerOptions {
  platform: Platform;
  /** The list of `routes/index.ts`, or fewer. */
  routes: readonly Endpoint[];
  subjects: SubjectReader;
  onOwnerCreated?: readonly OwnerCreatedHook[];
  corsOrigins?: string[];
  trustProxy?: boolean | number | string[];
  rateLimits?: RateLimits;
  checkReplies?: boolean;
  /** Shown in OpenAPI. */
  version?: string;
  health?: Pick<Health, 'report'>;
  metrics?: MetricsSource;
  live?: Partial<LiveSettings>;
  /** Called whenever live connections open or close. */
  onConnections?: (seen: { transport: Transport; open: number }) => void;
  /** Called once per reply. `route` is the template, never the address itself. */
  onReply?: (seen: { method: string; route: string; status: number; seconds: number }) => void;
}

const defaultLiveSettings: LiveSettings = {
  heartbeatSeconds: limits.socketHeartbeatSeconds,
  // On a thin line with large buffers below it, half a minute may pass between two signs of progress.
  drainSeconds: 30,
  pollSeconds: 2,
  bufferBytesMax: limits.socketBufferBytesMax,
};

/**
 * Builds the HTTP server; the caller listens and closes. Side effects: answers requests, writes one log line for each.
 */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const stopping = new AbortController();
  const subjects = shareReads(options.subjects);
  const app = Fastify({
    logger: false,
    trustProxy: trustedProxies(options.trustProxy ?? false),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: 30_000,
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    routerOptions: { maxParamLength: 1_000 },
    forceCloseConnections: 'idle',
    frameworkErrors(error, request, reply) {
      sendProblem(options.platform, error, request, reply as FastifyReply);
    },
  });
  const frame: Frame = {
    platform: options.platform,
    limiter: createRateLimiter(options.rateLimits ?? defaultRateLimits),
    subjects,
    waits: createSubjectWaits({ subjects, signals: options.platform.store.signals }),
    onOwnerCreated: options.onOwnerCreated ?? [],
    checkReplies: options.checkReplies ?? false,
    stopping: stopping.signal,
  };
  app.decorateRequest('actor', null);
  app.addHook('preClose', async () => stopping.abort());
  // Fastify closes idle connections when it stops; those that were busy then must not become idle ones.
  app.addHook('onSend', async (_, reply) => {
    if (stopping.signal.aborted) reply.header('connection', 'close');
  });
  await addHeaders(app, options);
  readOnlyJson(app);
  answerProblems(app, options);
  watchReplies(app, options);
  await mountLive(app, frame, {
    settings: { ...defaultLiveSettings, ...options.live },
    onConnections: options.onConnections ?? (() => {}),
  });
  mountDocs(app, { routes: options.routes, version: options.version ?? '0.0.0' });
  mountService(app, frame, { health: options.health, metrics: options.metrics });
  for (const route of options.routes) mountEndpoint(app, frame, route.definition);
  return app;
}

async function addHeaders(app: FastifyInstance, options: ServerOptions): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  if (!options.corsOrigins?.length) return;
  await app.register(cors, {
    origin: options.corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-none-match',
      'prefer',
      'x-request-id',
      'last-event-id',
    ],
    exposedHeaders: [
      'content-disposition',
      'etag',
      'link',
      'location',
      'preference-applied',
      'ratelimit',
      'ratelimit-policy',
      'retry-after',
      'x-request-id',
    ],
    maxAge: 600,
  });
}

function readOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: FastifyRequest, body: Buffer) => parseJsonBody(body),
  );
}

function answerProblems(app: FastifyInstance, options: ServerOptions): void {
  app.setErrorHandler((error, request, reply) => sendProblem(options.platform, error, request, reply));
  const patterns = options.routes.map((route) => {
    const { method, path } = splitRoute(route.route);
    const pattern = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[a-zA-Z]+/g, '[^/]+');
    return { method, pattern: new RegExp(`^${pattern}$`) };
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    const allow = [...new Set(methods)].join(', ');
    const { method } = request;
    const error = allow
      ? fail('method-not-allowed', { method, path, allow }, { data: { allow } })
      : fail('unknown-route', { method, path });
    return sendProblem(options.platform, error, request, reply);
  });
}

/** The one place where an error becomes a reply. Only what is ours to mend is logged, with its stack. */
function sendProblem(
  platform: Platform,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = toAppError(thrown, {
    bodyBytesMax: request.routeOptions?.bodyLimit ?? limits.bodyBytesMax,
    contentType: request.headers['content-type'] ?? '',
  });
  if (error.status >= 500) {
    const facts = {
      err: error.cause ?? error,
      code: error.code,
      requestId: request.id,
      method: request.method,
    };
    platform.log.error(facts, 'a request failed');
  }
  // Fastify would close the connection at once, and whoever is still sending would see that and not the reply. So Node
  // reads the rest, keeps none of it, and gives up on whoever never comes to an end (`requestTimeout`).
  if (error.code === 'body-too-large') reply.removeHeader('connection');
  const extra =
    thrown instanceof AppError && 'headers' in thrown ? (thrown.headers as Record<string, string>) : {};
  return reply
    .code(error.status)
    .headers({ 'x-request-id': request.id, ...extra, ...problemHeaders(error) })
    .type(problemType)
    .send(JSON.stringify(toProblem(error, request.id)));
}

function watchReplies(app: FastifyInstance, options: ServerOptions): void {
  app.addHook('onResponse', async (request, reply) => {
    const seconds = reply.elapsedTime / 1000;
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    options.onReply?.({ method, route, status: reply.statusCode, seconds });
    const who = request.actor ? { ownerId: request.actor.ownerId, userId: request.actor.userId } : {};
    const facts = {
      requestId: request.id,
      method,
      route,
      status: reply.statusCode,
      ms: reply.elapsedTime,
      ...who,
    };
    options.platform.log.info(facts, 'request');
  });
}

/** A caller's id is kept when it is short and harmless, so that it can be followed across services. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : newId();
}

/** A number of hops as the function that Fastify wants. */
function trustedProxies(trust: boolean | number | string[]) {
  return typeof trust === 'number' ? (_: string, hop: number) => hop < trust : trust;
}

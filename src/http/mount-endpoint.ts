import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../actions/platform.ts';
import { hashJson } from '../lib/hash.ts';
import { limits } from '../lib/limits.ts';
import type { SubjectKind } from '../store/events.ts';
import { authorize, byHeader } from './authorize.ts';
import {
  type ErasedDefinition,
  isBinary,
  isReply,
  reply as makeReply,
  type SignedInCall,
  splitRoute,
} from './endpoint.ts';
import { fail } from './errors.ts';
import type { Frame } from './frame.ts';
import { isNotModified } from './not-modified.ts';
import { readReply, replySchema } from './read-reply.ts';
import { isFinished } from './subjects.ts';
import { validate } from './validate.ts';
import { preferredWaitSeconds } from './wait-for-subject.ts';

/** Puts a route into Fastify: authentication before the body is read, validation before `run`, reply after. */
export function mountEndpoint(app: FastifyInstance, frame: Frame, definition: ErasedDefinition): void {
  const { method, path } = splitRoute(definition.route);
  app.route({
    method,
    url: path,
    bodyLimit: definition.bodyBytesMax ?? limits.bodyBytesMax,
    async onRequest(request, reply) {
      const { auth } = definition;
      if (auth === 'none') {
        reply.headers(await frame.limiter.count({ address: request.ip }));
        return;
      }
      const identify = byHeader(frame.platform, request.headers.authorization);
      const allowed = await authorize({ ...frame, need: auth, address: request.ip, identify });
      request.actor = allowed.actor;
      reply.headers(allowed.headers);
    },
    async handler(request, reply) {
      const input = readInput(definition, request);
      const result = await definition.run(toCall(frame, definition, { request, reply, input }), input);
      await sendResult(frame, definition, { request, reply, result });
      return reply;
    },
  });
}

interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

function readInput(definition: ErasedDefinition, request: FastifyRequest): Input {
  const [params, query, body] = validate([
    { prefix: '/path', schema: definition.params, value: request.params },
    { prefix: '/query', schema: definition.query, value: request.query },
    { prefix: '', schema: definition.body, value: request.body },
  ]);
  return { params, query, body };
}

function toCall(
  frame: Frame,
  definition: ErasedDefinition,
  { request, reply, input }: { request: FastifyRequest; reply: FastifyReply; input: Input },
): SignedInCall {
  const call = {
    platform: frame.platform,
    requestId: request.id,
    client: { address: request.ip, userAgent: request.headers['user-agent'] ?? '' },
    onOwnerCreated: frame.onOwnerCreated,
    gone: () => AbortSignal.any([frame.stopping, closeSignal(reply)]),
  };
  // A route with auth `none` is declared with a type that has no actor.
  const actor = request.actor as Actor;
  if (!actor) return call as SignedInCall;
  const idempotency = readIdempotencyKey(definition, request, input);
  return { ...call, actor, context: { actor, requestId: request.id, idempotency } };
}

function readIdempotencyKey(definition: ErasedDefinition, request: FastifyRequest, input: Input) {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.method !== 'POST') return null;
  if (
    typeof key !== 'string' ||
    !/^[\x21-\x7e]+$/.test(key) ||
    key.length > limits.idempotencyKeyCharactersMax
  ) {
    const message = `must be 1 to ${limits.idempotencyKeyCharactersMax} visible ASCII characters`;
    throw fail(
      'validation-failed',
      { count: 1, first: `Idempotency-Key ${message}` },
      { issues: [{ pointer: '/headers/idempotency-key', code: 'invalid-format', message }] },
    );
  }
  return { route: definition.route, key, bodyHash: hashJson(toPlain(input)) };
}

/** Canonical JSON has no `undefined`. */
function toPlain(input: Input): unknown {
  return JSON.parse(JSON.stringify(input));
}

async function sendResult(
  frame: Frame,
  definition: ErasedDefinition,
  exchange: { request: FastifyRequest; reply: FastifyReply; result: unknown },
): Promise<void> {
  const { request, reply, result } = exchange;
  if (definition.waitsFor && !isReply(result)) return sendSubject(frame, definition, exchange);
  const { status, body, headers } = isReply(result) ? result : makeReply(200, result);
  if (frame.checkReplies) readReply(definition, status, body);
  const next = nextPageLink(request, body);
  if (next) reply.header('link', next);
  reply.code(status).headers(headers);
  if (definition.conditional && isNotModified(request.headers['if-none-match'], headers['etag'])) {
    reply.code(304).send();
    return;
  }
  const schema = replySchema(definition, status);
  if (isBinary(schema) && headers['content-type'] === undefined) reply.type(schema.contentTypes[0]);
  if (body === null || body === undefined) reply.send();
  else reply.send(body);
}

/** 202 with the subject's address, or 200 with the finished subject where the caller prefers to wait. */
async function sendSubject(
  frame: Frame,
  definition: ErasedDefinition,
  exchange: { request: FastifyRequest; reply: FastifyReply; result: unknown },
): Promise<void> {
  const { request, reply, result } = exchange;
  const kind = definition.waitsFor as NonNullable<typeof definition.waitsFor>;
  const { id } = result as { id: string };
  reply.header('location', `/api/v1/${kind}/${id}`);
  const seconds = preferredWaitSeconds(request.headers['prefer']);
  // What the cache knew is finished when it is accepted, and need not be read again.
  const accepted = { subject: result, finished: isFinished(kind, result) };
  const waits = seconds > 0 && !accepted.finished;
  const waited = waits ? await waitFor(frame, { kind, id, seconds, request, reply }) : null;
  const { subject, finished } = waited ?? accepted;
  if (frame.checkReplies) readReply(definition, 200, subject);
  if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`);
  reply.code(finished && seconds > 0 ? 200 : 202).send(subject);
}

/** The work is accepted already: when waiting for it fails, the caller must still learn where it is. */
async function waitFor(
  frame: Frame,
  what: { kind: SubjectKind; id: string; seconds: number; request: FastifyRequest; reply: FastifyReply },
): Promise<{ subject: unknown; finished: boolean } | null> {
  const { kind, id, seconds, request, reply } = what;
  const { ownerId } = request.actor as Actor;
  const signal = AbortSignal.any([frame.stopping, closeSignal(reply)]);
  try {
    return await frame.waits.wait({ kind, ownerId, id, seconds, signal });
  } catch (error) {
    frame.platform.log.warn({ err: error, requestId: request.id }, 'waiting for a subject failed');
    return null;
  }
}

/** Aborted when the caller goes away before the reply. */
function closeSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  if (reply.raw.destroyed) controller.abort();
  return controller.signal;
}

/** RFC 8288 link to the next page of a list. */
function nextPageLink(request: FastifyRequest, body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('nextCursor' in body)) return null;
  if (typeof body.nextCursor !== 'string') return null;
  const url = new URL(request.url, 'http://any');
  url.searchParams.set('cursor', body.nextCursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}

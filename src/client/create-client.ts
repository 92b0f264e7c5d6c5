import type { LiveMessage } from '../http/live-messages.ts';
import type { Problem } from '../http/problem.ts';
import type { SubjectKind } from '../store/events.ts';
import { ApiProblem, ServiceUnreachable } from './errors.ts';
import { follow } from './follow.ts';
import type { CallArguments, CallSettings, ReplyOf, RouteName } from './route-types.ts';
import { createSession, type Session, type SessionStore } from './session.ts';

export interface ClientOptions {
  /** Address of the server, such as `http://127.0.0.1:4280`. */
  url: string;
  /** An access token, used as it is. */
  token?: string;
  apiKey?: string;
  /** Tokens that are renewed when they expire. */
  session?: SessionStore;
  fetch?: typeof fetch;
}

/** The typed way into a Slipway server. */
export interface Client {
  readonly url: string;
  /**
   * Calls a route.
   * @returns the reply's body: JSON as a value, a file as bytes; null where there is none
   * @throws ApiProblem when the server refuses, ServiceUnreachable when it does not answer
   */
  call<Name extends RouteName>(route: Name, ...options: CallArguments<Name>): Promise<ReplyOf<Name>>;
  /**
   * Follows a subject until it is finished, over lost connections and restarts of the server: every event after
   * `since` comes once, in order. Without `since` it begins with a snapshot.
   * @throws ApiProblem, ServiceUnreachable when the server stays away
   */
  follow(
    kind: SubjectKind,
    id: string,
    options?: { since?: number; signal?: AbortSignal },
  ): AsyncGenerator<Exclude<LiveMessage, { type: 'heartbeat' }>, void>;
}

/** Options of a call, with the route's types forgotten. */
export interface UntypedOptions extends CallSettings {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export type UntypedCall = (route: string, options?: UntypedOptions) => Promise<unknown>;

/** Makes a client; it opens no connection by itself. Runs in Node and in browsers. */
export function createClient(options: ClientOptions): Client {
  const url = options.url.replace(/\/+$/, '');
  const send = (route: string, call: UntypedOptions, credentials: string | undefined) =>
    sendRequest({ url, fetch: options.fetch ?? fetch, route, call, credentials });
  const session = options.session ? createSession(options.session, send) : staticSession(options);

  const call: UntypedCall = async (route, given = {}) => {
    const credentials = await session.credentials();
    try {
      return await send(route, given, credentials);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === 'token-expired')) throw error;
      const renewed = await session.renew(credentials);
      if (renewed === credentials) throw error;
      return send(route, given, renewed);
    }
  };

  return {
    url,
    // The types were checked at the caller's; inside, a route is a text.
    call: ((route: string, given?: UntypedOptions) => call(route, given)) as Client['call'],
    follow: (kind, id, how = {}) => follow({ url, call, kind, id, ...how }),
  };
}

function staticSession(options: ClientOptions): Session {
  const credentials = options.apiKey ?? options.token;
  return { credentials: async () => credentials, renew: async () => credentials };
}

async function sendRequest(request: {
  url: string;
  fetch: typeof fetch;
  route: string;
  call: UntypedOptions;
  credentials: string | undefined;
}): Promise<unknown> {
  const { url, route, call } = request;
  const [method = 'GET', template = '/'] = route.split(' ');
  let response: Response;
  let bytes: Uint8Array;
  try {
    response = await request.fetch(url + fillPath(template, call), {
      method,
      headers: requestHeaders(call, request.credentials),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.signal ? { signal: call.signal } : {}),
    });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    throw new ServiceUnreachable(url, error);
  }
  const contentType = response.headers.get('content-type') ?? '';
  const isJson = contentType.includes('json');
  if (response.ok && contentType.startsWith('application/') && !isJson) return bytes;
  const text = new TextDecoder().decode(bytes);
  if (response.ok) return text === '' ? null : isJson ? JSON.parse(text) : text;
  throw toProblem(response, isJson ? JSON.parse(text) : null);
}

function fillPath(template: string, call: UntypedOptions): string {
  const path = template.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(String(call.params?.[name])),
  );
  const query = Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined);
  if (query.length === 0) return path;
  return `${path}?${new URLSearchParams(query.map(([key, value]) => [key, String(value)]))}`;
}

function requestHeaders(call: UntypedOptions, credentials: string | undefined): Record<string, string> {
  return {
    accept: 'application/json, */*;q=0.9',
    ...(credentials ? { authorization: `Bearer ${credentials}` } : {}),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(call.idempotencyKey ? { 'idempotency-key': call.idempotencyKey } : {}),
    ...(call.waitSeconds ? { prefer: `wait=${call.waitSeconds}` } : {}),
  };
}

function toProblem(response: Response, body: unknown): ApiProblem {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
  const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
  if (isProblem) return new ApiProblem(body as Problem, retryAfterSeconds);
  const foreign: Problem = {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `The server answered ${response.status} with something that is not a problem of Slipway.`,
    code: 'unexpected-reply',
    hint: 'Is the address that of a Slipway server, and is a proxy before it well?',
    retryable: response.status >= 500,
    requestId: response.headers.get('x-request-id') ?? '',
  };
  return new ApiProblem(foreign, retryAfterSeconds);
}

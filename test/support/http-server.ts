import { randomBytes } from 'node:crypto';
import type { OwnerCreatedHook } from '../../src/actions/create-account.ts';
import type { Platform } from '../../src/actions/platform.ts';
import type { Endpoint } from '../../src/http/endpoint.ts';
import type { ServerOptions } from '../../src/http/server.ts';
import { buildServer } from '../../src/http/server.ts';
import type { SubjectReader } from '../../src/http/subjects.ts';
import { limits } from '../../src/lib/limits.ts';
import { createAdmission } from '../../src/queue/admit.ts';
import { openStore, type Store } from '../../src/store/db.ts';
import { testDatabase } from './database.ts';

/** The real server on the real database, with no compiler and no chain behind it. */
export interface TestServer {
  url: string;
  platform: Platform;
  store: Store;
  databaseUrl: string;
  /** What the server logged at level error. */
  errors: object[];
  /** Sends JSON and reads JSON. */
  send(route: string, options?: SendOptions): Promise<Received>;
  /** Opens an account and returns its tokens. */
  register(
    email?: string,
  ): Promise<{ userId: string; tokens: { accessToken: string; refreshToken: string } }>;
  /** Stops the HTTP server and starts another one on the same database and port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface SendOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Received {
  status: number;
  headers: Headers;
  /** The reply's JSON, as far as tests look into it: a field that a reply lacks is undefined, and the test fails. */
  body: ReceivedBody;
  text: string;
}

export interface ReceivedBody {
  id: string;
  ownerId: string;
  projectId: string;
  userId: string;
  email: string | null;
  state: string;
  key: string;
  keys: Record<string, unknown>[];
  items: { id: string }[];
  accessToken: string;
  refreshToken: string;
  tokens: { accessToken: string; refreshToken: string };
  ticket: string;
  code: string;
  type: string;
  detail: string;
  hint: string;
  status: number;
  retryable: boolean;
  requestId: string;
  errors: { pointer: string; code: string; message: string }[];
  place: { line: number; column: number };
}

const unlimited = { anonymous: null, free: null, pro: null, enterprise: null };

export async function startHttpServer(
  options: {
    routes?: readonly Endpoint[];
    subjects?: SubjectReader;
    onOwnerCreated?: readonly OwnerCreatedHook[];
    /** Puts something between the server and its database. @returns the address to use instead */
    between?: (url: string) => Promise<string>;
  } & Partial<ServerOptions> = {},
): Promise<TestServer> {
  const database = await testDatabase();
  const store = openStore({ url: options.between ? await options.between(database.url) : database.url });
  await store.signals.listen();
  const errors: object[] = [];
  const platform = testPlatform(store, errors);
  const routes = options.routes ?? (await import('../../src/http/routes/index.ts')).routes;
  const build = () =>
    buildServer({
      rateLimits: unlimited,
      checkReplies: true,
      subjects: { read: () => Promise.reject(new Error('this test has no subjects')) },
      ...options,
      platform,
      routes,
    });
  let app = await build();
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const send = sender(url);
  let people = 0;
  return {
    url,
    platform,
    store,
    databaseUrl: database.url,
    errors,
    send,
    async register(email = `person-${++people}@example.org`) {
      const { status, body } = await send('POST /api/v1/auth/register', {
        body: { email, password: goodPassword },
      });
      if (status !== 201) throw new Error(`registration failed: ${JSON.stringify(body)}`);
      return body;
    },
    async restart() {
      await app.close();
      app = await build();
      await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    },
    async close() {
      await app.close();
      await store.close();
      await database.drop();
    },
  };
}

export const goodPassword = 'a long walk by the grey sea';

export function testPlatform(store: Store, errors: object[] = []): Platform {
  const absent = () => {
    throw new Error('this test has neither compiler nor chain');
  };
  return {
    store,
    compiler: new Proxy({}, { get: absent }) as Platform['compiler'],
    analysers: new Proxy({}, { get: absent }) as Platform['analysers'],
    chains: new Proxy({}, { get: absent }) as Platform['chains'],
    keyEncryptionKey: { id: 'test', key: randomBytes(32) },
    kms: null,
    vault: null,
    admission: createAdmission({ queuedMax: limits.serviceJobsQueuedMax }),
    settings: {
      registration: 'open',
      environment: 'test',
      issuer: 'http://slipway.test',
      leaseSeconds: 30,
      webhookPrivate: false,
      etherscan: { apiKey: null, requestsPerSecond: 3, submissionsPerDay: 200 },
    },
    log: { debug() {}, info() {}, warn() {}, error: (data) => errors.push(data) },
  };
}

export function sender(url: string): TestServer['send'] {
  return async (route, { token, body, headers = {} } = {}) => {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    const parsed = (json ? JSON.parse(text) : null) as ReceivedBody;
    return { status: response.status, headers: response.headers, body: parsed, text };
  };
}

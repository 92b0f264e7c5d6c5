import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type SendOptions, startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import { startDatabaseDoor, type TcpProxy } from '../../test/support/tcp-proxy.ts';
import { perform } from '../actions/perform.ts';
import { sleep } from '../lib/retry.ts';
import { endpoint, reply } from './endpoint.ts';
import { registerRoute } from './routes/auth/register.ts';
import { idParams, pageOf, pageQuery } from './schemas.ts';

let work = async () => {};
let worked = 0;

const thing = endpoint({
  route: 'POST /api/v1/things',
  summary: 'Make a thing',
  auth: 'contracts:write',
  body: z.strictObject({
    name: z.string().min(2),
    size: z.int().max(9).optional(),
    parts: z.record(z.string(), z.strictObject({ weight: z.number() })).optional(),
    from: z
      .union([z.strictObject({ buildId: z.uuid() }), z.strictObject({ file: z.string(), text: z.string() })])
      .optional(),
  }),
  bodyBytesMax: 2_000,
  reply: { 201: z.strictObject({ number: z.int(), name: z.string() }) },
  errors: [],
  run: async ({ platform, context }, { body }) =>
    reply(
      201,
      await perform(platform, context, async () => {
        await work();
        return { number: ++worked, name: body.name };
      }),
      { 'x-thing': 'yes' },
    ),
});

const broken = endpoint({
  route: 'GET /api/v1/broken/:id',
  summary: 'Breaks',
  auth: 'none',
  params: idParams,
  query: z.strictObject({ leak: z.enum(['reply', 'error']) }),
  reply: z.strictObject({ ok: z.boolean() }),
  errors: [],
  async run(_, { query }) {
    if (query.leak === 'error') throw new Error('the password of the database is hunter2');
    return { ok: true, secret: 'hunter2' };
  },
});

const list = endpoint({
  route: 'GET /api/v1/things',
  summary: 'Things',
  auth: 'none',
  query: pageQuery,
  reply: pageOf(z.int()),
  errors: ['cursor-invalid'],
  run: async (_, { query }) => ({ items: [query.limit ?? 0], nextCursor: 'next one' }),
});

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await startHttpServer({
    routes: [thing, broken, list, registerRoute],
    corsOrigins: ['https://console.example.org'],
  });
  token = (await server.register()).tokens.accessToken;
});
afterAll(() => server.close());

const make = (body: unknown, options: SendOptions = {}) =>
  server.send('POST /api/v1/things', { token, body, ...options });

describe('a wrong request', () => {
  test('names every field that is wrong, by its pointer', async () => {
    const { status, headers, body } = await make({
      size: 10.5,
      parts: { 'a/b': { weight: 'heavy', colour: 'red' } },
      from: { file: 'A.sol' },
      nmae: 'Ada',
    });
    expect(status).toBe(422);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect({ ...body, requestId: '' }).toMatchInlineSnapshot(`
      {
        "code": "validation-failed",
        "detail": "The request has 6 problem(s): /name is required",
        "errors": [
          {
            "code": "required",
            "message": "is required",
            "pointer": "/name",
          },
          {
            "code": "invalid-type",
            "message": "expected int, received number",
            "pointer": "/size",
          },
          {
            "code": "invalid-type",
            "message": "expected number, received string",
            "pointer": "/parts/a~1b/weight",
          },
          {
            "code": "unknown-field",
            "message": "is not a field here",
            "pointer": "/parts/a~1b/colour",
          },
          {
            "code": "required",
            "message": "is required",
            "pointer": "/from/text",
          },
          {
            "code": "unknown-field",
            "message": "is not a field here",
            "pointer": "/nmae",
          },
        ],
        "hint": "Each entry of \`errors\` names the field by a JSON pointer; /docs shows what the route takes.",
        "requestId": "",
        "retryable": false,
        "status": 422,
        "title": "Request not valid",
        "type": "/docs/errors#validation-failed",
      }
    `);
  });

  test('malformed JSON is answered with the place', async () => {
    const fault = async (text: string) => {
      const { status, body } = await make(text);
      return `${status} ${body.code}: ${body.detail}`;
    };
    expect({
      comma: await fault('{"name": "Ada"\n  "size": 1}'),
      value: await fault('{"name": }'),
      end: await fault('{"name": "Ada"'),
      quotes: await fault("{'name': 1}"),
      string: await fault('{"name": "A\tda"}'),
      after: await fault('{} {}'),
      word: await fault('{"name": undefined}'),
    }).toMatchInlineSnapshot(`
      {
        "after": "400 malformed-json: The body is not JSON: text after the end at line 1, column 4.",
        "comma": "400 malformed-json: The body is not JSON: a comma or } is missing at line 2, column 3.",
        "end": "400 malformed-json: The body is not JSON: the text ends too early at line 1, column 15.",
        "quotes": "400 malformed-json: The body is not JSON: an unexpected "'" at line 1, column 2.",
        "string": "400 malformed-json: The body is not JSON: a string that does not end, or holds a control character or a bad escape at line 1, column 10.",
        "value": "400 malformed-json: The body is not JSON: a value is missing before } at line 1, column 10.",
        "word": "400 malformed-json: The body is not JSON: an unexpected "u" at line 1, column 10.",
      }
    `);
    expect((await make(`${'['.repeat(500)}${']'.repeat(500)}`)).body.code).toBe('json-too-deep');
    const place = (await make('{"name": }')).body.place;
    expect(place).toEqual({ line: 1, column: 10 });
  });

  test('text that the database cannot hold is refused before it gets there', async () => {
    for (const text of [
      '{"name": "a\\u0000b"}',
      '{"name": "a\\ud800b"}',
      '{"name": "ab", "__proto__": {"a": 1}}',
    ]) {
      expect((await make(text)).status).toBe(422);
    }
  });

  test('a body of another type, too large a body, an unknown address, a wrong method', async () => {
    const type = await make('name=Ada', { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect([type.status, type.body.code]).toEqual([415, 'unsupported-media-type']);
    const large = await make({ name: 'A'.repeat(3_000) });
    expect([large.status, large.body.code]).toEqual([413, 'body-too-large']);
    expect(large.body.detail).toContain('2000 bytes');
    const unknown = await server.send('GET /api/v1/nothing?token=secret');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'unknown-route']);
    expect(unknown.body.detail).not.toContain('secret');
    const method = await server.send('DELETE /api/v1/things');
    expect([method.status, method.body.code, method.headers.get('allow')]).toEqual([
      405,
      'method-not-allowed',
      'POST, GET',
    ]);
    const query = await server.send('GET /api/v1/things?limit=0&sort=name');
    expect(query.body.errors.map((issue: { pointer: string }) => issue.pointer)).toEqual(
      ['/query/sort', '/query/limit'].sort(),
    );
    const url = await server.send('GET /api/v1/%zz');
    expect([url.status, url.body.code]).toEqual([400, 'bad-request']);
  });

  test('authentication comes before the body is looked at', async () => {
    const anonymous = await server.send('POST /api/v1/things', { body: '{not json' });
    expect([anonymous.status, anonymous.body.code]).toEqual([401, 'credentials-missing']);
  });
});

test('a fault of ours is logged with its request, and the caller learns nothing of it', async () => {
  const id = '0190a5f0-0000-7000-8000-000000000000';
  for (const leak of ['error', 'reply']) {
    const { status, body } = await server.send(`GET /api/v1/broken/${id}?leak=${leak}`, {
      headers: { 'x-request-id': 'mine-1' },
    });
    expect([status, body.code, body.requestId]).toEqual([500, 'internal-error', 'mine-1']);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(server.errors.at(-1)).toMatchObject({ requestId: 'mine-1', err: { stack: expect.any(String) } });
  }
});

test('every reply carries a request id and the security headers', async () => {
  const { headers } = await server.send('GET /api/v1/things', {
    headers: { 'x-request-id': 'bad id\u00e4' },
  });
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('link')).toBe('</api/v1/things?cursor=next+one>; rel="next"');
  const cors = async (origin: string) =>
    (await server.send('GET /api/v1/things', { headers: { origin } })).headers.get(
      'access-control-allow-origin',
    );
  expect(await cors('https://console.example.org')).toBe('https://console.example.org');
  expect(await cors('https://evil.example.org')).toBeNull();
});

test('bytes that are not HTTP get an answer and end the connection', async () => {
  const port = Number(new URL(server.url).port);
  const socket = connect(port, '127.0.0.1');
  socket.write('\x16\x03\x01 hello\r\n\r\n');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toContain('400 Bad Request');
});

describe('Idempotency-Key', () => {
  const keyed = (key: string, body: unknown, as = token) =>
    make(body, { token: as, headers: { 'idempotency-key': key } });

  test('twenty equal requests at once do the work once and get one reply', async () => {
    const before = worked;
    work = () => sleep(50);
    const replies = await Promise.all(Array.from({ length: 20 }, () => keyed('once', { name: 'Ada' })));
    work = async () => {};
    expect(worked).toBe(before + 1);
    expect(new Set(replies.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(201);
    expect((await keyed('once', { name: 'Ada' })).body).toEqual(replies[0]?.body);
  });

  test('another body is refused; another owner is another scope', async () => {
    await keyed('body', { name: 'Ada' });
    const other = await keyed('body', { name: 'Eve' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    const stranger = (await server.register()).tokens.accessToken;
    expect((await keyed('body', { name: 'Eve' }, stranger)).status).toBe(201);
  });

  test('work that failed leaves no trace: the same key tries again', async () => {
    work = () => Promise.reject(new Error('broke'));
    expect((await keyed('again', { name: 'Ada' })).status).toBe(500);
    work = async () => {};
    expect((await keyed('again', { name: 'Ada' })).status).toBe(201);
  });

  test('a key that is not one is refused', async () => {
    expect((await keyed('two words', { name: 'Ada' })).body.errors[0]?.pointer).toBe(
      '/headers/idempotency-key',
    );
  });
});

test('a database that is away is said to be, and its return is noticed', async () => {
  let door: TcpProxy | undefined;
  const lonely = await startHttpServer({
    routes: [thing, registerRoute],
    async between(text) {
      const between = await startDatabaseDoor(text);
      door = between.door;
      return between.url;
    },
  });
  const { tokens } = await lonely.register();
  const call = () => lonely.send('POST /api/v1/things', { token: tokens.accessToken, body: { name: 'Ada' } });
  await door?.shut();
  for (let attempt = 0; attempt < 3; attempt++) {
    const away = await call();
    expect([away.status, away.body.code, away.body.retryable]).toEqual([503, 'database-unavailable', true]);
    expect(away.headers.get('retry-after')).toBe('2');
  }
  await door?.open();
  expect((await call()).status).toBe(201);
  await lonely.close();
  await door?.shut();
});

describe('rate limits', () => {
  test('count per address for the anonymous and per user for the others, and say what is left', async () => {
    const strict = await startHttpServer({
      routes: [thing, list, registerRoute],
      rateLimits: { anonymous: 3, free: 2, pro: 3, enterprise: null },
    });
    const { tokens } = await strict.register();
    const call = (as: string) => strict.send('POST /api/v1/things', { token: as, body: { name: 'Ada' } });
    const first = await call(tokens.accessToken);
    expect(first.headers.get('ratelimit-policy')).toBe('"free";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"free";r=1;t=\d+$/);
    await call(tokens.accessToken);
    const over = await call(tokens.accessToken);
    expect([over.status, over.body.code, Number(over.headers.get('retry-after')) > 0]).toEqual([
      429,
      'rate-limited',
      true,
    ]);
    expect(over.headers.get('ratelimit')).toMatch(/^"free";r=0;t=\d+$/);
    // The registration was one anonymous request; guessed credentials count as such too.
    expect((await call('slip_test_abc_defghijklmnop')).status).toBe(401);
    expect((await call('slip_test_abc_defghijklmnop')).status).toBe(401);
    expect((await call('slip_test_abc_defghijklmnop')).status).toBe(429);
    expect((await strict.send('GET /api/v1/things')).status).toBe(429);
    await strict.close();
  });
});

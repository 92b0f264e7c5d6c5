import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await startHttpServer();
});
beforeEach(async () => {
  token = (await server.register(`${randomUUID()}@example.org`)).tokens.accessToken;
});
afterAll(() => server.close());

test.each<[string[], string[], string | null]>([
  [['webhooks:write'], ['job.failed'], 'contracts:read'],
  [['webhooks:write', 'contracts:read'], ['job.failed', 'job.cancelled'], null],
  [['webhooks:write', 'contracts:write'], ['job.failed'], null],
  [['webhooks:write', 'contracts:read'], ['job.failed', 'pipeline.blocked'], 'pipelines:read'],
  [['webhooks:write', 'pipelines:read'], ['deployment.mined'], 'deployments:read'],
  [['webhooks:write', 'contracts:read', 'pipelines:read'], ['*'], 'deployments:read'],
  [['webhooks:write', 'contracts:read', 'pipelines:read'], ['job.failed', '*'], 'deployments:read'],
  [['webhooks:write', 'contracts:read', 'pipelines:read', 'deployments:read'], ['*'], null],
  [['*'], ['*'], null],
])('a key with %j is told of %j only when it may read that', async (scopes, events, missing) => {
  const key = await server.send('POST /api/v1/api-keys', { token, body: { name: 'k', scopes } });
  const reply = await server.send('POST /api/v1/webhooks', {
    token: key.body.key,
    body: { url: 'https://example.org/', events },
  });
  if (missing === null) return expect(reply.status, reply.text).toBe(201);
  expect([reply.status, reply.body.code, reply.body.place]).toEqual([
    403,
    'scope-missing',
    { pointer: '/events' },
  ]);
  expect(reply.body.detail).toContain(missing);
  const { body } = await server.send('GET /api/v1/webhooks', { token });
  expect(body.items).toEqual([]);
});

test('a session is told of everything', async () => {
  const body = { url: 'https://example.org/', events: ['*'] };
  expect((await server.send('POST /api/v1/webhooks', { token, body })).status).toBe(201);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import type { HealthReport } from '../ops/health.ts';
import { errorList } from './error-list.ts';

let server: TestServer;
let health: HealthReport = { status: 'ok', parts: [] };

beforeAll(async () => {
  server = await startHttpServer({
    health: { report: async () => health },
    metrics: { contentType: 'text/plain; version=0.0.4', read: async () => 'slipway_up 1\n' },
  });
});
afterAll(() => server.close());

test('alive, ready, health and metrics answer without credentials', async () => {
  expect((await server.send('GET /healthz')).body).toEqual({ status: 'ok' });
  expect((await server.send('GET /readyz')).status).toBe(200);
  expect((await server.send('GET /metrics')).text).toBe('slipway_up 1\n');
  health = {
    status: 'down',
    parts: [{ name: 'database', essential: true, status: 'down', detail: 'no answer', milliseconds: 2000 }],
  };
  await expect.poll(async () => (await server.send('GET /readyz')).status).toBe(503);
  const report = await server.send('GET /health');
  expect([report.status, report.body]).toEqual([200, health]);
});

test('the public keys are there, and nothing of the private ones', async () => {
  const { body } = await server.send('GET /.well-known/jwks.json');
  expect(body.keys).toEqual([
    { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), alg: 'EdDSA', use: 'sig' },
  ]);
});

test('the reference takes everything from this server, and its policy lets nothing else in', async () => {
  const { headers, text } = await server.send('GET /docs');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).not.toContain('unsafe');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]+';/);
  expect(policy).toContain("connect-src 'self'");
  const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match: RegExpMatchArray) => match[1]);
  expect(sources.filter((source) => !source?.startsWith('/'))).toEqual([]);
  expect(text).not.toMatch(/<script>|style=| on\w+=/);
  for (const source of new Set(sources)) expect((await server.send(`GET ${source}`)).status).toBe(200);
  const script = await server.send('GET /docs/reference.js');
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(script.text).toContain('createApiReference');
});

test('every error that the API knows is explained where its problems point to', async () => {
  const { text } = await server.send('GET /docs/errors');
  for (const code of Object.keys(errorList)) expect(text).toContain(`id="${code}"`);
  const { body: problem } = await server.send('GET /api/v1/auth/me');
  expect(problem.type).toBe('/docs/errors#credentials-missing');
});

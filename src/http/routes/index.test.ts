import { readdirSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../../test/support/http-server.ts';
import { newId } from '../../lib/ids.ts';
import { type ErasedDefinition, splitRoute } from '../endpoint.ts';
import { errorList } from '../error-list.ts';
import { replySchema } from '../read-reply.ts';
import { readScopes } from '../read-scopes.ts';
import { createSubjectReader } from '../subject-reader.ts';
import { scopeSchema } from './api-keys/schemas.ts';
import { routes } from './index.ts';

let server: TestServer;
let token: string;
let openApi: { paths: Record<string, Record<string, { responses: Record<string, unknown> }>> };

beforeAll(async () => {
  server = await startHttpServer({
    subjects: { read: (...what) => createSubjectReader(server.store.read).read(...what) },
  });
  token = (await server.register()).tokens.accessToken;
  openApi = JSON.parse((await server.send('GET /openapi.json')).text);
});
afterAll(() => server.close());

/** The route with a random id in each place for one. */
const addressOf = (definition: ErasedDefinition) => definition.route.replace(/:[a-zA-Z]+/g, () => newId());

const list: [string, ErasedDefinition][] = routes.map((route) => [route.route, route.definition]);

test('every route file is in the list, once', () => {
  const folder = new URL('./', import.meta.url);
  const declared = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('/') && name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/route: '([A-Z]+ [^']+)'/g)])
    .map((match) => match[1]);
  expect(list.map(([route]) => route).sort()).toEqual(declared.sort());
  expect(new Set(declared).size).toBe(declared.length);
});

test('the document of all routes is valid OpenAPI 3.1, and names every operation differently', async () => {
  const result = await new Validator().validate(structuredClone(openApi));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(openApi).toMatchObject({ openapi: '3.1.0' });
  const ids = Object.values(openApi.paths).flatMap((path) =>
    Object.values(path).map((one) => (one as unknown as { operationId: string }).operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  for (const kind of ['jobs', 'pipelines', 'deployments']) {
    expect(openApi.paths[`/api/v1/${kind}/{id}/updates`]?.['get']?.responses).toHaveProperty('101');
    expect(openApi.paths[`/api/v1/${kind}/{id}/events`]?.['get']?.responses).toHaveProperty('200');
  }
});

/** The codes that OpenAPI names for a status of a route. */
function codesOf(definition: ErasedDefinition, status: number): string[] {
  const { method, path } = splitRoute(definition.route);
  const operation = openApi.paths[path.replace(/:([a-z]+)/gi, '{$1}')]?.[method.toLowerCase()];
  const { description = '' } = (operation?.responses[status] ?? {}) as { description?: string };
  return [...description.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? '');
}

test('a route that makes a job says that the queue may be full, and no other does', () => {
  for (const [route, definition] of list) {
    const makesJob = definition.waitsFor !== undefined || definition.makesJobs === true;
    expect([route, codesOf(definition, 429).includes('owner-queue-full')]).toEqual([route, makesJob]);
    expect([route, codesOf(definition, 503).includes('service-queue-full')]).toEqual([route, makesJob]);
  }
  expect(list.filter(([, { waitsFor }]) => waitsFor).map(([route]) => route)).toEqual(
    expect.arrayContaining([
      'POST /api/v1/contracts/generate',
      'POST /api/v1/contracts/compile',
      'POST /api/v1/contracts/audit',
      'POST /api/v1/contracts/deploy',
      'POST /api/v1/pipelines',
      'POST /api/v1/pipelines/:id/retry',
      'POST /api/v1/jobs/:id/retry',
    ]),
  );
});

test.each(Object.entries(readScopes))(
  'of %s, reading, listing and following all take %s, and so says OpenAPI',
  async (kind, need) => {
    const id = newId();
    const addresses = ['', `/${id}`, `/${id}/updates`, `/${id}/events`].map((end) => `/api/v1/${kind}${end}`);
    for (const address of addresses) {
      const operation = openApi.paths[address.replace(id, '{id}')]?.['get'] as
        | { description?: string }
        | undefined;
      expect([address, operation?.description]).toEqual([address, expect.stringContaining(`\`${need}\``)]);
    }
    const writes = need.replace(':read', ':write');
    for (const scope of scopeSchema.options) {
      const { body } = await server.send('POST /api/v1/api-keys', {
        token,
        body: { name: scope, scopes: [scope] },
      });
      const replies = await Promise.all(
        addresses.map((address) => server.send(`GET ${address}`, { token: body.key })),
      );
      const isEnough = ['*', need, writes].includes(scope);
      const expected = isEnough ? [200, 404, 404, 404] : [403, 403, 403, 403];
      expect([scope, ...replies.map(({ status }) => status)]).toEqual([scope, ...expected]);
      await server.send(`DELETE /api/v1/api-keys/${body.id}`, { token });
    }
  },
);

describe.each(list)('%s', (_, definition) => {
  const { method, path } = splitRoute(definition.route);

  test('declares what it needs, replies and can go wrong with', () => {
    expect(path).toMatch(/^\/api\/v1\/[a-z-]+(\/([a-z-]+|:[a-z]+))*$/);
    expect(definition.summary.length).toBeGreaterThan(5);
    if (definition.auth !== 'none' && definition.auth !== 'user') {
      expect(scopeSchema.safeParse(definition.auth).success).toBe(true);
    }
    const statuses = Object.keys(operation().responses)
      .map(Number)
      .filter((status) => status < 300);
    expect(statuses.length).toBeGreaterThan(0);
    for (const status of statuses) expect(replySchema(definition, status)).not.toBeUndefined();
    expect(definition.errors.filter((code) => !errorList[code])).toEqual([]);
  });

  test('refuses the anonymous, and fields that it does not know', async () => {
    const address = addressOf(definition);
    if (definition.auth !== 'none') {
      const { status, body } = await server.send(address);
      expect([status, body.code]).toEqual([401, 'credentials-missing']);
    }
    const signedIn = definition.auth === 'none' ? {} : { token };
    const query = await server.send(`${address}?noSuchField=1`, signedIn);
    expect([query.status, query.body.code]).toEqual([422, 'validation-failed']);
    expect(query.body.errors).toContainEqual(expect.objectContaining({ pointer: '/query/noSuchField' }));
    if (method === 'GET') return;
    const body = await server.send(address, { ...signedIn, body: { noSuchField: 1 } });
    expect([body.status, body.body.code]).toEqual([422, 'validation-failed']);
    expect(body.body.errors.length).toBeGreaterThan(0);
  });

  test('does not find what is not there', async () => {
    if (!path.includes(':') || definition.body || definition.auth === 'none') return;
    const { status, body } = await server.send(addressOf(definition), { token });
    expect([status, errorList[body.code]?.status]).toEqual([404, 404]);
  });

  function operation() {
    const template = path.replace(/:([a-z]+)/gi, '{$1}');
    const found = openApi.paths[template]?.[method.toLowerCase()];
    if (!found) throw new Error(`${definition.route} is not in OpenAPI`);
    return found;
  }
});

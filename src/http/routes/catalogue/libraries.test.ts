import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../../../test/support/http-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startHttpServer();
});
afterAll(() => server.close());

test('what is bundled, under which licence and names, for everybody to see', async () => {
  const { status, body } = await server.send('GET /api/v1/libraries');
  expect(status).toBe(200);
  expect(body.items.slice(0, 2)).toMatchObject([
    { name: '@openzeppelin/contracts', version: '5.7.0', licence: 'MIT' },
    { name: '@openzeppelin/contracts', version: '4.9.6', licence: 'MIT' },
  ]);
  expect(body.items).toContainEqual({
    name: 'solmate',
    version: '6.8.0',
    licence: 'AGPL-3.0-only',
    aliases: expect.arrayContaining(['solmate/src']),
    files: 59,
    note: 'Under the AGPL-3.0: contracts that build on it may have to be published under it too.',
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ErasedDefinition, splitRoute } from '../../src/http/endpoint.ts';
import { routes } from '../../src/http/routes/index.ts';
import { newId } from '../../src/lib/ids.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Two accounts on one platform: what belongs to one does not exist for the other. */
let platform: TestPlatform;
let owner: TestUser;
let stranger: TestUser;
/** One object of each kind, by the first part of its routes. */
let objects: Record<string, string>;

const token = {
  sources: { 'Coin.sol': '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\ncontract Coin {}' },
};
/** What stands in a route's address beside the id of its object. */
const faulty = {
  sources: {
    'Bomb.sol':
      'pragma solidity ^0.8.20;\ncontract Bomb { function end() external { selfdestruct(payable(msg.sender)); } }',
  },
};
const names: Record<string, string> = { name: 'Coin.sol:Coin' };
/** What routes take beside the id, where `{}` is not enough. */
const bodies: Record<string, object> = {
  'POST /api/v1/deployments/:id/call': { function: 'total' },
  'POST /api/v1/deployments/:id/signature': { transactionHash: `0x${'ab'.repeat(32)}` },
  'POST /api/v1/deployments/:id/upgrade': { buildId: newId() },
  'POST /api/v1/deployments/:id/transactions': { function: 'total' },
  'POST /api/v1/signers/:id/export': { name: 'mine' },
  'POST /api/v1/findings/:id/waive': { reason: 'not ours' },
};

/** What the owner is told where it is another state of the object that the route is for. */
const refusals: Record<string, number> = { 'GET /api/v1/deployments/:id/signature': 409 };

const definitions: [string, ErasedDefinition][] = routes.map((route) => [route.route, route.definition]);
const owned = definitions.filter(([route, definition]) => route.includes(':') && definition.auth !== 'none');
const lists = definitions.filter(
  ([route, definition]) =>
    route.startsWith('GET ') &&
    !route.includes(':') &&
    definition.auth !== 'none' &&
    route !== 'GET /api/v1/auth/me' &&
    // What the installation has is nobody's own.
    route !== 'GET /api/v1/tools',
);
const live = ['jobs', 'pipelines', 'deployments'];

beforeAll(async () => {
  platform = await startPlatform();
  [owner, stranger] = await Promise.all([platform.register(), platform.register()]);
  const { client } = owner;
  const pipeline = await client.call('POST /api/v1/pipelines', {
    body: { compile: token, deploy: { network: 'local' } },
    waitSeconds: 30,
  });
  const signer = await client.call('POST /api/v1/signers', { body: { name: 'mine' } });
  const webhook = await client.call('POST /api/v1/webhooks', {
    body: { url: 'https://example.org/', events: ['pipeline.blocked'] },
  });
  const key = await client.call('POST /api/v1/api-keys', { body: { name: 'mine', scopes: ['*'] } });
  const plan = await client.call('POST /api/v1/deployment-plans', {
    body: { buildId: pipeline.result.build?.id ?? '', networks: ['local'], dryRun: true },
  });
  const record = [
    { type: 'DEPLOYMENT_INITIALIZE', chainId: 1 },
    {
      type: 'DEPLOYMENT_EXECUTION_STATE_COMPLETE',
      futureId: 'A#B',
      result: { type: 'SUCCESS', address: `0x${'12'.repeat(20)}` },
    },
  ];
  await client.call('POST /api/v1/imported-deployments', {
    body: { record: record.map((line) => JSON.stringify(line)).join('\n') },
  });
  const imported = await client.call('GET /api/v1/imported-deployments', { query: {} });
  await client.call('POST /api/v1/contracts/audit', { body: faulty, waitSeconds: 30 });
  const finding = (await client.call('GET /api/v1/findings', { query: {} })).items[0]?.id ?? '';
  const waiver = await client.call('POST /api/v1/findings/:id/waive', {
    params: { id: finding },
    body: { reason: 'a test' },
  });
  objects = {
    findings: finding,
    waivers: waiver.id,
    'imported-deployments': imported.items[0]?.id ?? '',
    'deployment-plans': plan.id,
    pipelines: pipeline.id,
    jobs: pipeline.stages[0]?.jobId ?? '',
    builds: pipeline.result.build?.id ?? '',
    audits: pipeline.result.audit?.id ?? '',
    deployments: pipeline.result.deployment?.id ?? '',
    signers: signer.id,
    'api-keys': key.id,
    webhooks: webhook.id,
    'audit-log': (await client.call('GET /api/v1/audit-log')).items[0]?.id ?? '',
  };
});
afterAll(() => platform.stop());

const kindOf = (route: string) => route.split('/')[3] ?? '';

function addressOf(route: string, id: string): string {
  return route.replace(/:([a-zA-Z]+)/g, (_, parameter: string) => encodeURIComponent(names[parameter] ?? id));
}

function bodyOf(route: string, definition: ErasedDefinition): { body?: object } {
  if (!definition.body) return {};
  const body = bodies[route] ?? {};
  if (!definition.body.safeParse(body).success) throw new Error(`add a body of ${route} to this test's list`);
  return { body };
}

function objectOf(route: string): string {
  const id = objects[kindOf(route)];
  if (!id) throw new Error(`add an object of ${kindOf(route)} to this test's list`);
  return id;
}

describe.each(owned)('%s', (route, definition) => {
  const ask = (user: TestUser, id: string) =>
    platform.send(addressOf(route, id), {
      token: user.accessToken,
      ...bodyOf(route, definition),
    });

  test('is 404 for a stranger, in the same words as for an id that nobody has', async () => {
    const id = objectOf(route);
    const nobodys = newId();
    const reply = await ask(stranger, id);
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 404, code: 'not-found' });
    expect(reply.body.hint).toContain('the account that owns it');
    const absent = await ask(stranger, nobodys);
    const words = ({ text, body }: typeof reply) =>
      text.replaceAll(id, '<id>').replaceAll(nobodys, '<id>').replace(body.requestId, '');
    expect(words(reply)).toBe(words(absent));
    if (splitRoute(definition.route).method !== 'GET') return;
    expect((await ask(owner, id)).status).toBe(refusals[route] ?? 200);
  });
});

test.each(live)('%s cannot be followed by a stranger', async (kind) => {
  const id = objectOf(`GET /api/v1/${kind}/:id`);
  const events = await platform.send(`GET /api/v1/${kind}/${id}/events`, { token: stranger.accessToken });
  expect([events.status, events.body.code]).toEqual([404, 'not-found']);
  const status = await new Promise((resolve, reject) => {
    const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/${kind}/${id}/updates`, {
      headers: { authorization: `Bearer ${stranger.accessToken}` },
    });
    socket.once('open', () => reject(new Error('the socket opened')));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode);
    });
    socket.on('error', reject);
  });
  expect(status).toBe(404);
});

test.each(lists)('%s shows a stranger nothing of it', async (route) => {
  const mine = await platform.send(route, { token: owner.accessToken });
  const theirs = await platform.send(route, { token: stranger.accessToken });
  expect([mine.status, theirs.status]).toEqual([200, 200]);
  expect(mine.body.items.map(({ id }) => id)).toContain(objectOf(route));
  for (const id of Object.values(objects)) expect(theirs.text).not.toContain(id);
});

describe('somebody else’s object in a body', () => {
  const local = { network: 'local' };
  const cases: [name: string, path: string, body: () => object, status: number, code: string][] = [
    ['the build to audit', 'contracts/audit', () => ({ buildId: objects['builds'] }), 404, 'not-found'],
    [
      'the build to deploy',
      'contracts/deploy',
      () => ({ buildId: objects['builds'], ...local }),
      404,
      'not-found',
    ],
    [
      'the build of a pipeline',
      'pipelines',
      () => ({ buildId: objects['builds'], deploy: local }),
      404,
      'not-found',
    ],
    [
      'the signer',
      'pipelines',
      () => ({ compile: token, deploy: { ...local, signer: objects['signers'] } }),
      422,
      'unknown-signer',
    ],
  ];
  test.each(cases)('%s', async (_, path, body, status, code) => {
    const reply = await platform.send(`POST /api/v1/${path}`, { token: stranger.accessToken, body: body() });
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code });
  });

  test('the audit that the gate is to look at', async () => {
    const { client } = stranger;
    const job = await client.call('POST /api/v1/contracts/compile', { body: token, waitSeconds: 30 });
    const buildId = job.result.build?.id ?? '';
    const body = { buildId, auditId: objects['audits'], ...local };
    const deploy = await platform.send('POST /api/v1/contracts/deploy', {
      token: stranger.accessToken,
      body,
    });
    expect([deploy.status, deploy.body.code]).toEqual([404, 'not-found']);
    const pipeline = await platform.send('POST /api/v1/pipelines', {
      token: stranger.accessToken,
      body: { stages: { from: 'gate', to: 'deploy' }, buildId, auditId: objects['audits'], deploy: local },
      headers: { prefer: 'wait=30' },
    });
    expect([pipeline.status, pipeline.body.code]).toEqual([404, 'not-found']);
  });
});

test('an Idempotency-Key of one account says nothing to another', async () => {
  const start = (user: TestUser) =>
    user.client.call('POST /api/v1/contracts/compile', { body: token, idempotencyKey: 'the-same' });
  const [first, second] = [await start(owner), await start(stranger)];
  expect(first.id).not.toBe(second.id);
  expect((await start(owner)).id).toBe(first.id);
});

test('all of this has changed nothing', async () => {
  const { client } = owner;
  const pipeline = await client.call('GET /api/v1/pipelines/:id', {
    params: { id: objects['pipelines'] ?? '' },
  });
  expect(pipeline.state).toBe('succeeded');
  const keys = await client.call('GET /api/v1/api-keys');
  expect(keys.items.map(({ revokedAt }) => revokedAt)).toEqual([null]);
  const signers = await client.call('GET /api/v1/signers');
  expect(signers.items.map(({ name }) => name).sort()).toEqual(['development', 'mine']);
});

import { sql } from 'kysely';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { creates, type ErasedDefinition } from '../../src/http/endpoint.ts';
import { routes } from '../../src/http/routes/index.ts';
import { newId } from '../../src/lib/ids.ts';
import { limits } from '../../src/lib/limits.ts';
import type { Received } from '../support/http-server.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

let platform: TestPlatform;
let user: TestUser;
const source = 'pragma solidity ^0.8.20; contract Box { uint256 public value = 7; }';

beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
});
afterAll(() => platform.stop());

test('a repeated request gets the first reply, even when it would be refused by now', async () => {
  const { client, ownerId } = await platform.register();
  const build = await client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    waitSeconds: 30,
  });
  const deployment = {
    body: { buildId: build.subjectId, network: 'local' },
    idempotencyKey: 'deploy-box',
  };
  const pipeline = {
    body: { compile: { sources: { 'Box.sol': source } }, deploy: { network: 'local' } },
    idempotencyKey: 'ship-box',
  };
  const first = await client.call('POST /api/v1/contracts/deploy', deployment);
  const shipped = await client.call('POST /api/v1/pipelines', pipeline);
  await platform.store.read
    .updateTable('signers')
    .set({ deleted_at: new Date() })
    .where('owner_id', '=', ownerId)
    .execute();

  expect(await client.call('POST /api/v1/contracts/deploy', deployment)).toEqual(first);
  expect(await client.call('POST /api/v1/pipelines', pipeline)).toEqual(shipped);
  const anew = client.call('POST /api/v1/contracts/deploy', { ...deployment, idempotencyKey: 'another' });
  await expect(anew).rejects.toMatchObject({ code: 'signer-needed' });
});

test('an audit looks at what was built, whatever the same request would become today', async () => {
  const { client } = user;
  const build = await client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Old.sol': source.replace('Box', 'Old') } },
    waitSeconds: 30,
  });
  await platform.store.read
    .updateTable('builds')
    .set({ request: JSON.stringify({ settings: { optimizer: { runs: 1 } } }) })
    .where('id', '=', build.subjectId)
    .execute();
  const audit = await client.call('POST /api/v1/contracts/audit', {
    body: { buildId: build.subjectId },
    waitSeconds: 30,
  });
  expect(audit).toMatchObject({ state: 'succeeded', result: { audit: { tools: [{ tool: 'slipway' }] } } });
});

/** A request of each route that creates, and another one that the same key must not answer. */
interface Repeatable {
  path: string;
  body?: object;
  other: { path?: string; body?: object };
}

const broken = (name: string) => ({
  sources: { 'Broken.sol': `pragma solidity ^0.8.20; contract ${name} {` },
});
const ends = ['succeeded', 'failed', 'cancelled', 'blocked'];

/** Waits until the job or pipeline of a reply has ended, so that what a repeat could show has changed. */
async function untilEnded(reply: Received): Promise<void> {
  const location = reply.headers.get('location');
  if (!location?.match(/\/(jobs|pipelines)\//)) return;
  for (;;) {
    const { body } = await platform.send(`GET ${location}`, { token: user.accessToken });
    if (ends.includes(body.state)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function ended(route: 'compile' | 'pipelines', name: string): Promise<string> {
  const { client } = user;
  const body = broken(name);
  const made =
    route === 'compile'
      ? await client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 })
      : await client.call('POST /api/v1/pipelines', { body: { compile: body }, waitSeconds: 30 });
  expect(made.state).toBe('failed');
  return made.id;
}

/** @param without a part of the source to leave out: the proxy of a contract does not see initial values */
async function buildOf(name: string, without = ''): Promise<string> {
  const body = { sources: { 'Box.sol': source.replace('Box', name).replace(without, '') } };
  return (await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 })).subjectId;
}

async function newDelivery(): Promise<{ path: string }> {
  const body = { url: 'https://receiver.invalid/', events: ['deployment.reverted'] };
  const { body: webhook } = await platform.send('POST /api/v1/webhooks', { token: user.accessToken, body });
  const id = newId();
  await sql`
    insert into webhook_deliveries (id, webhook_id, owner_id, type, payload, status, completed_at)
    values (${id}, ${webhook.id}, ${user.ownerId}, 'deployment.reverted', '{}', 'failed', now())`.execute(
    platform.store.read,
  );
  return { path: `/api/v1/webhooks/${webhook.id}/deliveries/${id}/redeliver` };
}

/** A plan for the local chain; nothing is spent. */
async function newPlan(name: string): Promise<string> {
  const body = { buildId: await buildOf(name), networks: ['local'], dryRun: true };
  return (await user.client.call('POST /api/v1/deployment-plans', { body })).id;
}

async function failedPlan(name: string): Promise<{ path: string; body: object }> {
  const id = await newPlan(name);
  const ofPlan = sql`plan_id = ${id}`;
  await vi.waitFor(async () => {
    const { rows } = await sql<{ state: string }>`select state from deployments where ${ofPlan}`.execute(
      platform.store.read,
    );
    expect(rows).toEqual([{ state: 'estimated' }]);
  });
  await sql`update deployments set state = 'failed' where ${ofPlan}`.execute(platform.store.read);
  return { path: `/api/v1/deployment-plans/${id}/resume`, body: {} };
}

/** A deployment that stands as the row then says; no job works on it. */
async function deploymentAs(
  state: 'preparing' | 'broadcast' | 'confirmed',
  verb: string,
): Promise<{ path: string }> {
  const body = { buildId: await buildOf('Standing'), network: 'local', dryRun: true };
  const { subjectId } = await user.client.call('POST /api/v1/contracts/deploy', { body, waitSeconds: 30 });
  await sql`update deployments set state = ${state} where id = ${subjectId}`.execute(platform.store.read);
  return { path: `/api/v1/deployments/${subjectId}/${verb}` };
}

/** A deployment that waits for a wallet, and two transactions that it may sign for it. */
async function handedOut(): Promise<{ path: string; raws: string[] }> {
  const wallet = privateKeyToAccount(generatePrivateKey());
  const { client } = user;
  const body = { name: wallet.address, kind: 'external' as const, address: wallet.address };
  const signer = await client.call('POST /api/v1/signers', { body });
  const request = { buildId: await buildOf('Handed'), network: 'local', signer: signer.id };
  const { subjectId: id } = await client.call('POST /api/v1/contracts/deploy', { body: request });
  const params = { id };
  await vi.waitFor(async () => {
    const { status } = await client.call('GET /api/v1/deployments/:id', { params });
    expect(status).toBe('awaiting_signature');
  }, 10_000);
  const { chainId, data } = await client.call('GET /api/v1/deployments/:id/signature', { params });
  const sign = (maxFeePerGas: bigint) =>
    wallet.signTransaction({
      chainId,
      nonce: 0,
      data,
      gas: 1_000_000n,
      maxFeePerGas,
      maxPriorityFeePerGas: 1n,
    });
  return {
    path: `/api/v1/deployments/${id}/signature`,
    raws: await Promise.all([sign(9_000_000_000n), sign(8_000_000_000n)]),
  };
}

const bomb =
  'pragma solidity ^0.8.20; contract Bomb { function end() external { selfdestruct(payable(msg.sender)); } }';
const pot =
  'pragma solidity ^0.8.20; contract Pot { uint256 public fills; function fill() external payable { fills++; } }';
const generate = (name: string) => ({ template: 'storage', options: { name } });
const repeatables: Record<string, () => Promise<Repeatable> | Repeatable> = {
  'POST /api/v1/contracts/generate': () => ({
    path: '/api/v1/contracts/generate',
    body: generate('Notes'),
    other: { body: generate('Lists') },
  }),
  'POST /api/v1/contracts/compile': () => ({
    path: '/api/v1/contracts/compile',
    body: { sources: { 'Fresh.sol': source.replace('Box', 'Fresh') } },
    other: { body: { sources: { 'Fresh.sol': source } } },
  }),
  'POST /api/v1/contracts/audit': async () => ({
    path: '/api/v1/contracts/audit',
    body: { buildId: await buildOf('Audited') },
    other: { body: { buildId: await buildOf('Other') } },
  }),
  'POST /api/v1/findings/:id/waive': async () => {
    const sources = { 'Bomb.sol': bomb };
    await user.client.call('POST /api/v1/contracts/audit', { body: { sources }, waitSeconds: 30 });
    const { items } = await user.client.call('GET /api/v1/findings', { query: {} });
    const path = `/api/v1/findings/${items[0]?.id}/waive`;
    return { path, body: { reason: 'a test' }, other: { body: { reason: 'another' } } };
  },
  'POST /api/v1/contracts/deploy': async () => {
    const buildId = await buildOf('Deployed');
    return {
      path: '/api/v1/contracts/deploy',
      body: { buildId, network: 'local' },
      other: { body: { buildId, network: 'local', feePolicy: 'fast' } },
    };
  },
  'POST /api/v1/deployment-plans': async () => {
    const body = { buildId: await buildOf('Planned'), networks: ['local'], dryRun: true };
    return { path: '/api/v1/deployment-plans', body, other: { body: { ...body, feePolicy: 'fast' } } };
  },
  'POST /api/v1/deployment-plans/:id/resume': async () => ({
    ...(await failedPlan('FirstPlan')),
    other: await failedPlan('SecondPlan'),
  }),
  'POST /api/v1/deployments/:id/cancel': async () => ({
    ...(await deploymentAs('preparing', 'cancel')),
    other: await deploymentAs('preparing', 'cancel'),
  }),
  'POST /api/v1/deployments/:id/speed-up': async () => ({
    ...{ ...(await deploymentAs('broadcast', 'speed-up')), body: {} },
    other: { body: { feePolicy: 'slow' } },
  }),
  'POST /api/v1/deployments/:id/transactions': async () => {
    const body = { compile: { sources: { 'Pot.sol': pot } }, deploy: { network: 'local' } };
    const { result } = await user.client.call('POST /api/v1/pipelines', { body, waitSeconds: 60 });
    const path = `/api/v1/deployments/${result.deployment?.id}/transactions`;
    return { path, body: { function: 'fill' }, other: { body: { function: 'fill', value: '1' } } };
  },
  'POST /api/v1/deployments/:id/signature': async () => {
    const { path, raws } = await handedOut();
    return { path, body: { signedTransaction: raws[0] }, other: { body: { signedTransaction: raws[1] } } };
  },
  'POST /api/v1/deployments/:id/upgrade': async () => {
    const buildId = await buildOf('Behind', ' = 7');
    const { subjectId } = await user.client.call('POST /api/v1/contracts/deploy', {
      body: { buildId, network: 'local', proxy: { kind: 'transparent', initialize: null } },
      waitSeconds: 60,
    });
    const other = { body: { buildId: await buildOf('Later', ' = 7') } };
    return { path: `/api/v1/deployments/${subjectId}/upgrade`, body: { buildId }, other };
  },
  'POST /api/v1/imported-deployments': () => {
    const record = (chainId: number) => JSON.stringify({ type: 'DEPLOYMENT_INITIALIZE', chainId });
    const path = '/api/v1/imported-deployments';
    return { path, body: { record: record(1) }, other: { body: { record: record(2) } } };
  },
  'POST /api/v1/deployments/:id/verify': async () => ({
    ...(await deploymentAs('confirmed', 'verify')),
    other: await deploymentAs('confirmed', 'verify'),
  }),
  'POST /api/v1/pipelines': () => ({
    path: '/api/v1/pipelines',
    body: { generate: generate('Shipped'), deploy: { network: 'local' } },
    other: { body: { generate: generate('Shipped') } },
  }),
  'POST /api/v1/pipelines/:id/retry': async () => ({
    path: `/api/v1/pipelines/${await ended('pipelines', 'One')}/retry`,
    body: {},
    other: { path: `/api/v1/pipelines/${await ended('pipelines', 'Two')}/retry`, body: {} },
  }),
  'POST /api/v1/jobs/:id/retry': async () => ({
    path: `/api/v1/jobs/${await ended('compile', 'Three')}/retry`,
    other: { path: `/api/v1/jobs/${await ended('compile', 'Four')}/retry` },
  }),
  'POST /api/v1/signers': () => ({
    path: '/api/v1/signers',
    body: { name: 'mine' },
    other: { body: { name: 'yours' } },
  }),
  'POST /api/v1/api-keys': () => ({
    path: '/api/v1/api-keys',
    body: { name: 'mine', scopes: ['jobs:read'] },
    other: { body: { name: 'mine', scopes: ['*'] } },
  }),
  // It takes no body: there is no other request.
  'POST /api/v1/live/tickets': () => ({ path: '/api/v1/live/tickets', other: {} }),
  'POST /api/v1/webhooks': () => ({
    path: '/api/v1/webhooks',
    body: { url: 'https://receiver.invalid/', events: ['deployment.reverted'] },
    other: { body: { url: 'https://receiver.invalid/', events: ['*'] } },
  }),
  'POST /api/v1/webhooks/:id/deliveries/:did/redeliver': async () => ({
    ...(await newDelivery()),
    other: await newDelivery(),
  }),
};

const creating: [string, ErasedDefinition][] = routes
  .map((route): [string, ErasedDefinition] => [route.route, route.definition])
  .filter(([, definition]) => creates(definition));

describe.each(creating)('%s', (route) => {
  // A deployment that is said to be under way would be taken up again.
  afterEach(() =>
    sql`update deployments set state = 'estimated' where state = 'broadcast'`.execute(platform.store.read),
  );

  test('replays the first reply to the byte, and refuses another request under its key', async () => {
    const make = repeatables[route];
    if (!make) throw new Error(`add a request of ${route} to this test's list`);
    const { path, body, other } = await make();
    const headers = { 'idempotency-key': `replay-${route.replace(/\W/g, '-')}` };
    const ask = (wanted: { path?: string; body?: object }) =>
      platform.send(`POST ${wanted.path ?? path}`, {
        token: user.accessToken,
        headers,
        ...(wanted.body || body ? { body: wanted.body ?? body } : {}),
      });
    const first = await ask({});
    expect([first.status, first.text]).toEqual([expect.toBeOneOf([201, 202]), expect.any(String)]);
    await untilEnded(first);
    const again = await ask({});
    expect(again.text).toBe(first.text);
    expect(again.status).toBe(first.status);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    if (!other.body && !other.path) return;
    const refused = await ask(other);
    expect([refused.status, refused.body.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

const post = (path: string, key: string, body: object, as: TestUser = user, headers = {}) =>
  platform.send(`POST /api/v1/${path}`, {
    token: as.accessToken,
    body,
    headers: { 'idempotency-key': key, ...headers },
  });

const countJobs = async () =>
  Number(
    (
      await platform.store.read
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('owner_id', '=', user.ownerId)
        .executeTakeFirstOrThrow()
    ).count,
  );

test('fifty equal requests at once: one job, fifty equal replies', async () => {
  const before = await countJobs();
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => post('contracts/generate', 'fifty', generate('Fifty'))),
  );
  expect(await countJobs()).toBe(before + 1);
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(replies[0]?.status).toBe(202);
});

test('a build that was known is replayed whole, though only its job is kept', async () => {
  const body = { sources: { 'Known.sol': source.replace('Box', 'Known') } };
  await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 });
  const first = await post('contracts/compile', 'known', body);
  expect([first.status, first.body.state]).toEqual([202, 'succeeded']);
  const again = await post('contracts/compile', 'known', body);
  expect([again.status, again.text]).toEqual([first.status, first.text]);
  const row = await platform.store.read
    .selectFrom('idempotency_keys')
    .select('result')
    .where('owner_id', '=', user.ownerId)
    .where('key', '=', 'known')
    .executeTakeFirstOrThrow();
  expect(JSON.parse(row.result ?? '')).toEqual({ endedJobId: first.body.id });
});

test('a repeat that prefers to wait gets the finished job, one that does not the first reply', async () => {
  const wait = { prefer: 'wait=30' };
  const first = await post('contracts/generate', 'patient', generate('Patient'));
  const waited = await post('contracts/generate', 'patient', generate('Patient'), user, wait);
  expect([waited.status, waited.body.id, waited.body.state]).toEqual([200, first.body.id, 'succeeded']);
  const again = await post('contracts/generate', 'patient', generate('Patient'));
  expect([again.status, again.text]).toEqual([202, first.text]);
  const other = await post('contracts/generate', 'waiting', generate('Patient'), user, wait);
  expect([other.status, other.body.state]).toEqual([200, 'succeeded']);
  const repeated = await post('contracts/generate', 'waiting', generate('Patient'), user, wait);
  expect([repeated.status, repeated.text]).toEqual([200, other.text]);
});

test('the key of one account or route says nothing to another', async () => {
  const stranger = await platform.register();
  const own = await post('contracts/generate', 'shared', generate('Shared'));
  const theirs = await post('contracts/generate', 'shared', generate('Other'), stranger);
  const elsewhere = await post('signers', 'shared', { name: 'shared' });
  expect([own.status, theirs.status, elsewhere.status]).toEqual([202, 202, 201]);
  expect(theirs.body.id).not.toBe(own.body.id);
});

test('a repeat waits for the first as long as it may, then is told to come again', async () => {
  const body = generate('Held');
  await platform.store
    .transaction(async (tx) => {
      await tx.sql
        .insertInto('idempotency_keys')
        .values({
          owner_id: user.ownerId,
          route: 'POST /api/v1/contracts/generate',
          key: 'held',
          body_hash: 'somebody is at it',
        })
        .execute();
      const busy = await post('contracts/generate', 'held', body);
      expect([busy.status, busy.body.code]).toEqual([409, 'idempotency-in-progress']);
      expect(busy.body.retryable).toBe(true);
      expect(busy.headers.get('retry-after')).toBe('1');
      throw new Error('the holder failed');
    })
    .catch((error: Error) => expect(error.message).toBe('the holder failed'));
  expect((await post('contracts/generate', 'held', body)).status).toBe(202);
});

test('a key has 1 to 255 visible ASCII characters', async () => {
  const longest = 'k'.repeat(limits.idempotencyKeyCharactersMax);
  expect(longest).toHaveLength(255);
  expect((await post('contracts/generate', longest, generate('Key'))).status).toBe(202);
  for (const key of [`${longest}k`, '', 'two words', 'schlüssel']) {
    const refused = await post('contracts/generate', key, generate('Key'));
    expect([key, refused.status, refused.body.code]).toEqual([key, 422, 'validation-failed']);
    expect(refused.body.errors[0]?.pointer).toBe('/headers/idempotency-key');
  }
});

test('what the key of a deployment lives as long as is noted, and only that', async () => {
  const rows = await platform.store.read
    .selectFrom('idempotency_keys')
    .select(['route', 'deployment_id', 'pipeline_id'])
    .where('owner_id', '=', user.ownerId)
    .where((where) =>
      where.or([where('deployment_id', 'is not', null), where('pipeline_id', 'is not', null)]),
    )
    .execute();
  const kinds = rows.map(
    ({ route, deployment_id: deployment }) => `${route} ${deployment ? 'deployment' : 'pipeline'}`,
  );
  expect([...new Set(kinds)].sort()).toEqual([
    'POST /api/v1/contracts/deploy deployment',
    'POST /api/v1/deployments/:id/transactions deployment',
    'POST /api/v1/deployments/:id/upgrade deployment',
    'POST /api/v1/pipelines pipeline',
  ]);
});

test('while the queue of an owner is full, every route that makes a job is refused, and only those', async () => {
  const requests = [];
  for (const [route, definition] of creating) {
    const made = await repeatables[route]?.();
    requests.push({
      route,
      makesJob: definition.waitsFor !== undefined || definition.makesJobs === true,
      path: made?.path ?? '',
      body: made?.body,
    });
  }
  const { read } = platform.store;
  const { id: _, ...row } = await read
    .selectFrom('jobs')
    .select(['id', 'owner_id', 'created_by', 'project_id', 'kind', 'attempts_max'])
    .where('owner_id', '=', user.ownerId)
    .where('kind', '=', 'generate')
    .executeTakeFirstOrThrow();
  const later = { state: 'queued', run_at: new Date(Date.now() + 3_600_000) };
  const full = Array.from({ length: limits.jobsQueuedMax.free }, () => ({
    ...row,
    ...later,
    id: newId(),
    subject_id: newId(),
  }));
  await read.insertInto('jobs').values(full).execute();
  await read.updateTable('owners').set({ tier: 'free' }).where('id', '=', user.ownerId).execute();
  for (const { route, makesJob, path, body } of requests) {
    const { status, body: reply } = await platform.send(`POST ${path}`, {
      token: user.accessToken,
      ...(body ? { body } : {}),
    });
    const refused = status === 429 && reply.code === 'owner-queue-full';
    expect([route, refused]).toEqual([route, makesJob]);
  }
});

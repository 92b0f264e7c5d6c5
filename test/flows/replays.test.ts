import { afterAll, beforeAll, expect, test } from 'vitest';
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
  const { client } = user;
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
    .where('owner_id', '=', user.ownerId)
    .execute();

  expect((await client.call('POST /api/v1/contracts/deploy', deployment)).id).toBe(first.id);
  expect((await client.call('POST /api/v1/pipelines', pipeline)).id).toBe(shipped.id);
  const anew = client.call('POST /api/v1/contracts/deploy', { ...deployment, idempotencyKey: 'another' });
  await expect(anew).rejects.toMatchObject({ code: 'signer-needed' });
});

test('an audit refuses a build that other compilers or libraries made', async () => {
  const { client } = user;
  const build = await client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Old.sol': source.replace('Box', 'Old') } },
    waitSeconds: 30,
  });
  await platform.store.read
    .updateTable('builds')
    .set({ request: JSON.stringify({ sources: { 'Old.sol': source.replace('Box', 'Older') } }) })
    .where('id', '=', build.subjectId)
    .execute();
  const audit = await client.call('POST /api/v1/contracts/audit', {
    body: { buildId: build.subjectId },
    waitSeconds: 30,
  });
  expect(audit).toMatchObject({ state: 'failed', error: { code: 'build-outdated' } });
});

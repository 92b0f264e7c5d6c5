import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyWebhook } from '../../examples/verify-webhook.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

/** The whole platform tells a receiver of its user what becomes of the main job. */
let platform: TestPlatform;
let user: TestUser;
let receiver: WebhookReceiver;
let secret: string;

beforeAll(async () => {
  receiver = await startReceiver();
  platform = await startPlatform({ env: { SLIPWAY_WEBHOOK_PRIVATE: '127.0.0.0/8' } });
  user = await platform.register();
  const body = { url: `${receiver.url}/slipway`, events: ['*' as const] };
  secret = (await user.client.call('POST /api/v1/webhooks', { body })).secret;
});
afterAll(async () => {
  await platform.stop();
  await receiver.close();
});

/** What the receiver was told since, verified, in the order in which it happened. */
async function told(count: number) {
  const messages = await receiver.arrived(count);
  const seen = messages.map(({ headers, body }) => verifyWebhook(secret, headers, body));
  receiver.messages.length = 0;
  return seen.sort((a, b) => a.timestamp.localeCompare(b.timestamp));
}

const typesOf = (messages: { type: string }[]) => messages.map(({ type }) => type).sort();

test('from the sources to the confirmed deployment, each step once', async () => {
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: {
      compile: { sources: { 'Box.sol': 'pragma solidity ^0.8.20; contract Box { uint256 public v = 7; }' } },
      deploy: { network: 'local' },
    },
    waitSeconds: 30,
  });
  expect(pipeline.state).toBe('succeeded');
  const messages = await told(8);
  expect(typesOf(messages)).toEqual([
    'deployment.broadcast',
    'deployment.confirmed',
    'deployment.mined',
    'deployment.signed',
    'job.succeeded',
    'job.succeeded',
    'job.succeeded',
    'pipeline.succeeded',
  ]);
  const { deployment } = pipeline.result;
  const factsOf = (wanted: string) => messages.find(({ type }) => type === wanted)?.data;
  expect(factsOf('deployment.confirmed')).toEqual({
    id: deployment?.id,
    state: 'confirmed',
    network: 'local',
    chainId: 31337,
    pipelineId: pipeline.id,
    targetId: null,
    transactionHash: deployment?.transactionHash,
    nonce: deployment?.nonce,
    predictedAddress: deployment?.predictedAddress,
    address: deployment?.address,
    blockNumber: deployment?.blockNumber,
    codeMatches: true,
    error: null,
  });
  expect(factsOf('pipeline.succeeded')).toMatchObject({ id: pipeline.id, state: 'succeeded', error: null });
  const jobs = messages.filter(({ type }) => type === 'job.succeeded').map(({ data }) => data['kind']);
  expect(jobs.sort()).toEqual(['audit', 'compile', 'deploy']);
});

test('a build that was known is told like any other', async () => {
  const body = { sources: { 'Known.sol': 'pragma solidity ^0.8.20; contract Known {}' } };
  const compile = () => user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 });
  const jobs = [await compile(), await compile()];
  expect(jobs.map(({ result }) => result.build?.cached)).toEqual([false, true]);
  const messages = await told(2);
  expect(messages.map(({ data }) => data['id'])).toEqual(jobs.map(({ id }) => id));
});

test('a failure is told by its code, without a word of the source', async () => {
  const source = 'pragma solidity ^0.8.20; contract Secret { uint256 hush = }';
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: { compile: { sources: { 'Hush.sol': source } } },
    waitSeconds: 30,
  });
  expect(pipeline.state).toBe('failed');
  const [job, ended] = (await told(2)).sort((a, b) => a.type.localeCompare(b.type));
  const error = { code: 'source-not-compilable', title: 'Source does not compile' };
  expect(job).toMatchObject({
    type: 'job.failed',
    data: { kind: 'compile', pipelineId: pipeline.id, error },
  });
  expect(ended).toMatchObject({ type: 'pipeline.failed', data: { id: pipeline.id, state: 'failed', error } });
  expect(JSON.stringify([job, ended])).not.toMatch(/hush|Secret/i);
});

test('a pipeline that its policy stops is told, and that it was cancelled', async () => {
  const vault = readFileSync(new URL('../../examples/Vault.sol', import.meta.url), 'utf8');
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: {
      compile: { sources: { 'Vault.sol': vault } },
      deploy: { network: 'local', constructorArgs: ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8', 25] },
      policy: 'mainnet',
    },
    waitSeconds: 30,
  });
  expect(pipeline.state).toBe('blocked');
  const blocked = await told(3);
  expect(typesOf(blocked)).toEqual(['job.succeeded', 'job.succeeded', 'pipeline.blocked']);
  await user.client.call('POST /api/v1/pipelines/:id/cancel', { params: { id: pipeline.id } });
  const [cancelled] = await told(1);
  expect(cancelled).toMatchObject({
    type: 'pipeline.cancelled',
    data: { id: pipeline.id, state: 'cancelled' },
  });
});

test('a deployment that ends before the signature is told', async () => {
  const source = 'pragma solidity ^0.8.20; contract No { constructor() { revert("not today"); } }';
  const build = await user.client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'No.sol': source } },
    waitSeconds: 30,
  });
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId: build.subjectId, network: 'local' },
    waitSeconds: 30,
  });
  expect(job.state).toBe('failed');
  const messages = await told(3);
  expect(typesOf(messages)).toEqual(['deployment.failed', 'job.failed', 'job.succeeded']);
  const failed = messages.find(({ type }) => type === 'deployment.failed');
  expect(failed?.data).toMatchObject({
    id: job.subjectId,
    state: 'failed',
    error: { code: job.error?.code },
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

let platform: TestPlatform;
let user: TestUser;
let buildId: string;
let given = 0;

const source =
  'pragma solidity ^0.8.20; contract Box { uint256 public v; constructor(uint256 given) { v = given; } }';

beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
  const body = { sources: { 'Box.sol': source } };
  buildId = (await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 60 })).subjectId;
}, 120_000);
afterAll(() => platform.stop());

async function newSigner(name: string, policy: object): Promise<string> {
  const { id } = await user.client.call('POST /api/v1/signers', { body: { name } });
  const changed = await user.client.call('PUT /api/v1/signers/:id/policy', { params: { id }, body: policy });
  expect(changed).toMatchObject({ id, policy });
  return id;
}

const deploy = (signer: string, more: object = {}) =>
  user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', signer, constructorArgs: [++given], ...more },
    waitSeconds: 60,
  });

test('what is signed in a day ends at the limit, however many ask at once, and no nonce is lost', async () => {
  const fee = '1200000000';
  const id = await newSigner('thrifty', { maxFeePerGas: fee });
  const dry = await deploy('thrifty', { dryRun: true });
  const estimate = dry.result.deployment?.estimate as { costMax: string } | null | undefined;
  const cost = BigInt(estimate?.costMax ?? 0);
  expect(cost).toBeGreaterThan(0n);
  const limitTo = (wei: bigint) =>
    user.client.call('PUT /api/v1/signers/:id/policy', {
      params: { id },
      body: { maxFeePerGas: fee, spendPerDay: wei.toString() },
    });
  // Every one of them costs the same: the fee is the limit of the policy.
  await limitTo(2n * cost);
  const jobs = await Promise.all([1, 2, 3, 4, 5, 6].map(() => deploy('thrifty')));
  const states = jobs.map(({ state }) => state).toSorted();
  expect(states).toEqual(['failed', 'failed', 'failed', 'failed', 'succeeded', 'succeeded']);
  for (const { error } of jobs.filter(({ state }) => state === 'failed')) {
    expect(error).toMatchObject({ code: 'signer-spend-limit' });
    expect(error?.message).toContain('0 are left');
  }
  await limitTo(3n * cost - 1n);
  expect((await deploy('thrifty')).error).toMatchObject({ code: 'signer-spend-limit' });
  await limitTo(3n * cost);
  const last = await deploy('thrifty');
  expect(last.result.deployment).toMatchObject({ status: 'confirmed', nonce: 2 });
});

test('a signer is used on the networks of its policy alone', async () => {
  await newSigner('abroad', { networks: ['sepolia'] });
  const refused = await platform.send('POST /api/v1/contracts/deploy', {
    token: user.accessToken,
    body: { buildId, network: 'local', signer: 'abroad', constructorArgs: [1] },
  });
  expect([refused.status, refused.body.code]).toEqual([403, 'signer-network-refused']);
  await newSigner('nowhere', { networks: [] });
  await expect(deploy('nowhere')).rejects.toMatchObject({ code: 'signer-network-refused' });
  await newSigner('at home', { networks: ['local'] });
  expect((await deploy('at home')).state).toBe('succeeded');
});

test('a fee under what the chain asks for refuses the deployment, and nothing is signed', async () => {
  await newSigner('stingy', { maxFeePerGas: '0' });
  const job = await deploy('stingy');
  expect(job).toMatchObject({ state: 'failed', error: { code: 'fee-cap-too-low' } });
  expect(job.result.deployment).toMatchObject({ nonce: null, attempts: [] });
});

test('a policy names networks that there are, in amounts that are wei, and every change is logged', async () => {
  const { id } = await user.client.call('POST /api/v1/signers', { body: { name: 'logged' } });
  const put = (body: object) =>
    platform.send(`PUT /api/v1/signers/${id}/policy`, { token: user.accessToken, body });
  const unknown = await put({ networks: ['local', 'atlantis'] });
  expect([unknown.status, unknown.body.code]).toEqual([422, 'policy-network-unknown']);
  expect((await put({ spendPerDay: '1.5' })).status).toBe(422);
  expect((await put({ spendPerDay: -1 })).status).toBe(422);
  expect((await put({ everything: true })).status).toBe(422);
  expect((await put({ spendPerDay: '0' })).status).toBe(200);
  const log = await user.client.call('GET /api/v1/audit-log', { query: { action: 'signer.policy-changed' } });
  expect(log.items[0]?.data).toEqual({ before: {}, after: { spendPerDay: '0' } });
  expect((await deploy('logged')).error).toMatchObject({ code: 'signer-spend-limit' });
});

test('the command line changes what is named, and shows the whole', async () => {
  await user.client.call('POST /api/v1/signers', { body: { name: 'typed' } });
  const key = await user.client.call('POST /api/v1/api-keys', { body: { name: 'cli', scopes: ['*'] } });
  const run = (...words: string[]) =>
    runSlipway(['signers', 'policy', 'typed', ...words], {
      env: { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: key.key },
    });
  expect((await run('--spend-per-day', '5', '--networks', 'local, sepolia')).code).toBe(0);
  const shown = await run('--max-fee-per-gas', '7', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({
    policy: { networks: ['local', 'sepolia'], maxFeePerGas: '7', spendPerDay: '5' },
  });
  expect((await run()).stdout).toMatch(/fee per gas +7 wei/);
  expect((await run('--none', '--json')).stdout).toContain('"policy":{}');
});

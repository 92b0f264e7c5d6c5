import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword } from '../support/http-server.ts';
import { type KmsServer, setAwsCredentials, startKmsServer } from '../support/kms-server.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';
import { startVaultServer, type VaultServer } from '../support/vault-server.ts';

let kms: KmsServer;
let vault: VaultServer;
const directory = mkdtempSync(join(tmpdir(), 'slipway-vault-'));
const tokenFile = join(directory, 'token');
let platform: TestPlatform;
let user: TestUser;
let buildId: string;
let restore: () => void;

const source =
  'pragma solidity ^0.8.20; contract Box { uint256 public v; constructor(uint256 given) { v = given; } }';

beforeAll(async () => {
  restore = setAwsCredentials();
  kms = await startKmsServer();
  vault = await startVaultServer();
  writeFileSync(tokenFile, vault.token);
  platform = await startPlatform({
    env: {
      SLIPWAY_AWS_KMS_REGION: kms.region,
      SLIPWAY_AWS_KMS_ENDPOINT: kms.url,
      SLIPWAY_VAULT_ADDR: vault.url,
      SLIPWAY_VAULT_TOKEN_FILE: tokenFile,
    },
  });
  user = await platform.register();
  const body = { sources: { 'Box.sol': source } };
  const job = await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 60 });
  buildId = job.subjectId;
}, 120_000);
afterAll(async () => {
  await platform?.stop();
  await kms?.stop();
  await vault?.stop();
  rmSync(directory, { recursive: true });
  restore();
});

const addSigner = (name: string, keyId: string) =>
  platform.send('POST /api/v1/signers', {
    token: user.accessToken,
    body: { name, kind: 'aws-kms', keyId },
  });

test('a key in KMS deploys, and every use of it is in the audit log', async () => {
  const key = kms.addKey({ 'slipway:owner': user.ownerId });
  const made = await addSigner('vault door', key.arn);
  expect(made.body).toMatchObject({ kind: 'aws-kms', keyId: key.arn, address: key.address });
  expect(made.status).toBe(201);
  const deploy = (given: number) =>
    user.client.call('POST /api/v1/contracts/deploy', {
      body: { buildId, network: 'local', signer: 'vault door', constructorArgs: [given] },
      waitSeconds: 60,
    });
  const jobs = await Promise.all([1, 2, 3, 4].map(deploy));
  const deployments = jobs.map(({ result }) => result.deployment);
  expect(deployments.map((one) => one?.status)).toEqual(Array(4).fill('confirmed'));
  expect(deployments.map((one) => one?.nonce).toSorted()).toEqual([0, 1, 2, 3]);
  expect(new Set(deployments.map((one) => one?.from))).toEqual(new Set([key.address]));
  const log = await user.client.call('GET /api/v1/audit-log', { query: { action: 'signer.used' } });
  expect(log.items).toHaveLength(4);
});

test('somebody else’s key is no signer, and the answer says what makes it one', async () => {
  const key = kms.addKey({ 'slipway:owner': 'somebody else' });
  const { status, body } = await addSigner('not mine', key.arn);
  expect([status, body.code]).toEqual([403, 'kms-key-not-admitted']);
  expect(body['hint']).toContain(`--tags TagKey=slipway:owner,TagValue=${user.ownerId}`);
  key.tags['slipway:owner'] = user.ownerId;
  expect((await addSigner('not mine', key.arn)).status).toBe(201);
  const again = await addSigner('the same again', key.arn);
  expect([again.status, again.body.code]).toEqual([409, 'signer-address-taken']);
});

test('while KMS is away nothing is signed and no nonce is lost; then it goes on by itself', async () => {
  let refusals = 0;
  kms.intercept = ({ operation }) => {
    if (operation !== 'Sign' || refusals >= 4) return undefined;
    refusals += 1;
    return { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };
  };
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', signer: 'vault door', constructorArgs: [5] },
    waitSeconds: 60,
  });
  kms.intercept = null;
  expect(refusals).toBe(4);
  expect(job.result.deployment).toMatchObject({ status: 'confirmed', nonce: 4 });
}, 70_000);

test('a key that was disabled fails the deployment with the reason, and spends nothing', async () => {
  const key = kms.addKey({ 'slipway:owner': user.ownerId });
  await addSigner('switched off', key.arn);
  key.enabled = false;
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', signer: 'switched off', constructorArgs: [6] },
    waitSeconds: 60,
  });
  expect(job).toMatchObject({ state: 'failed', error: { code: 'kms-key-disabled' } });
  expect(job.result.deployment).toMatchObject({ status: 'failed', nonce: null, attempts: [] });
});

test('a key in Vault deploys; its token is read anew from its file', async () => {
  const { status, body } = await platform.send('POST /api/v1/signers', {
    token: user.accessToken,
    body: { name: 'in vault', kind: 'vault' },
  });
  expect([status, body]).toMatchObject([201, { kind: 'vault' }]);
  const renewed = `${vault.token}.renewed`;
  vault.token = renewed;
  writeFileSync(tokenFile, `${renewed}\n`);
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', signer: 'in vault', constructorArgs: [7] },
    waitSeconds: 60,
  });
  expect(job.result.deployment).toMatchObject({ status: 'confirmed', nonce: 0 });
  const { id } = body as unknown as { id: string };
  const refused = await platform.send(`POST /api/v1/signers/${id}/export`, {
    token: user.accessToken,
    body: { name: 'in vault', password: goodPassword },
  });
  expect(refused.body.code).toBe('signer-not-exportable');
});

test('a key id is refused for a key that is made anew', async () => {
  const { status } = await platform.send('POST /api/v1/signers', {
    token: user.accessToken,
    body: { name: 'local', keyId: 'alias/a' },
  });
  expect(status).toBe(422);
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSlipway } from '../support/cli.ts';
import { goodPassword } from '../support/http-server.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Keys that their owners bring along and take out again. */
let platform: TestPlatform;
let user: TestUser;
const directory = mkdtempSync(join(tmpdir(), 'slipway-keys-'));

beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true });
});

const add = (name: string, privateKey: string, more: object = {}) =>
  platform.send('POST /api/v1/signers', { token: user.accessToken, body: { name, privateKey, ...more } });
const take = (id: string, body: object, token = user.accessToken) =>
  platform.send(`POST /api/v1/signers/${id}/export`, { token, body });

async function logged(action: string): Promise<unknown[]> {
  return (await user.client.call('GET /api/v1/audit-log', { query: { action } })).items;
}

describe('a key that is brought along', () => {
  test('signs as its address, is never shown, and is logged as what it is', async () => {
    const key = generatePrivateKey();
    const { status, body, text } = await add('brought', key);
    expect(status).toBe(201);
    expect(body['address' as never]).toBe(privateKeyToAddress(key));
    expect(text).not.toContain(key.slice(2, 20));
    const log = await logged('signer.imported');
    expect(log).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain(key.slice(2, 20));
    const source = 'pragma solidity ^0.8.20; contract Box {}';
    const pipeline = await user.client.call('POST /api/v1/pipelines', {
      body: { compile: { sources: { 'Box.sol': source } }, deploy: { network: 'local', signer: 'brought' } },
      waitSeconds: 60,
    });
    expect(pipeline.result.deployment).toMatchObject({ status: 'confirmed', from: privateKeyToAddress(key) });
  });

  const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
  test.each([
    ['zero', `0x${'0'.repeat(64)}`],
    ['the order of the curve', `0x${order}`],
    ['the largest number', `0x${'f'.repeat(64)}`],
    ['too short', `0x${'1'.repeat(62)}`],
    ['too long', `0x${'1'.repeat(66)}`],
    ['no hex', `0x${'g'.repeat(64)}`],
  ])('%s is refused, and not repeated', async (_what, key) => {
    const { status, text } = await add('bad', key);
    expect(status).toBe(422);
    expect(text).not.toContain(key.slice(2));
  });

  test('the largest key there is', async () => {
    const last = `0x${(BigInt(`0x${order}`) - 1n).toString(16)}`;
    expect((await add('last', last)).status).toBe(201);
  });

  test('a key that is a signer already is refused, and one for KMS too', async () => {
    const key = generatePrivateKey();
    await add('once', key);
    expect((await add('twice', key)).body.code).toBe('signer-address-taken');
    expect((await add('kms', generatePrivateKey(), { kind: 'aws-kms' })).status).toBe(422);
  });
});

describe('a key that is taken out', () => {
  let id: string;
  const key = generatePrivateKey();
  beforeAll(async () => {
    id = (await user.client.call('POST /api/v1/signers', { body: { name: 'out', privateKey: key } })).id;
  });

  test('needs its name and the password of the account, and every try with a password is logged', async () => {
    expect((await take(id, { name: 'Out', password: goodPassword })).body.code).toBe('export-not-confirmed');
    expect((await take(id, { name: 'out' })).body.code).toBe('password-wrong');
    expect((await take(id, { name: 'out', password: 'not the password' })).body.code).toBe('password-wrong');
    expect(await logged('signer.exported')).toHaveLength(0);
    expect(await logged('signer.export-refused')).toHaveLength(2);
    const taken = await take(id, { name: 'out', password: goodPassword });
    expect([taken.status, taken.body]).toMatchObject([200, { privateKey: key, id }]);
    const log = await logged('signer.exported');
    expect(log).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain(key.slice(2, 20));
  });

  test('a stranger finds nothing, and an API key needs the password as well', async () => {
    const stranger = await platform.register();
    const theirs = await take(id, { name: 'out', password: goodPassword }, stranger.accessToken);
    expect(theirs.body.code).toBe('not-found');
    const made = await user.client.call('POST /api/v1/api-keys', { body: { name: 'all', scopes: ['*'] } });
    expect((await take(id, { name: 'out' }, made.key)).body.code).toBe('password-wrong');
  });
});

test('the command line reads and writes files, and no key is an argument', async () => {
  const made = await user.client.call('POST /api/v1/api-keys', { body: { name: 'cli', scopes: ['*'] } });
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: made.key };
  const key = generatePrivateKey();
  const file = join(directory, 'key');
  writeFileSync(file, `${key.slice(2)}\n`);
  const put = await runSlipway(['signers', 'import', 'typed', '--key-file', file], { env });
  expect([put.code, put.stdout.trim()]).toEqual([0, `typed ${privateKeyToAddress(key)}`]);
  const output = join(directory, 'out');
  const words = ['signers', 'export', 'typed', '--output', output, '--confirm', 'typed', '--no-password'];
  const refused = await runSlipway(words, { env });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('password-wrong');
  expect(() => statSync(output)).toThrow();
  expect([put, refused].map(({ stdout, stderr }) => stdout + stderr).join()).not.toContain(key.slice(2, 20));
});

test('an account without a password takes its key out by the name alone, into a file of its own', async () => {
  const key = generatePrivateKey();
  await platform.store.read
    .updateTable('users')
    .set({ password_hash: null })
    .where('owner_id', '=', user.ownerId)
    .execute();
  await add('last one', key);
  const made = await user.client.call('POST /api/v1/api-keys', { body: { name: 'cli 2', scopes: ['*'] } });
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: made.key };
  const output = join(directory, 'own');
  const words = [
    'signers',
    'export',
    'last one',
    '--output',
    output,
    '--confirm',
    'last one',
    '--no-password',
  ];
  const { code, stdout } = await runSlipway(words, { env });
  expect([code, stdout]).toEqual([0, `The private key of ${privateKeyToAddress(key)} is in ${output}.\n`]);
  expect(readFileSync(output, 'utf8')).toBe(`${key}\n`);
  expect(statSync(output).mode & 0o777).toBe(0o600);
  expect((await runSlipway(words, { env })).code).not.toBe(0);
});

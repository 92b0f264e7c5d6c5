import { recoverTransactionAddress } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startVaultServer, type VaultServer } from '../../../test/support/vault-server.ts';
import { connectVault } from '../connect-vault.ts';
import type { CustodyParts, Signer, UnsignedTransaction, VaultKey } from '../types.ts';
import { vault } from './vault.ts';

let server: VaultServer;
let parts: CustodyParts;
let token: string;
let ids = 0;

beforeAll(async () => {
  server = await startVaultServer();
  const store = connectVault({ address: `${server.url}/`, token: () => token, mount: 'secret' });
  parts = { kek: { id: 'none', key: new Uint8Array(32) }, kms: null, vault: store };
});
beforeEach(() => {
  server.intercept = null;
  token = server.token;
});
afterAll(() => server.stop());

const transaction: UnsignedTransaction = {
  ...{ chainId: 1, nonce: 3, to: null, value: 0n, data: '0x60016001', gas: 100_000n },
  ...{ type: 'eip1559', maxFeePerGas: 5n, maxPriorityFeePerGas: 1n },
};

async function newKey(privateKey?: `0x${string}`): Promise<{ key: VaultKey; signer: Signer }> {
  ids += 1;
  const made = await vault.create({ id: `signer-${ids}`, ownerId: 'owner', privateKey }, parts);
  const key = JSON.parse(JSON.stringify(made)) as VaultKey;
  return { key, signer: vault.open(key, parts) };
}

test('a fresh key lies in Vault, and nowhere else, and signs as its address', async () => {
  const { key, signer } = await newKey();
  expect(key).toEqual({ version: 1, path: `slipway/owner/signer-${ids}`, address: signer.address });
  const [stored] = server.secrets.get(key.path) ?? [];
  expect(JSON.stringify(key)).not.toContain(String(stored?.['privateKey']).slice(2));
  const { raw, hash } = await signer.signTransaction(transaction);
  const serializedTransaction = raw as `0x02${string}`;
  expect(await recoverTransactionAddress({ serializedTransaction })).toBe(key.address);
  expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
});

test('a key that is brought along is kept there too', async () => {
  const privateKey = generatePrivateKey();
  const { key } = await newKey(privateKey);
  expect(key.address).toBe(privateKeyToAddress(privateKey));
  await expect(newKey(`0x${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'private-key-invalid' });
});

test('what is at a path already is never written over', async () => {
  const { key } = await newKey();
  const again = vault.create({ id: `signer-${ids}`, ownerId: 'owner' }, parts);
  await expect(again).rejects.toMatchObject({ code: 'vault-key-exists' });
  expect(server.secrets.get(key.path)).toHaveLength(1);
});

test('another key at the path signs nothing', async () => {
  const { key, signer } = await newKey();
  const put = (privateKey: unknown) => server.secrets.get(key.path)?.push({ privateKey });
  for (const wrong of [generatePrivateKey(), 'no key', undefined, 5]) {
    put(wrong);
    await expect(signer.signTransaction(transaction)).rejects.toMatchObject({ code: 'vault-key-wrong' });
  }
});

test('a key that was deleted, a token that expired, a Vault that is sealed or slow: each said as what it is', async () => {
  const { key, signer } = await newKey();
  const fails = () => signer.signTransaction(transaction);
  server.secrets.get(key.path)?.push(null);
  await expect(fails()).rejects.toMatchObject({ code: 'vault-key-missing', retryable: false });
  server.secrets.get(key.path)?.pop();
  token = 'hvs.expired';
  await expect(fails()).rejects.toMatchObject({ code: 'vault-denied' });
  token = server.token;
  const answers = [
    { status: 503, body: '{"errors":["Vault is sealed"]}' },
    { status: 429, body: '{"errors":["request rate limit"]}' },
    { status: 200, body: '<html>' },
  ];
  for (const answer of answers) {
    server.intercept = () => answer;
    await expect(fails()).rejects.toMatchObject({ code: 'vault-unavailable', retryable: true });
  }
  server.intercept = () => ({ status: 200, body: '{}' });
  await expect(fails()).rejects.toMatchObject({ code: 'vault-key-missing' });
  server.intercept = null;
  expect((await fails()).raw).toMatch(/^0x02/);
});

test('silence ends after some seconds, and a redirect is not followed', async () => {
  const { signer } = await newKey();
  server.intercept = () => 'silence';
  await expect(signer.signTransaction(transaction)).rejects.toMatchObject({
    code: 'vault-unavailable',
    message: expect.stringContaining('no answer in 5 s'),
  });
  const calls = server.calls.length;
  server.intercept = () => ({ status: 307, body: '' });
  await expect(signer.signTransaction(transaction)).rejects.toMatchObject({ code: 'vault-unavailable' });
  expect(server.calls.length).toBe(calls + 1);
}, 15_000);

test('an error says nothing of token and key', async () => {
  const { key, signer } = await newKey();
  const secret = String(server.secrets.get(key.path)?.[0]?.['privateKey']);
  server.intercept = () => ({ status: 500, body: JSON.stringify({ errors: [secret, token] }) });
  const error = await signer.signTransaction(transaction).catch((thrown: Error) => thrown);
  const text = JSON.stringify([error, (error as Error).message, String((error as Error).cause)]);
  expect(text).not.toContain(secret.slice(2));
  expect(text).not.toContain(token);
});

test('without Vault neither is a key made nor one opened', async () => {
  const none = { ...parts, vault: null };
  const made = vault.create({ id: 'a', ownerId: 'owner' }, none);
  await expect(made).rejects.toMatchObject({ code: 'custody-not-configured' });
  const key: VaultKey = { version: 1, path: 'a', address: '0x' };
  expect(() => vault.open(key, none)).toThrow(expect.objectContaining({ code: 'custody-not-configured' }));
});

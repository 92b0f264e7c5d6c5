import { parseTransaction, recoverTransactionAddress } from 'viem';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type KmsServer, setAwsCredentials, startKmsServer } from '../../../test/support/kms-server.ts';
import { connectKms } from '../connect-kms.ts';
import type { CustodyParts, KmsKey, UnsignedTransaction } from '../types.ts';
import { awsKms } from './aws-kms.ts';

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
let server: KmsServer;
let parts: CustodyParts;
let restore: () => void;

beforeAll(async () => {
  restore = setAwsCredentials();
  server = await startKmsServer();
  const kms = connectKms({ region: server.region, endpoint: server.url });
  parts = { kek: { id: 'none', key: new Uint8Array(32) }, kms, vault: null };
});
beforeEach(() => {
  server.intercept = null;
  server.calls.length = 0;
});
afterAll(async () => {
  restore();
  await server.stop();
});

const admit = (keyId?: string) => awsKms.create({ id: 'signer', ownerId: 'owner-1', keyId }, parts);
const transaction = (nonce: number): UnsignedTransaction => ({
  ...{ chainId: 1, nonce, to: null, value: 0n, data: '0x60016001', gas: 100_000n },
  ...{ type: 'eip1559', maxFeePerGas: 5n, maxPriorityFeePerGas: 1n },
});

test('a hundred transactions: every signature recovers to the address, each with a low s', async () => {
  const key = server.addKey({ 'slipway:owner': 'owner-1' });
  const stored = await admit(key.arn);
  expect(stored).toEqual({ version: 1, keyId: key.arn, address: key.address });
  const signer = awsKms.open(JSON.parse(JSON.stringify(stored)) as KmsKey, parts);
  const signed = [];
  for (let nonce = 0; nonce < 100; nonce += 1) signed.push(await signer.signTransaction(transaction(nonce)));
  for (const [nonce, { raw, hash }] of signed.entries()) {
    const serializedTransaction = raw as `0x02${string}`;
    expect(await recoverTransactionAddress({ serializedTransaction })).toBe(key.address);
    const { s, ...parsed } = parseTransaction(serializedTransaction);
    expect(BigInt(s ?? '0x0')).toBeLessThanOrEqual(halfOrder);
    expect(parsed).toMatchObject({ nonce, chainId: 1, data: '0x60016001', gas: 100_000n });
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
  }
  expect(new Set(signed.map(({ hash }) => hash)).size).toBe(100);
  expect(server.calls.filter(({ operation }) => operation === 'Sign')).toHaveLength(100);
});

test('legacy transactions are bound to their chain (EIP-155)', async () => {
  const key = server.addKey({ 'slipway:owner': 'owner-1' });
  const signer = awsKms.open(await admit(key.arn), parts);
  const {
    maxFeePerGas: _max,
    maxPriorityFeePerGas: _tip,
    ...common
  } = transaction(1) as never as Record<string, never>;
  for (let turn = 0; turn < 2; turn += 1) {
    const { raw } = await signer.signTransaction({ ...common, type: 'legacy', gasPrice: 7n } as never);
    expect(parseTransaction(raw)).toMatchObject({ type: 'legacy', chainId: 1, gasPrice: 7n });
    const address = await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` });
    expect(address).toBe(key.address);
  }
});

test('tags are read to the last page', async () => {
  const key = server.addKey({ a: '1', b: '2', c: '3', d: '4', 'slipway:owner': 'owner-1' });
  expect(await admit(key.arn)).toMatchObject({ address: key.address });
});

test('an id in place of the ARN is kept as the ARN', async () => {
  const key = server.addKey({ 'slipway:owner': 'owner-1' });
  expect(await admit(key.arn.split('/').at(-1))).toMatchObject({ keyId: key.arn });
});

test.each([
  [
    'the key of somebody else',
    () => server.addKey({ 'slipway:owner': 'owner-2' }).arn,
    'kms-key-not-admitted',
    403,
  ],
  ['a key without the tag', () => server.addKey().arn, 'kms-key-not-admitted', 403],
  [
    'a key of another curve',
    () => server.addKey({ 'slipway:owner': 'owner-1' }, { spec: 'ECC_NIST_P256' }).arn,
    'kms-key-unsuitable',
    422,
  ],
  [
    'a key that encrypts',
    () => server.addKey({}, { usage: 'ENCRYPT_DECRYPT' }).arn,
    'kms-key-unsuitable',
    422,
  ],
  ['a key that is disabled', () => server.addKey({}, { enabled: false }).arn, 'kms-key-disabled', 409],
  ['a key that is not there', () => 'alias/none', 'kms-key-not-found', 422],
  ['no key', () => undefined, 'kms-key-needed', 422],
])('%s is refused', async (_what, keyId, code, status) => {
  await expect(admit(keyId())).rejects.toMatchObject({ code, status });
});

test('without KMS neither is a key admitted nor one opened', async () => {
  const none = { ...parts, kms: null };
  const key = { id: 'signer', ownerId: 'owner-1', keyId: 'alias/a' };
  await expect(awsKms.create(key, none)).rejects.toMatchObject({ code: 'custody-not-configured' });
  const stored: KmsKey = { version: 1, keyId: 'arn', address: '0x' };
  expect(() => awsKms.open(stored, none)).toThrow(
    expect.objectContaining({ code: 'custody-not-configured' }),
  );
});

test('what AWS says of a refusal is not told to everybody', async () => {
  const key = server.addKey({ 'slipway:owner': 'owner-1' });
  const message = 'User: arn:aws:sts::999988887777:assumed-role/ops is not authorized';
  server.intercept = () => ({ status: 400, type: 'AccessDeniedException', message });
  const refused = await admit(key.arn).catch((error: Error) => error);
  expect(refused).toMatchObject({ code: 'kms-denied' });
  expect(JSON.stringify([(refused as Error).message, refused])).not.toContain('999988887777');
});

test.each([
  ['throttling', { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' }],
  ['an error of the service', { status: 500, type: 'KMSInternalException', message: 'internal' }],
  ['a time-out of what is behind', { status: 503, type: 'DependencyTimeoutException', message: 'slow' }],
])('%s passes when it passes, and may be tried again when it does not', async (_what, failure) => {
  const key = server.addKey({ 'slipway:owner': 'owner-1' });
  const signer = awsKms.open(await admit(key.arn), parts);
  let left = 1;
  server.intercept = () => (left-- > 0 ? failure : undefined);
  expect((await signer.signTransaction(transaction(1))).raw).toMatch(/^0x02/);
  server.intercept = () => failure;
  await expect(signer.signTransaction(transaction(2))).rejects.toMatchObject({
    code: 'kms-unavailable',
    retryable: true,
  });
});

test('silence ends after some seconds', async () => {
  const key = server.addKey({ 'slipway:owner': 'owner-1' });
  const signer = awsKms.open(await admit(key.arn), parts);
  server.intercept = () => 'silence';
  const begun = performance.now();
  await expect(signer.signTransaction(transaction(1))).rejects.toMatchObject({ code: 'kms-unavailable' });
  expect(performance.now() - begun).toBeLessThan(8_000);
}, 15_000);

test('the signature of another key is found out before anything leaves', async () => {
  const mine = server.addKey({ 'slipway:owner': 'owner-1' });
  const other = server.addKey({ 'slipway:owner': 'owner-1' });
  const stored = await admit(mine.arn);
  const signer = awsKms.open({ ...(stored as KmsKey), keyId: other.arn }, parts);
  await expect(signer.signTransaction(transaction(1))).rejects.toMatchObject({ code: 'kms-signature-wrong' });
});

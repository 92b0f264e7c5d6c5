import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type KmsServer, setAwsCredentials, startKmsServer } from '../../test/support/kms-server.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import { startVaultServer, type VaultServer } from '../../test/support/vault-server.ts';
import { connectKms } from '../chain/connect-kms.ts';
import { connectVault } from '../chain/connect-vault.ts';
import { type Config, readConfig } from '../ops/config.ts';
import type { Store } from '../store/db.ts';
import { openMasterKey } from './open-master-key.ts';

let kms: KmsServer;
let vault: VaultServer;
let store: Store;
let close: () => Promise<void>;
let restore: () => void;
const directory = mkdtempSync(join(tmpdir(), 'slipway-master-'));

beforeAll(async () => {
  restore = setAwsCredentials();
  kms = await startKmsServer();
  vault = await startVaultServer();
});
beforeEach(async () => {
  await close?.();
  ({ store, close } = await testStore());
  kms.intercept = null;
});
afterAll(async () => {
  await close();
  restore();
  await Promise.all([kms.stop(), vault.stop()]);
  rmSync(directory, { recursive: true });
});

const settings = { SLIPWAY_DATA: directory };
const sources: [string, () => string][] = [
  ['AWS KMS', () => `aws-kms:${kms.addKey({}, { spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT' }).arn}`],
  ['Vault', () => 'vault:slipway'],
];

/** As a process that starts: with clients of its own. */
function open(source: string | null, change: Partial<Config> = {}): Promise<Uint8Array> {
  const config = readConfig(
    { ...settings, ...(source ? { SLIPWAY_MASTER_KEY_SOURCE: source } : {}) },
    directory,
  );
  return openMasterKey({
    config: { ...config, ...change },
    store,
    kms: connectKms({ region: kms.region, endpoint: kms.url }),
    vault: connectVault({ address: vault.url, token: () => vault.token, mount: 'secret' }),
  });
}

async function kept(): Promise<string> {
  const { rows } = await sql<{
    value: unknown;
  }>`select value from service_settings where key = 'master-key'`.execute(store.read);
  return JSON.stringify(rows);
}

describe.each(sources)('%s', (_, sourceOf) => {
  test('makes the key at the first start, and gives the same ever after', async () => {
    const source = sourceOf();
    const key = await open(source);
    expect(key).toHaveLength(32);
    expect(await open(source)).toEqual(key);
    const row = await kept();
    for (const form of ['hex', 'base64'] as const) expect(row).not.toContain(Buffer.from(key).toString(form));
  });

  test('processes that start together have one key', async () => {
    const source = sourceOf();
    const keys = await Promise.all([1, 2, 3, 4].map(() => open(source)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  test('what was altered in the database does not open', async () => {
    const source = sourceOf();
    await open(source);
    await sql`update service_settings set value = jsonb_set(value, '{wrapped}', '"AAAA"')
      where key = 'master-key'`.execute(store.read);
    await expect(open(source)).rejects.toMatchObject({ code: expect.stringMatching(/-denied$/) });
  });

  test('another source, none, and one that comes too late are refused', async () => {
    const source = sourceOf();
    await open(source);
    const other = source.startsWith('vault:') ? 'vault:other' : 'aws-kms:alias/other';
    await expect(open(other)).rejects.toMatchObject({ code: 'master-key-source-changed' });
    await expect(open(null)).rejects.toMatchObject({ code: 'master-key-source-changed' });
    await sql`delete from service_settings where key = 'master-key'`.execute(store.read);
    const { ownerId } = await testOwner(store);
    await sql`insert into signing_keys (kid, algorithm, public_jwk, private_sealed)
      values (${ownerId}, 'EdDSA', '{}', '{}')`.execute(store.read);
    await expect(open(source)).rejects.toMatchObject({ code: 'master-key-source-late' });
    expect(await kept()).toBe('[]');
  });
});

test('while KMS is away nothing is kept, and the next start makes the key', async () => {
  const source = sources[0]?.[1]() ?? '';
  kms.intercept = () => ({ status: 400, type: 'ThrottlingException', message: 'Rate exceeded' });
  await expect(open(source)).rejects.toMatchObject({ code: 'kms-unavailable' });
  expect(await kept()).toBe('[]');
  kms.intercept = null;
  expect(await open(source)).toHaveLength(32);
});

test('without a source the key is that of the file, and a source without its settings is told of', async () => {
  const key = await open(null);
  expect(await open(null)).toEqual(key);
  const config = readConfig({ ...settings, SLIPWAY_MASTER_KEY_SOURCE: 'vault:slipway' }, directory);
  const opening = openMasterKey({ config, store, kms: null, vault: null });
  await expect(opening).rejects.toMatchObject({ code: 'master-key-source-unset' });
});

import { describe, expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { type Environment, readConfig } from './config.ts';

const cwd = '/srv/slipway';

describe('readConfig', () => {
  test('needs nothing to be set', () => {
    expect(readConfig({}, cwd)).toMatchObject({
      host: '127.0.0.1',
      port: 4280,
      portConflict: 'next',
      dataDir: '/srv/slipway/.slipway',
      databaseUrl: null,
      networks: {},
      registration: 'open',
      environment: 'local',
      leaseSeconds: 30,
      keyEncryptionKey: null,
      trustProxy: false,
      corsOrigins: [],
      warnings: [],
    });
  });

  test('private addresses that webhooks may call: none, all, or ranges', () => {
    const read = (text: string) => readConfig({ SLIPWAY_WEBHOOK_PRIVATE: text }, cwd).webhookPrivate;
    expect([read(''), read('false'), read('true')]).toEqual([false, false, true]);
    expect(read('10.0.0.0/8, fd00::/8')).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(() => read('10.0.0.0')).toThrow(
      '- SLIPWAY_WEBHOOK_PRIVATE (given: "10.0.0.0"): expected `true`, `false`, or ranges separated by commas, such as 10.0.0.0/8',
    );
  });

  test('what may be done with the key for Etherscan, which is not repeated when it is wrong', () => {
    expect(readConfig({}, cwd).etherscan).toEqual({
      apiKey: null,
      requestsPerSecond: 3,
      submissionsPerDay: 200,
    });
    const env = { SLIPWAY_ETHERSCAN_API_KEY: 'KEY12345', SLIPWAY_ETHERSCAN_PER_DAY: '5000' };
    expect(readConfig(env, cwd).etherscan).toMatchObject({ apiKey: 'KEY12345', submissionsPerDay: 5_000 });
    const wrong = () => readConfig({ SLIPWAY_ETHERSCAN_API_KEY: 'a key & more' }, cwd);
    expect(wrong).toThrow('- SLIPWAY_ETHERSCAN_API_KEY: expected an API key of etherscan.io');
    expect(wrong).not.toThrow(/a key & more/);
  });

  test('jobs are kept for at least a day', () => {
    const days = (text: string) => readConfig({ SLIPWAY_RETENTION_DAYS: text }, cwd).retentionDays;
    expect(readConfig({}, cwd).retentionDays).toBe(90);
    expect([days('1'), days('36500')]).toEqual([1, 36_500]);
    for (const text of ['0', '-1', '36501', '1.5', 'ever']) {
      expect(() => days(text)).toThrow(/SLIPWAY_RETENTION_DAYS .*whole days from 1 to 36500/);
    }
  });

  test('a port that was asked for is not swapped for another', () => {
    expect(readConfig({ PORT: '5000' }, cwd).portConflict).toBe('fail');
    expect(readConfig({ PORT: '5000', SLIPWAY_PORT_CONFLICT: 'next' }, cwd).portConflict).toBe('next');
  });

  test('an empty variable counts as not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '', SLIPWAY_NETWORKS: '' }, cwd)).toMatchObject({
      port: 4280,
      portConflict: 'next',
      databaseUrl: null,
    });
  });

  test('takes the key as hex and as base64', () => {
    const bytes = Buffer.alloc(32, 7);
    for (const text of [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]) {
      expect(readConfig({ SLIPWAY_KEY_ENCRYPTION_KEY: text }, cwd).keyEncryptionKey).toEqual(bytes);
    }
  });

  test('trusts proxies by yes, hops, or addresses', () => {
    const of = (text: string) => readConfig({ SLIPWAY_TRUST_PROXY: text }, cwd).trustProxy;
    expect([of('true'), of('2'), of('10.0.0.1, 10.0.0.2')]).toEqual([true, 2, ['10.0.0.1', '10.0.0.2']]);
  });

  test('lists every mistake at once and repeats no secret', () => {
    const error = failureOf({
      PORT: 'http',
      SLIPWAY_LEASE_SECONDS: '0',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      SLIPWAY_KEY_ENCRYPTION_KEY: 'hunter2',
      SLIPWAY_CORS_ORIGINS: 'https://a.example/path',
      SLIPWAY_RPC_SEPOLIA: 'hunter2.example',
      SLIPWAY_NETWORKS: '{"x":{"rpcUrls":[]}}',
    });
    expect(error.code).toBe('bad-settings');
    expect(error.message).not.toContain('hunter2');
    expect(error.message).toMatchInlineSnapshot(`
      "7 of the settings cannot be used:
      - PORT (given: "http"): expected a TCP port from 0 to 65535
      - DATABASE_URL: expected postgres://user:password@host:port/database
      - SLIPWAY_LEASE_SECONDS (given: "0"): expected whole seconds from 1 to 3600
      - SLIPWAY_KEY_ENCRYPTION_KEY: expected 32 bytes in hex or base64
      - SLIPWAY_CORS_ORIGINS (given: "https://a.example/path"): expected origins separated by commas, such as https://console.example.org (no path, no trailing slash)
      - SLIPWAY_NETWORKS at /x/rpcUrls: expected another value: Too small: expected array to have >=1 items
      - SLIPWAY_RPC_SEPOLIA: expected at most 10 http(s) addresses separated by commas, each with its limit behind it if it has one (\`https://… 25/s\`)"
    `);
  });

  test('warns about a name that is not a setting', () => {
    expect(readConfig({ SLIPWAY_PROT: '1', SLIPWAY_URL: 'http://x' }, cwd).warnings).toEqual([
      'SLIPWAY_PROT is not a setting of Slipway and is ignored.',
    ]);
  });
});

function failureOf(env: Environment): AppError {
  try {
    readConfig(env, cwd);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

test('Vault takes a token, or a file that is read for each call, and not both', () => {
  const address = { SLIPWAY_VAULT_ADDR: 'https://vault.example' };
  expect(readConfig({}, cwd).vault).toBeNull();
  const { vault } = readConfig({ ...address, SLIPWAY_VAULT_TOKEN: 'hvs.secret' }, cwd);
  expect(vault).toMatchObject({ address: 'https://vault.example', mount: 'secret' });
  expect(vault?.token()).toBe('hvs.secret');
  const both = { SLIPWAY_VAULT_TOKEN: 'hvs.secret', SLIPWAY_VAULT_TOKEN_FILE: 'token' };
  for (const wrong of [{}, both]) {
    let said = '';
    try {
      readConfig({ ...address, ...wrong }, cwd);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toContain('SLIPWAY_VAULT_TOKEN_FILE');
    expect(said).not.toContain('hvs.secret');
  }
});

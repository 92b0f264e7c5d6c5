import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadMasterKey } from './master-key.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('makes a private file once and gives the same key ever after', () => {
  const first = loadMasterKey({ dataDir, keyEncryptionKey: null });
  expect(first).toHaveLength(32);
  expect(loadMasterKey({ dataDir, keyEncryptionKey: null })).toEqual(first);
  expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(['master.key']);
});

test('prefers the key of the environment and then makes no file', () => {
  const key = new Uint8Array(32).fill(1);
  expect(loadMasterKey({ dataDir, keyEncryptionKey: key })).toBe(key);
  expect(readdirSync(dataDir)).toEqual([]);
});

test('refuses a damaged file instead of replacing it', () => {
  writeFileSync(join(dataDir, 'master.key'), 'short');
  expect(() => loadMasterKey({ dataDir, keyEncryptionKey: null })).toThrow('does not hold a key of 32 bytes');
});

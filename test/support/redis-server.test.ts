import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { findRedis, startRedis } from './redis-server.ts';

test('where there is no redis-server none is found', () => {
  expect(findRedis('')).toBeNull();
  expect(findRedis(`${tmpdir()}/nowhere:${import.meta.dirname}`)).toBeNull();
});

test('Redis comes back empty at the same address, and forgets when it is told to', async () => {
  const program = findRedis(process.env['PATH'] ?? '');
  if (!program) {
    console.error('NOT RUN: there is no redis-server on the PATH.');
    expect(process.env['CI'], 'this machine has to have every part').not.toBe('true');
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), 'slipway-redis-'));
  const redis = await startRedis({ program, dir });
  const client = new Redis(redis.url, { retryStrategy: () => 20 });
  client.on('error', () => {});
  try {
    await client.set('key', 'value');
    expect(await redis.flush()).toBe(true);
    expect(await client.get('key')).toBeNull();
    await client.set('key', 'value');
    expect(await redis.kill()).toBe(true);
    expect(await redis.kill()).toBe(false);
    expect(await redis.flush()).toBe(false);
    await redis.start();
    await redis.start();
    expect(await client.get('key')).toBeNull();
  } finally {
    client.disconnect();
    await redis.kill();
    rmSync(dir, { recursive: true, force: true });
  }
});

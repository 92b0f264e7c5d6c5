import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTicks, stopProcess } from '../ops/processes.ts';
import { findHolder, lockDataDirectory } from './data-lock.ts';

let dataDir: string;
const now = new Date('2026-01-02T03:04:05Z');
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('one process at a time holds a data directory', () => {
  const lock = lockDataDirectory({ dataDir, now });
  expect(findHolder(dataDir)?.pid).toBe(process.pid);
  expect(() => lockDataDirectory({ dataDir, now })).toThrow(
    `The process ${process.pid} already runs Slipway on ${dataDir} (since 2026-01-02T03:04:05.000Z).`,
  );
  lock.release();
  expect(findHolder(dataDir)).toBeNull();
  lockDataDirectory({ dataDir, now }).release();
  expect(readdirSync(dataDir)).toEqual([]);
});

test('the lock of a dead process is taken over, also when its pid was given to another', async () => {
  const other = spawn('sleep', ['60']);
  const pid = other.pid ?? 0;
  const since = now.toISOString();
  const write = (ticks: string | null) =>
    writeFileSync(join(dataDir, 'server.lock'), JSON.stringify({ pid, startTicks: ticks, since }));

  write(startTicks(pid));
  expect(() => lockDataDirectory({ dataDir, now })).toThrow('already runs Slipway');
  write('1');
  lockDataDirectory({ dataDir, now }).release();
  write(startTicks(pid));
  await stopProcess(pid, [['SIGKILL', 2_000]]);
  lockDataDirectory({ dataDir, now }).release();
});

test('a lock file cut short is taken over', () => {
  writeFileSync(join(dataDir, 'server.lock'), '{"pid":');
  lockDataDirectory({ dataDir, now }).release();
});

test('a process that is killed leaves no hold', async () => {
  const script = `const { lockDataDirectory } = await import(${JSON.stringify(join(import.meta.dirname, 'data-lock.ts'))});
    lockDataDirectory({ dataDir: process.argv[1], now: new Date() });
    console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(() => lockDataDirectory({ dataDir, now })).toThrow('already runs Slipway');
  await stopProcess(child.pid ?? 0, [['SIGKILL', 2_000]]);
  lockDataDirectory({ dataDir, now }).release();
});

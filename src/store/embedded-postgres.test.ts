import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive, stopProcess, waitForExit } from '../ops/processes.ts';
import { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { packageRoot } from './embedded-postgres-binaries.ts';

let root: string;
let dataDir: string;
const running: EmbeddedPostgres[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-pg-'));
  chmodSync(root, 0o755);
  dataDir = join(root, 'clone', '.slipway');
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  rmSync(root, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  const server = await startEmbeddedPostgres({ dataDir, ...options });
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

async function insert(url: string, value: number) {
  await query(url, `create table if not exists kept (n int); insert into kept values (${value})`);
}

const kept = async (url: string) => (await query(url, 'select n from kept order by n')).flat();

describe('the embedded PostgreSQL', () => {
  test('starts with nothing there, stops, and has its rows when it starts again', async () => {
    const first = await start();
    expect(first).toMatchObject({ created: true, adopted: false });
    expect(await query(first.url, 'show fsync')).toEqual([['on']]);
    expect(await query(first.url, 'show synchronous_commit')).toEqual([['on']]);
    expect(await query(first.url, 'show server_encoding')).toEqual([['UTF8']]);
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    await insert(first.url, 1);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    expect(findEmbeddedPostgres({ dataDir })).toBeNull();

    const second = await start();
    expect(second).toMatchObject({ created: false, adopted: false });
    expect(await kept(second.url)).toEqual([1]);
    expect(findEmbeddedPostgres({ dataDir })).toEqual({ url: second.url, pid: second.pid });
  });

  test('lets nobody in without the password', async () => {
    const server = await start();
    const url = new URL(server.url);
    url.password = 'guess';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('comes back by itself, at the same address and with every acknowledged row, after kill -9', async () => {
    const server = await start();
    await insert(server.url, 1);
    const before = server.pid;
    process.kill(before, 'SIGKILL');
    while (server.pid === before) await wait(20);
    expect(await kept(server.url)).toEqual([1]);
  });

  test('takes over the server that a killed process left', async () => {
    const left = await startInProcessAndKill();
    const server = await start();
    expect(server).toMatchObject({ pid: left, adopted: true });
    expect(await kept(server.url)).toEqual([7]);
    await server.stop();
    expect(isAlive(left)).toBe(false);
  });

  test('recovers when the server was killed as well', async () => {
    const left = await startInProcessAndKill();
    process.kill(left, 'SIGKILL');
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(await kept(server.url)).toEqual([7]);
  });

  test('is not fooled by a pid file whose number belongs to another program now', async () => {
    await (await start()).stop();
    const other = spawn('sleep', ['60']);
    try {
      const lines = [other.pid, join(dataDir, 'postgres'), 1, 5432, '', '127.0.0.1', '', 'ready'];
      writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), lines.join('\n'));
      // The server's socket has a lock of the same kind, for the port that will be taken again.
      const { port } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { port: number };
      for (const name of [`.s.PGSQL.${port}`, `.s.PGSQL.${port}.lock`])
        writeFileSync(join(dataDir, 'postgres', name), `${lines.join('\n')}\n`);
      const server = await start();
      expect(server.adopted).toBe(false);
      expect(isAlive(other.pid ?? 0)).toBe(true);
      expect(server.url).toContain('?host=');
    } finally {
      await end(other);
    }
  });

  test('starts cleanly after starts that were killed half-way', async () => {
    for (const ms of [100, 200, 350, 500]) {
      const child = spawnStarter();
      await wait(ms);
      child.kill('SIGKILL');
      await waitForExit(child.pid ?? 0, 5_000);
    }
    const server = await start();
    expect(await query(server.url, 'select 1')).toEqual([[1]]);
    await server.stop();
    // An initdb whose starter was killed works on for a moment; what it left is cleared by a later start.
    do await (await start()).stop();
    while (readdirSync(dataDir).some((name) => name.includes('.making-')));
  });

  test('gives the database a new password when the file that held it is lost', async () => {
    const first = await start();
    await insert(first.url, 1);
    await first.stop();
    rmSync(join(dataDir, 'postgres.json'));
    const second = await start();
    expect(second.url).not.toBe(first.url);
    expect(await kept(second.url)).toEqual([1]);
  });

  test('works in a clone that only its owner may enter', async () => {
    const clone = join(root, 'private');
    mkdirSync(clone);
    chmodSync(clone, 0o700);
    dataDir = join(clone, '.slipway');
    const copy = join(clone, 'node_modules', 'package');
    cpSync(packageRoot(), copy, { recursive: true, verbatimSymlinks: true });
    const elsewhere = join(root, 'elsewhere');
    const first = await start({ packageRoot: copy, elsewhere });
    await insert(first.url, 3);
    await first.stop();
    const second = await start({ packageRoot: copy, elsewhere });
    expect(second.created).toBe(false);
    expect(await kept(second.url)).toEqual([3]);
  });

  test('says which version wrote data that it cannot read', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toMatchObject({ code: 'embedded-postgres-version' });
  });

  test('tells why it did not start', async () => {
    await expect(start({ settings: { no_such_setting: '1' } })).rejects.toMatchObject({
      code: 'embedded-postgres-start-failed',
      message: expect.stringContaining('unrecognized configuration parameter "no_such_setting"'),
    });
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toContain('no_such_setting');
  });
});

/** Runs the start in a process of its own, stores a 7, kills that process. @returns the pid of the server it left */
async function startInProcessAndKill(): Promise<number> {
  const child = spawnStarter();
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const { url, pid } = JSON.parse(text) as { url: string; pid: number };
  await insert(url, 7);
  child.kill('SIGKILL');
  await waitForExit(child.pid ?? 0, 5_000);
  return pid;
}

/** A process of its own that starts the server and prints how to reach it. */
function spawnStarter() {
  const module = pathToFileURL(join(import.meta.dirname, 'embedded-postgres.ts')).href;
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1] });
    console.log(JSON.stringify({ url: server.url, pid: server.pid }));
    setInterval(() => {}, 1000);`;
  const words = ['--input-type=module', '-e', script, dataDir];
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function end(child: ChildProcess) {
  await stopProcess(child.pid ?? 0, [['SIGKILL', 2_000]]);
}

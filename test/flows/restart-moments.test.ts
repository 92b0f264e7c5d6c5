import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { findEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { readCreations } from '../crash/parts/chain-ledger.ts';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { type RpcProxy, startRpcProxy } from '../support/rpc-proxy.ts';
import {
  endEmbeddedParts,
  findEmbeddedParts,
  makeDataDir,
  type RunningServer,
  spawnServer,
  startServer,
} from '../support/server.ts';

// Each test starts real servers, two or three of them, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let dataDir: string;
let anvil: Anvil;
let proxy: RpcProxy;
let server: RunningServer | undefined;

beforeAll(async () => {
  dataDir = makeDataDir();
  anvil = await startAnvil();
  proxy = await startRpcProxy(() => anvil.url);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  proxy.intercept = async (_method, forward) => ({ body: await forward() });
});
afterAll(async () => {
  await endEmbeddedParts(dataDir);
  await proxy.stop();
  await anvil.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The chain is ours, behind a proxy that can stop the clock between two steps. */
async function start(): Promise<RunningServer> {
  server = await startServer({ dataDir, env: { SLIPWAY_LEASE_SECONDS: '1', SLIPWAY_RPC_LOCAL: proxy.url } });
  return server;
}

/** Sources of its own, so that they are compiled and not found. */
async function ship(running: RunningServer, value: number): Promise<string> {
  const source = `// SPDX-License-Identifier: MIT
// ${value}
pragma solidity ^0.8.20;
contract Box { uint256 public value; constructor(uint256 given) { value = given; } }`;
  const { body } = await running.send('POST /api/v1/pipelines', {
    body: {
      compile: { sources: { 'Box.sol': source } },
      deploy: { network: 'local', constructorArgs: [value] },
    },
  });
  return body.id;
}

/** @returns the pipeline when it is finished */
async function finished(running: RunningServer, id: string) {
  for (;;) {
    const { body } = await running.send(`GET /api/v1/pipelines/${id}`);
    if (body.state !== 'queued' && body.state !== 'running') return body;
    await wait(50);
  }
}

async function creationsOf(value: number) {
  const argument = value.toString(16).padStart(64, '0');
  return (await readCreations(anvil.url)).filter(({ input }) => input.endsWith(argument));
}

async function expectOne(value: number, id: string): Promise<void> {
  const running = await start();
  const pipeline = await finished(running, id);
  expect(pipeline).toMatchObject({ state: 'succeeded', result: { deployment: { status: 'confirmed' } } });
  const creations = await creationsOf(value);
  expect(creations).toMatchObject([{ succeeded: true, hasCode: true }]);
  expect(pipeline.result.deployment).toMatchObject({ transactionHash: creations[0]?.hash });
}

describe('a server that is killed', () => {
  test('after signing and before sending sends the signed bytes later', async () => {
    const running = await start();
    const held = Promise.withResolvers<void>();
    proxy.intercept = async (method, forward) => {
      if (method !== 'eth_sendRawTransaction') return { body: await forward() };
      held.resolve();
      return 'silence';
    };
    const id = await ship(running, 7_001);
    await held.promise;
    const { body } = await running.send(`GET /api/v1/pipelines/${id}`);
    await running.kill('SIGKILL');
    expect(await creationsOf(7_001)).toEqual([]);

    proxy.intercept = async (_method, forward) => ({ body: await forward() });
    await expectOne(7_001, id);
    const { body: after } = await (server as RunningServer).send(
      `GET /api/v1/deployments/${body.result.deployment?.id}`,
    );
    expect(after.nonce).toBe(body.result.deployment?.nonce);
  });

  test('after the chain has mined and before that is written down finds its own transaction', async () => {
    const running = await start();
    const mined = Promise.withResolvers<void>();
    proxy.intercept = async (method, forward) => {
      const body = await forward();
      if (method !== 'eth_sendRawTransaction') return { body };
      mined.resolve();
      return 'silence';
    };
    const id = await ship(running, 7_002);
    await mined.promise;
    await running.kill('SIGKILL');
    expect(await creationsOf(7_002)).toHaveLength(1);

    proxy.intercept = async (_method, forward) => ({ body: await forward() });
    await expectOne(7_002, id);
  });

  test('in the middle of the step from one stage to the next takes that step once', async () => {
    let id: string;
    const running = await start();
    const url = findEmbeddedPostgres({ dataDir })?.url;
    const client = new pg.Client({ connectionString: url });
    const watcher = new pg.Client({ connectionString: url });
    await Promise.all([client.connect(), watcher.connect()]);
    try {
      id = await ship(running, 7_003);
      // Whoever ends the compile job now writes its end and then waits for us, inside of its transaction.
      await client.query('begin');
      await client.query('select 1 from pipelines where id = $1 for update', [id]);
      await untilWaitedFor(client, watcher);
      await running.kill('SIGKILL');
      await client.query('rollback');
    } finally {
      await Promise.all([client.end(), watcher.end()]);
    }
    await expectOne(7_003, id);
    const { body } = await (server as RunningServer).send('GET /api/v1/jobs?limit=100');
    const jobs = body.items.filter(({ pipelineId }) => pipelineId === id);
    expect(jobs.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'audit succeeded',
      'compile succeeded',
      'deploy succeeded',
    ]);
  });
});

/**
 * Waits until a session waits for a lock that `holder` has.
 *
 * @param watcher in no transaction: inside of one PostgreSQL lists the sessions that there were at the first look, and
 *   the one that waits may have been opened since
 * @throws with what all sessions do, when none waits
 */
async function untilWaitedFor(holder: pg.Client, watcher: pg.Client): Promise<void> {
  const { rows: own } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  for (let tries = 0; tries < 4_000; tries += 1) {
    const { rows } = await watcher.query(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and $1 = any(pg_blocking_pids(pid))",
      [own[0]?.pid],
    );
    if (rows.length > 0) return;
    await wait(5);
  }
  const { rows } = await watcher.query(
    "select state, wait_event, left(query, 80) as query from pg_stat_activity where backend_type = 'client backend'",
  );
  throw new Error(`nobody waits: ${JSON.stringify(rows)}`);
}

describe('a first start that is killed', () => {
  test('while it makes the database, and again while it migrates, leaves nothing in the way', async () => {
    const fresh = makeDataDir();
    try {
      await killWhen(fresh, () => readdirSync(fresh).some((name) => name.startsWith('postgres.making-')));
      await killWhen(fresh, () => existsSync(join(fresh, 'postgres/postmaster.pid')));
      // The database answers now, so this one dies within its first statements.
      await killWhen(fresh, () => (findEmbeddedPostgres({ dataDir: fresh })?.pid ?? 0) > 0);
      const first = await startServer({ dataDir: fresh });
      try {
        expect((await first.send('GET /readyz')).status).toBe(200);
        expect((await first.send('GET /api/v1/auth/me')).status).toBe(200);
        expect(findEmbeddedParts(fresh)).toEqual({
          postgres: [expect.any(Number)],
          anvil: [expect.any(Number)],
        });
        expect(readdirSync(fresh).filter((name) => /making|\.tmp/.test(name))).toEqual([]);
      } finally {
        await first.stop();
      }
    } finally {
      await endEmbeddedParts(fresh);
      rmSync(fresh, { recursive: true, force: true });
    }
  });
});

/** Starts a server and kills it at the moment that `isNow` sees. */
async function killWhen(dir: string, isNow: () => boolean): Promise<void> {
  const half = spawnServer({ dataDir: dir });
  while (!isNow()) await wait(1);
  expect(await half.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
}

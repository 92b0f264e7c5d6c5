import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type QueueWorld, startQueueWorld } from '../../../test/support/queue-world.ts';
import { findRedis, type RedisServer, startRedis } from '../../../test/support/redis-server.ts';
import { testOwner } from '../../../test/support/store.ts';
import { sleep } from '../../lib/retry.ts';
import { appendEvent } from '../../store/events.ts';
import type { Ownership } from '../../store/generations.ts';
import { type EngineName, engines } from './index.ts';

const redisProgram = findRedis(process.env['PATH'] ?? '');
const present = (Object.keys(engines) as EngineName[]).filter((name) => name !== 'redis' || redisProgram);

test('every engine is here to be tested', () => {
  if (!redisProgram) console.error('NOT RUN: the engine redis, as there is no redis-server on the PATH.');
  if (process.env['CI'] === 'true') expect(present).toEqual(Object.keys(engines));
});

/** What every engine must do, and nothing that only one of them does. Workers do not poll here: who is not woken sleeps. */
describe.each(present)('the engine %s', (engine) => {
  let world: QueueWorld;
  let redis: RedisServer | null = null;
  let directory: string;
  let owner: Ownership;
  const done = async () => ({ state: 'succeeded' as const });

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-engine-'));
    if (engine === 'redis') redis = await startRedis({ program: redisProgram ?? '', dir: directory });
    world = await startQueueWorld(engine, redis?.url ?? null);
    owner = await unlimitedOwner();
  });
  afterEach(() => world.clear());
  afterAll(async () => {
    await world.close();
    await redis?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  async function unlimitedOwner(): Promise<Ownership> {
    return ownerOf('enterprise');
  }
  async function ownerOf(tier: 'free' | 'enterprise'): Promise<Ownership> {
    const made = await testOwner(world.store);
    await world.store.read.updateTable('owners').set({ tier }).where('id', '=', made.ownerId).execute();
    return made;
  }
  const finished = (id: string, of = owner) => world.until(of.ownerId, id, 'succeeded');
  const asleep = () => sleep(300);

  /** Counts the wake-ups that go by NOTIFY. */
  async function countNotifications(): Promise<{ count(): number; stop(): Promise<void> }> {
    const client = new pg.Client({ connectionString: world.url });
    let count = 0;
    client.on('notification', () => {
      count += 1;
    });
    await client.connect();
    await client.query('listen slipway');
    return { count: () => count, stop: () => client.end() };
  }

  /** Takes away what carries the wake-ups for a moment. */
  async function interrupt(): Promise<void> {
    if (redis) {
      await redis.kill();
      await redis.start();
      return;
    }
    const client = new pg.Client({ connectionString: world.url });
    await client.connect();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = current_database()`,
    );
    await client.end();
  }

  test('wakes a worker in another process', async () => {
    await world.work(done);
    await asleep();
    const id = await world.enqueue(owner);
    await finished(id);
    expect(await world.eventTypes(owner.ownerId, id)).toEqual(['queued', 'started', 'succeeded']);
  });

  test('two workers share two hundred jobs and none runs twice', async () => {
    const runs = new Map<string, number>();
    const count = async (job: { id: string }) => {
      runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
      return { state: 'succeeded' as const };
    };
    await world.work(count);
    await world.work(count);
    const ids = await Promise.all(Array.from({ length: 200 }, () => world.enqueue(owner)));
    for (const id of ids) await finished(id);
    expect([...runs.values()].every((one) => one === 1)).toBe(true);
    expect(runs.size).toBe(200);
  });

  test('what one worker cannot take goes to the others', async () => {
    const hold = new AbortController();
    const wait = async () => {
      await sleep(60_000, hold.signal).catch(() => {});
      return { state: 'succeeded' as const };
    };
    const workers = [await world.work(wait), await world.work(wait), await world.work(wait)];
    await asleep();
    await Promise.all(Array.from({ length: 12 }, () => world.enqueue(owner)));
    for (let tries = 0; workers.some((worker) => worker.inFlight() < 4); tries += 1) {
      if (tries > 500) throw new Error(`in hand: ${workers.map((worker) => worker.inFlight())}`);
      await sleep(10);
    }
    hold.abort();
  });

  test('a worker that offers one kind takes no other, and does not keep others from theirs', async () => {
    await world.work(done, { kinds: ['audit'] });
    await asleep();
    const compile = await world.enqueue(owner);
    // A wake-up that nobody can follow must not go round and round.
    await sleep(200);
    const notifications = await countNotifications();
    const before = world.transactions();
    await sleep(500);
    expect(world.transactions() - before + notifications.count()).toBeLessThan(10);
    await notifications.stop();
    const audit = await world.enqueue(owner, { kind: 'audit' });
    await finished(audit);
    await world.work(done, { kinds: ['compile'] });
    await finished(compile);
  });

  test('deliveries and work do not wait for each other', async () => {
    const hold = new AbortController();
    await world.work(
      async () => {
        await sleep(60_000, hold.signal).catch(() => {});
        return { state: 'succeeded' };
      },
      { lane: 'delivery', kinds: ['webhook'] },
    );
    await world.work(done);
    await asleep();
    await Promise.all(Array.from({ length: 8 }, () => world.enqueue(owner, { kind: 'webhook' })));
    await finished(await world.enqueue(owner));
    hold.abort();
  });

  test('a new owner is next, however much another has queued', async () => {
    const other = await unlimitedOwner();
    const order: string[] = [];
    for (let at = 0; at < 100; at += 1) await world.enqueue(owner);
    const late = await world.enqueue(other);
    const another = await world.enqueue(owner, { kind: 'audit' });
    await world.work(
      async (job) => {
        order.push(job.id);
        return { state: 'succeeded' };
      },
      { kinds: ['compile', 'audit'], concurrency: 1 },
    );
    await finished(late, other);
    await finished(another);
    expect(order.indexOf(late)).toBeLessThan(4);
    expect(order.indexOf(another)).toBeLessThan(4);
  });

  test('no owner has more jobs running at a time than the tier allows, over all processes', async () => {
    const free = await ownerOf('free');
    let running = 0;
    let most = 0;
    const count = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(20);
      running -= 1;
      return { state: 'succeeded' as const };
    };
    for (let at = 0; at < 3; at += 1) await world.work(count);
    const ids = await Promise.all(Array.from({ length: 30 }, () => world.enqueue(free)));
    for (const id of ids) await finished(id, free);
    expect(most).toBe(2);
  });

  test('an owner at its limit holds nobody up', async () => {
    const free = await ownerOf('free');
    const hold = new AbortController();
    const ids = await Promise.all(Array.from({ length: 40 }, () => world.enqueue(free)));
    const later = await world.enqueue(owner);
    await world.work(async (job) => {
      if (job.ownerId === free.ownerId) await sleep(60_000, hold.signal).catch(() => {});
      return { state: 'succeeded' };
    });
    await finished(later);
    hold.abort();
    for (const id of ids) await finished(id, free);
  });

  test('a job that waits gives its place back and is resumed when its time comes', async () => {
    let runs = 0;
    await world.work(
      async (job) => {
        runs += 1;
        return job.resumed
          ? { state: 'succeeded' }
          : { state: 'waiting', afterMs: 100, stage: 'for a block' };
      },
      { concurrency: 1, pollMs: 50 },
    );
    const id = await world.enqueue(owner);
    await finished(id);
    expect(runs).toBe(2);
    expect(await world.eventTypes(owner.ownerId, id)).toEqual([
      'queued',
      'started',
      'waiting',
      'resumed',
      'succeeded',
    ]);
  });

  test('a worker that stops hands back what it has, and another is woken for it', async () => {
    const first = await world.work(async (_, { signal }) => {
      await sleep(60_000, signal);
      return { state: 'succeeded' };
    });
    const id = await world.enqueue(owner);
    await world.until(owner.ownerId, id, 'running');
    await world.work(done);
    await asleep();
    await first.stop(50);
    await finished(id);
    expect(await world.eventTypes(owner.ownerId, id)).toEqual([
      'queued',
      'started',
      'handed-back',
      'started',
      'succeeded',
    ]);
  });

  test('a cancel reaches the worker, and its result is dropped', async () => {
    await world.work(async (_, { signal }) => {
      await sleep(60_000, signal);
      return { state: 'succeeded' };
    });
    const id = await world.enqueue(owner);
    await world.until(owner.ownerId, id, 'running');
    await world.store.transaction(async (tx) => {
      await tx.sql
        .updateTable('jobs')
        .set({ cancel_requested_at: new Date() })
        .where('id', '=', id)
        .execute();
      await appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'cancel-requested', data: {} });
    });
    await world.until(owner.ownerId, id, 'cancelled');
  });

  test('a job of a worker that fell silent is run by another, once', async () => {
    const silent = await world.work(async () => ({ state: 'succeeded' }), { concurrency: 1 });
    await silent.stop(0);
    const id = await world.enqueue(owner);
    await world.store.read
      .updateTable('jobs')
      .set({
        state: 'running',
        fence: 1,
        lease_owner: silent.name,
        lease_expires_at: new Date(0),
        lease_seconds: 1,
      })
      .where('id', '=', id)
      .execute();
    await world.work(done, { leaseSeconds: 1 });
    await finished(id);
    expect(await world.eventTypes(owner.ownerId, id)).toEqual([
      'queued',
      'lease-lost',
      'started',
      'succeeded',
    ]);
  });

  test('an interruption loses no job and repeats none', async () => {
    const runs = new Map<string, number>();
    await world.work(
      async (job) => {
        runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
        await sleep(5);
        return { state: 'succeeded' };
      },
      { pollMs: 200 },
    );
    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const posting = Promise.all(Array.from({ length: 30 }, () => world.enqueue(owner)));
      await interrupt();
      ids.push(...(await posting), await world.enqueue(owner));
    }
    for (const id of ids) await finished(id);
    expect([...runs.values()].filter((count) => count !== 1)).toEqual([]);
    expect(runs.size).toBe(ids.length);
  });

  test('afterwards wake-ups arrive as before', async () => {
    const worker = await world.work(done);
    await interrupt();
    for (let tries = 0; !(await worker.engine.health()).ok && tries < 100; tries += 1) await sleep(50);
    await sleep(1_500);
    await finished(await world.enqueue(owner));
  });
});

// Without a redis-server there is nothing that could go away; the test above has said so.
describe.each(present.filter((name) => name === 'redis'))('%s that is not there', () => {
  let world: QueueWorld;
  let redis: RedisServer;
  let directory: string;
  let owner: Ownership;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-engine-'));
    redis = await startRedis({ program: redisProgram ?? '', dir: directory });
    await redis.kill();
    world = await startQueueWorld('redis', redis.url);
    owner = await testOwner(world.store);
  });
  afterAll(async () => {
    await world.clear();
    await world.close();
    await redis.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  test('at the start, in between and later back: workers are woken all the time, and the engine says how it is', async () => {
    const worker = await world.work(async () => ({ state: 'succeeded' }));
    await sleep(300);
    const finish = async () => world.until(owner.ownerId, await world.enqueue(owner), 'succeeded');
    await finish();
    expect(await worker.engine.health()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('Redis is away'),
    });
    await redis.start();
    for (let tries = 0; !(await worker.engine.health()).ok; tries += 1) {
      if (tries > 200) throw new Error('the engine did not find Redis again');
      await sleep(50);
    }
    await finish();
    await redis.flush();
    await finish();
    await redis.kill();
    await finish();
  });

  test('keeps no process that stops meanwhile', async () => {
    await redis.kill();
    const script = `
      const { engines } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const signals = { onJobsDue: () => () => {}, passOn() {}, announceJobsBy() {} };
      const engine = engines.redis({ store: { signals }, url: ${JSON.stringify(redis.url)}, onError() {} });
      const seat = engine.join({ kinds: ['compile'], wake: () => true, looked: async () => {} });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await seat.leave();
      await engine.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const late = sleep(15_000).then(() => 'still there');
    const end = await Promise.race([ended, late]);
    child.kill('SIGKILL');
    expect(end).toBe(0);
  });
});

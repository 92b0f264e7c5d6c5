import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../../src/store/migrate.ts';
import { findRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import type { Engine } from '../frame.ts';
import { ask } from './ask.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { installLedger } from './job-ledger.ts';
import { type ProofDatabase, startProofDatabase } from './proof-database.ts';

/** Several processes of the platform with what they stand on, all in the hands of the proof. */
export interface PlatformUnderTest {
  fleet: Fleet;
  database: ProofDatabase;
  /** Null with the engine `postgres`. */
  redis: RedisServer | null;
  /** Of an account that no limit holds up. */
  apiKey: string;
  stop(): Promise<void>;
}

/** So short that a killed worker's jobs go on soon. */
export const leaseSeconds = 3;

/** Nobody listens there. Naming the local chain keeps servers from bringing one along, and these jobs need none. */
const noChain = 'http://127.0.0.1:9';

/** @param options.root directory of this proof alone; everything that is written lies below it */
export async function startPlatformUnderTest(options: {
  root: string;
  processes: number;
  engine: Engine;
  /** Processes that serve the API; half of them when absent. */
  apis?: number;
  /** As `SLIPWAY_NETWORKS` takes them. */
  networks?: Record<string, unknown>;
  note(message: string): void;
}): Promise<PlatformUnderTest> {
  const { root, processes, engine, note, apis, networks } = options;
  const ends: (() => Promise<unknown>)[] = [];
  async function stop(): Promise<void> {
    for (const end of ends.reverse()) await end();
  }
  try {
    const database = await startProofDatabase({ dataDir: join(root, 'database'), processes, note });
    ends.push(() => database.stop());
    const redis = engine === 'redis' ? await startOwnRedis(root) : null;
    if (redis) ends.push(() => redis.kill());
    await migrate({ url: database.url });
    await installLedger(database.query);
    const env: Record<string, string> = {
      DATABASE_URL: database.url,
      ...(redis ? { REDIS_URL: redis.url } : {}),
      SLIPWAY_RPC_LOCAL: noChain,
      ...(networks ? { SLIPWAY_NETWORKS: JSON.stringify(networks) } : {}),
      SLIPWAY_KEY_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      SLIPWAY_LEASE_SECONDS: String(leaseSeconds),
      // One compiler thread each: with more, the processes would fight over the machine.
      SLIPWAY_WORKERS: '1',
      SLIPWAY_LOG_LEVEL: 'warn',
      TMPDIR: root,
    };
    const fleet = createFleet({ root, processes, env, note, ...(apis === undefined ? {} : { apis }) });
    ends.push(() => fleet.stop());
    await fleet.start();
    return { fleet, database, redis, apiKey: await openAccount(fleet, database), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOwnRedis(root: string): Promise<RedisServer> {
  const program = findRedis(process.env['PATH'] ?? '');
  if (!program) throw new Error('there is no redis-server on the PATH');
  const dir = join(root, 'redis');
  mkdirSync(dir);
  return startRedis({ program, dir });
}

/** An access token would run out in the middle of a long proof: the account makes a key. @returns it */
async function openAccount(fleet: Fleet, database: ProofDatabase): Promise<string> {
  const url = fleet.url();
  if (url === null) throw new Error('no API process is up');
  const person = { email: 'proof@example.org', password: randomBytes(16).toString('hex') };
  const registered = await ask<{ tokens: { accessToken: string } }>(url, 'POST /api/v1/auth/register', {
    body: person,
  });
  if (registered.status !== 201) throw new Error(`no account: ${JSON.stringify(registered.body)}`);
  await database.query(`update owners set tier = 'enterprise'`);
  const made = await ask<{ key: string }>(url, 'POST /api/v1/api-keys', {
    key: registered.body.tokens.accessToken,
    body: { name: 'proof', scopes: ['*'] },
  });
  if (made.status !== 201) throw new Error(`no API key: ${JSON.stringify(made.body)}`);
  return made.body.key;
}

import { rmSync } from 'node:fs';
import type { issueAccessToken } from '../../src/actions/access-tokens.ts';
import { type Client, createClient } from '../../src/client/create-client.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { readConfig } from '../../src/ops/config.ts';
import { loadMasterKey } from '../../src/ops/master-key.ts';
import type { JobKind } from '../../src/queue/kinds.ts';
import { startService } from '../../src/service/start-service.ts';
import { openStore, type Store } from '../../src/store/db.ts';
import { testDatabase } from './database.ts';
import { goodPassword, type Received, type SendOptions, sender } from './http-server.ts';
import { makeDataDir } from './server.ts';

/** The whole platform in this process: API, workers, compiler and chain are real, the database is the test file's own. */
export interface TestPlatform {
  url: string;
  /** The same database, past everything that stands between it and the platform. */
  store: Store;
  /** What the platform signs its access tokens with. */
  keys: Parameters<typeof issueAccessToken>[0];
  /** Sends any JSON or text and reads JSON, for requests that the typed client would not make. */
  send(route: string, options?: SendOptions): Promise<Received>;
  /** Opens an account that no rate limit holds up. */
  register(): Promise<TestUser>;
  stop(): Promise<void>;
}

export interface TestUser {
  ownerId: string;
  accessToken: string;
  refreshToken: string;
  client: Client;
}

/**
 * Starts it. An account gets a development signer on the embedded chain, as everywhere.
 *
 * @param options.env further settings
 * @param options.between puts something between the platform and its database. @returns the address to use instead
 */
export async function startPlatform(
  options: {
    env?: Record<string, string>;
    between?: (url: string) => Promise<string>;
    /** False for an API without workers; or the kinds of jobs that they do. */
    worker?: boolean | JobKind[];
  } = {},
): Promise<TestPlatform> {
  const database = await testDatabase();
  const dataDir = makeDataDir();
  const env = {
    PORT: '0',
    PATH: process.env['PATH'],
    SLIPWAY_DATA: dataDir,
    SLIPWAY_LOG_LEVEL: 'silent',
    SLIPWAY_SOLC_LIST: 'off',
    DATABASE_URL: options.between ? await options.between(database.url) : database.url,
    ...options.env,
  };
  const config = readConfig(env, dataDir);
  const service = await startService(config, { api: true, worker: options.worker ?? true });
  const key = Buffer.from(loadMasterKey(config));
  const store = openStore({ url: database.url, connectionsMax: 4 });
  const url = service.url ?? '';
  const send = sender(url);
  let people = 0;
  return {
    url,
    store,
    keys: {
      store,
      keyEncryptionKey: { id: sha256Hex(key).slice(0, 16), key },
      settings: {
        registration: 'open',
        environment: 'local',
        issuer: 'slipway',
        leaseSeconds: 30,
        webhookPrivate: false,
        etherscan: { apiKey: null, requestsPerSecond: 3, submissionsPerDay: 200 },
      },
      log: service.log,
    },
    send,
    async register() {
      const body = { email: `person-${++people}@example.org`, password: goodPassword };
      const reply = await send('POST /api/v1/auth/register', { body });
      if (reply.status !== 201) throw new Error(`registration failed: ${JSON.stringify(reply.body)}`);
      const { accessToken, refreshToken } = reply.body.tokens;
      const client = createClient({ url, token: accessToken });
      const { ownerId } = await client.call('GET /api/v1/auth/me');
      await store.read.updateTable('owners').set({ tier: 'enterprise' }).where('id', '=', ownerId).execute();
      return { ownerId, accessToken, refreshToken, client };
    },
    async stop() {
      await service.stop();
      await store.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

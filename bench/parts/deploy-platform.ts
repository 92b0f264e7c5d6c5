import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Hex } from 'viem';
import { findEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { erc20 } from './compile-inputs.ts';
import { type Api, makeApi } from './http.ts';
import { type BenchServer, startServer } from './server.ts';

/** A platform with an ERC-20 that is ready to be deployed. */
export interface DeployPlatform {
  api: Api;
  database: pg.Client;
  server: BenchServer;
  buildId: string;
  /** Of the ERC-20, for whoever deploys it without the platform. */
  creation: Hex;
  stop(): Promise<void>;
}

/** What a caller asks for; the development signer on the embedded chain when absent. */
export interface Wanted {
  network?: string;
  signer?: string;
}

/** @param networks as `SLIPWAY_NETWORKS` has them */
export async function startDeployPlatform(networks?: Record<string, unknown>): Promise<DeployPlatform> {
  const settings = networks ? { SLIPWAY_NETWORKS: JSON.stringify(networks) } : {};
  const server = await startServer(settings as Record<string, string>);
  const api = makeApi(server);
  const database = new pg.Client({ connectionString: findEmbeddedPostgres(server)?.url ?? '' });
  await database.connect();
  const job = (await api.call('POST', '/api/v1/contracts/compile', erc20('deploy'), 60)) as {
    result: { build: { id: string; artifacts: { creationBytecode: Hex }[] } };
  };
  const { id, artifacts } = job.result.build;
  return {
    ...{ api: api.call, database, server, buildId: id, creation: artifacts[0]?.creationBytecode ?? '0x' },
    async stop() {
      await database.end();
      api.close();
      await server.stop();
    },
  };
}

/** Asks for a deployment. @returns its id */
export async function requestDeployment(
  { api, buildId }: DeployPlatform,
  wanted: Wanted = {},
  waitSeconds?: number,
): Promise<string> {
  const body = { buildId, network: 'local', ...wanted };
  const job = await api('POST', '/api/v1/contracts/deploy', body, waitSeconds);
  return (job as { subjectId: string }).subjectId;
}

/** Resolves when no deployment is open any more. */
export async function settled({ database }: DeployPlatform): Promise<void> {
  const end = performance.now() + 240_000;
  while (performance.now() < end) {
    const { rows } = await database.query(
      `select 1 from jobs where kind = 'deploy' and state in ('queued', 'running', 'waiting') limit 1`,
    );
    if (rows.length === 0) return;
    await wait(5);
  }
  throw new Error('deployments are still open after four minutes');
}

/** A figure counts only when every deployment is confirmed, each with an address of its own. */
export async function checkConfirmed({ database }: DeployPlatform, count: number): Promise<void> {
  const { rows } = await database.query(
    `select count(distinct (chain_id, address))::int as addresses from deployments where state = 'confirmed' and code_matches`,
  );
  if (rows[0]?.addresses !== count) {
    throw new Error(`${rows[0]?.addresses} of ${count} deployments were confirmed`);
  }
}

/** Transactions that wrote something so far. (`pg_stat_database` counts every read as a commit, and seconds late.) */
export async function countCommits({ database }: DeployPlatform): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as count',
  );
  return Number(rows[0]?.count);
}

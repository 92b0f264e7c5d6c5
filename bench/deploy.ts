import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Hex } from 'viem';
import { findEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { type Benchmark, median, percentile, round } from './frame.ts';
import { bareDeployments } from './parts/chain.ts';
import { erc20 } from './parts/compile-inputs.ts';
import { atOnce } from './parts/drive.ts';
import { type Api, makeApi } from './parts/http.ts';
import { startServer } from './parts/server.ts';

/** How many deployments are under way at a time where the time to the broadcast is measured. */
const pacedCallers = 4;
const burstCallers = 16;

/** An ERC-20 many times by one signer, through the platform and by bare loops on chains of the same kind. */
export const deploy: Benchmark = {
  name: 'deploy',
  describe:
    'Deployments a second by one signer on the embedded chain, beside bare viem loops, pipelined and one by one ' +
    `(--count 100 --rounds 3); milliseconds from request to broadcast with ${pacedCallers} callers. Write ` +
    'transactions count as commits. No bar yet; four signers are to come.',
  async run({ words, note }) {
    const count = Number(words['count'] ?? 100);
    const rounds = Number(words['rounds'] ?? 3);
    const measured: Round[] = [];
    for (let turn = 1; turn <= rounds; turn += 1) {
      note(`round ${turn} of ${rounds} …`);
      measured.push(await measureRound(count));
    }
    return report(measured, count);
  },
};

interface Round {
  platform: number;
  pipelined: number;
  oneByOne: number;
  commits: number;
  broadcastMs: number[];
}

/** Each round on fresh chains and a fresh server: the cost of a block grows with what is on the chain. */
async function measureRound(count: number): Promise<Round> {
  const server = await startServer();
  const api = makeApi(server);
  const database = new pg.Client({ connectionString: findEmbeddedPostgres(server)?.url ?? '' });
  await database.connect();
  try {
    const { buildId, creation } = await build(api.call);
    const platform = { api: api.call, database, buildId };
    await paced(platform, 10);
    const burst = await measureBurst(platform, count);
    const broadcastMs = await paced(platform, count);
    await settled(platform);
    await checkAll(database, 10 + 2 * count);
    const pipelined = await bareDeployments(creation, count, 'pipelined');
    const oneByOne = await bareDeployments(creation, count, 'one-by-one');
    return { ...burst, broadcastMs, pipelined, oneByOne };
  } finally {
    await database.end();
    api.close();
    await server.stop();
  }
}

interface Platform {
  api: Api;
  database: pg.Client;
  buildId: string;
}

async function build(api: Api): Promise<{ buildId: string; creation: Hex }> {
  const job = (await api('POST', '/api/v1/contracts/compile', erc20('deploy'), 60)) as {
    result: { build: { id: string; artifacts: { creationBytecode: Hex }[] } };
  };
  const { id, artifacts } = job.result.build;
  return { buildId: id, creation: artifacts[0]?.creationBytecode ?? '0x' };
}

/** All requests as fast as they are accepted, until the last deployment is confirmed. */
async function measureBurst(
  platform: Platform,
  count: number,
): Promise<{ platform: number; commits: number }> {
  const before = await commits(platform.database);
  const begin = performance.now();
  await atOnce(burstCallers, count, () => request(platform));
  await settled(platform);
  const seconds = (performance.now() - begin) / 1000;
  return {
    platform: count / seconds,
    commits: ((await commits(platform.database)) - before) / count,
  };
}

/**
 * A few callers, each of whom waits for the end of a deployment before asking for the next.
 * @returns milliseconds from each request to the moment its transaction was handed to a node
 */
async function paced(platform: Platform, count: number): Promise<number[]> {
  const begun = new Map<string, number>();
  await atOnce(pacedCallers, count, async () => {
    const at = Date.now();
    begun.set((await request(platform, 60)).subjectId, at);
  });
  const { rows } = await platform.database.query<{ id: string; at: string }>(
    `select deployment_id as id, min(message->>'at') as at from deployment_journal
     where message->>'kind' = 'sent' and deployment_id = any($1) group by 1`,
    [[...begun.keys()]],
  );
  return rows.map(({ id, at }) => Date.parse(at) - (begun.get(id) ?? Number.NaN));
}

async function request({ api, buildId }: Platform, waitSeconds?: number): Promise<{ subjectId: string }> {
  const body = { buildId, network: 'local' };
  return (await api('POST', '/api/v1/contracts/deploy', body, waitSeconds)) as { subjectId: string };
}

/** Resolves when no deployment is open any more. */
async function settled({ database }: Platform): Promise<void> {
  const end = performance.now() + 120_000;
  while (performance.now() < end) {
    const { rows } = await database.query(
      `select 1 from jobs where kind = 'deploy' and state in ('queued', 'running', 'waiting') limit 1`,
    );
    if (rows.length === 0) return;
    await wait(5);
  }
  throw new Error('deployments are still open after two minutes');
}

/** A figure counts only when every deployment is confirmed, each with an address of its own. */
async function checkAll(database: pg.Client, count: number): Promise<void> {
  const { rows } = await database.query(
    `select count(distinct address)::int as addresses from deployments where state = 'confirmed' and code_matches`,
  );
  if (rows[0]?.addresses !== count) {
    throw new Error(`${rows[0]?.addresses} of ${count} deployments were confirmed`);
  }
}

/** Transactions that wrote something so far. (`pg_stat_database` counts every read as a commit, and seconds late.) */
async function commits(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as count',
  );
  return Number(rows[0]?.count);
}

function report(rounds: Round[], count: number) {
  const of = (pick: (each: Round) => number, digits = 1) => round(median(rounds.map(pick)), digits);
  const broadcastMs = rounds.flatMap((each) => each.broadcastMs);
  const result = {
    deploymentsPerSecond: of((each) => each.platform),
    pipelinedPerSecond: of((each) => each.pipelined),
    oneByOnePerSecond: of((each) => each.oneByOne),
    ratioPipelined: of((each) => each.platform / each.pipelined, 3),
    ratioOneByOne: of((each) => each.platform / each.oneByOne, 3),
    commitsPerDeployment: of((each) => each.commits, 2),
    broadcastMsP50: round(median(broadcastMs), 1),
    broadcastMsP95: round(percentile(broadcastMs, 95), 1),
    broadcastMsP99: round(percentile(broadcastMs, 99), 1),
    count,
    rounds: rounds.length,
  };
  const row = (what: string, perSecond: number, ratio: number | string) => ({
    what,
    'deployments/s': perSecond,
    'platform ÷ it': ratio,
  });
  return {
    rows: [
      row('platform', result.deploymentsPerSecond, ''),
      row('viem, pipelined', result.pipelinedPerSecond, result.ratioPipelined),
      row('viem, one by one', result.oneByOnePerSecond, result.ratioOneByOne),
    ],
    result,
    ok: true,
  };
}

import { startAnvil } from '../test/support/anvil.ts';
import { type Benchmark, type BenchmarkResult, median, percentile, round } from './frame.ts';
import { bareDeployments } from './parts/chain.ts';
import { measureBlocks } from './parts/deploy-blocks.ts';
import {
  checkConfirmed,
  countCommits,
  type DeployPlatform,
  requestDeployment,
  settled,
  startDeployPlatform,
} from './parts/deploy-platform.ts';
import { measureSigners } from './parts/deploy-signers.ts';
import { atOnce } from './parts/drive.ts';
import { processorTime } from './parts/processor-time.ts';

/** How many deployments are under way at a time where the time to the broadcast is measured. */
const pacedCallers = 4;
const burstCallers = 16;
const rehearsal = 'rehearsal';

const bars = { pipelined: 0.25, oneByOne: 0.6, fourSigners: 2, blocks: 1.3, commits: 4 };

/** An ERC-20 many times by one signer, through the platform and by bare loops on chains of the same kind. */
export const deploy: Benchmark = {
  name: 'deploy',
  describe:
    'Deployments a second by one signer on the embedded chain, beside bare viem loops, pipelined (bar 0.25) and one by ' +
    'one (bar 0.6), all rehearsed at full length; four signers beside one with a node 5 ms away (bar 2); a chain with blocks of 2 s (at most 1.3 of ' +
    'the bare time); commits of a deployment (at most 4); ms from request to broadcast. --count 500 --rounds 3 --parts all.',
  async run({ words, note }) {
    const count = Number(words['count'] ?? 500);
    const rounds = Number(words['rounds'] ?? 3);
    const measured: Round[] = [];
    for (let turn = 1; turn <= rounds; turn += 1) {
      note(`${count} deployments at once, paced, and bare: round ${turn} of ${rounds} …`);
      measured.push(await measureRound(count));
    }
    if (words['parts'] === 'rate') return report(measured, count, null);
    note('one signer and four, with a node that is 5 ms away …');
    const signers = await measureSigners(Math.ceil(count / 10));
    note('a chain with a block every two seconds …');
    const blocks = await measureBlocks(count);
    return report(measured, count, { signers, blocks });
  },
};

interface Round {
  platform: number;
  /** The platform's rate just after its start, before the machine code of its functions is made. */
  cold: number;
  pipelined: number;
  oneByOne: number;
  commits: number;
  /** Milliseconds of processor time for a deployment, by part. */
  processor: ReturnType<typeof processorTime>;
  broadcastMs: number[];
}

interface Rest {
  signers: { one: number; four: number };
  blocks: { platform: number; bare: number };
}

/**
 * Each round on fresh chains and a fresh server: the cost of a block grows with what is on the chain. The platform and
 * both loops are rehearsed at full length on chains of their own, so that all run compiled code.
 */
async function measureRound(count: number): Promise<Round> {
  const stage = await startAnvil({ args: ['--chain-id', '51004'] });
  try {
    return await measureOn(stage.url, count);
  } finally {
    await stage.stop();
  }
}

async function measureOn(stageUrl: string, count: number): Promise<Round> {
  const platform = await startDeployPlatform({
    [rehearsal]: { chainId: 51_004, kind: 'local', confirmations: 1, blockSeconds: 1, rpcUrls: [stageUrl] },
  });
  try {
    const { platform: cold } = await measureBurst(platform, count, rehearsal);
    const burst = await measureBurst(platform, count);
    const broadcastMs = await paced(platform, count);
    await settled(platform);
    await checkConfirmed(platform, 3 * count);
    await bareDeployments(platform.creation, count, 64);
    const pipelined = await bareDeployments(platform.creation, count, 64);
    await bareDeployments(platform.creation, count, 1);
    const oneByOne = await bareDeployments(platform.creation, count, 1);
    return { ...burst, cold, broadcastMs, pipelined, oneByOne };
  } finally {
    await platform.stop();
  }
}

/** All requests as fast as they are accepted, until the last deployment is confirmed. */
async function measureBurst(
  platform: DeployPlatform,
  count: number,
  network = 'local',
): Promise<Pick<Round, 'platform' | 'commits' | 'processor'>> {
  const { dataDir, pid } = platform.server;
  const commits = await countCommits(platform);
  const spent = processorTime(dataDir, pid);
  const begin = performance.now();
  await atOnce(burstCallers, count, () => requestDeployment(platform, { network }));
  await settled(platform);
  const seconds = (performance.now() - begin) / 1000;
  const now = processorTime(dataDir, pid);
  const each = (part: keyof typeof now) => (now[part] - spent[part]) / count;
  return {
    platform: count / seconds,
    commits: ((await countCommits(platform)) - commits) / count,
    processor: {
      platformMs: each('platformMs'),
      postgresMs: each('postgresMs'),
      chainMs: each('chainMs'),
    },
  };
}

/**
 * A few callers, each of whom waits for the end of a deployment before asking for the next.
 * @returns milliseconds from each request to the moment its transaction was handed to a node
 */
async function paced(platform: DeployPlatform, count: number): Promise<number[]> {
  const begun = new Map<string, number>();
  await atOnce(pacedCallers, count, async () => {
    const at = Date.now();
    begun.set(await requestDeployment(platform, {}, 60), at);
  });
  const { rows } = await platform.database.query<{ id: string; at: string }>(
    `select deployment_id as id, min(message->>'at') as at from deployment_journal
     where message->>'kind' = 'sent' and deployment_id = any($1) group by 1`,
    [[...begun.keys()]],
  );
  return rows.map(({ id, at }) => Date.parse(at) - (begun.get(id) ?? Number.NaN));
}

function report(rounds: Round[], count: number, rest: Rest | null): BenchmarkResult {
  const of = (pick: (each: Round) => number, digits = 1) => round(median(rounds.map(pick)), digits);
  const broadcastMs = rounds.flatMap((each) => each.broadcastMs);
  const result = {
    deploymentsPerSecond: of((each) => each.platform),
    coldPerSecond: of((each) => each.cold),
    pipelinedPerSecond: of((each) => each.pipelined),
    oneByOnePerSecond: of((each) => each.oneByOne),
    ratioPipelined: of((each) => each.platform / each.pipelined, 3),
    ratioOneByOne: of((each) => each.platform / each.oneByOne, 3),
    fourSignersRatio: rest && round(rest.signers.four / rest.signers.one, 2),
    commitsPerDeployment: of((each) => each.commits, 2),
    broadcastMsP50: round(median(broadcastMs), 1),
    broadcastMsP95: round(percentile(broadcastMs, 95), 1),
    broadcastMsP99: round(percentile(broadcastMs, 99), 1),
    blocksRatio: rest && round(rest.blocks.platform / rest.blocks.bare, 2),
    blocksSeconds: rest && round(rest.blocks.platform, 1),
    blocksBareSeconds: rest && round(rest.blocks.bare, 1),
    oneSignerPerSecond: rest && round(rest.signers.one, 1),
    fourSignersPerSecond: rest && round(rest.signers.four, 1),
    platformProcessorMs: of((each) => each.processor.platformMs),
    postgresProcessorMs: of((each) => each.processor.postgresMs),
    chainProcessorMs: of((each) => each.processor.chainMs),
    count,
    rounds: rounds.length,
  };
  const shortfalls = findShortfalls(result);
  return { rows: rowsOf(result), result, ok: shortfalls.length === 0, shortfalls };
}

type Figures = ReturnType<typeof report>['result'];

function findShortfalls(figures: Figures): string[] {
  const value = (name: string) => figures[name] as number | null;
  const least = (name: string, what: string, bar: number) =>
    (value(name) ?? bar) < bar ? [`${what}: ${value(name)}, the bar is ${bar}`] : [];
  const most = (name: string, what: string, bar: number) =>
    (value(name) ?? bar) > bar ? [`${what}: ${value(name)}, the bar is ${bar}`] : [];
  return [
    ...(value('fourSignersRatio') === null ? ['only the rate was measured'] : []),
    ...least('ratioPipelined', 'beside the pipelined loop', bars.pipelined),
    ...least('ratioOneByOne', 'beside the loop one by one', bars.oneByOne),
    ...least('fourSignersRatio', 'four signers beside one', bars.fourSigners),
    ...most('blocksRatio', 'blocks of two seconds, beside the bare loop', bars.blocks),
    ...most('commitsPerDeployment', 'commits of a deployment', bars.commits),
  ];
}

function rowsOf(figures: Figures): BenchmarkResult['rows'] {
  const row = (what: string, unit: string, ours: string, bare: string, ratio: string) => ({
    what,
    unit,
    platform: String(figures[ours] ?? '–'),
    'beside it': String(figures[bare] ?? '–'),
    ratio: String(figures[ratio] ?? '–'),
  });
  return [
    row('viem, pipelined', 'a second', 'deploymentsPerSecond', 'pipelinedPerSecond', 'ratioPipelined'),
    row('viem, one by one', 'a second', 'deploymentsPerSecond', 'oneByOnePerSecond', 'ratioOneByOne'),
    row('four signers, one', 'a second', 'fourSignersPerSecond', 'oneSignerPerSecond', 'fourSignersRatio'),
    row('blocks of 2 s', 'seconds', 'blocksSeconds', 'blocksBareSeconds', 'blocksRatio'),
  ];
}

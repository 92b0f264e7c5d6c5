import { setTimeout as wait } from 'node:timers/promises';
import { makeTestRoot } from '../support/test-root.ts';
import type { CrashOptions, CrashOutcome, CrashProof } from './frame.ts';
import { installHolds } from './parts/database-holds.ts';
import { planDeployRun } from './parts/deploy-plan.ts';
import { oneRun } from './parts/deploy-run.ts';
import { countOpen, networkOf, prepareWorld, type World } from './parts/deploy-world.ts';
import { type FaultyChain, startFaultyChain } from './parts/faulty-chain.ts';
import { type DeployVerdict, judgeDeployments, readDeployment } from './parts/judge-deployments.ts';
import { outsidePoints } from './parts/kill-points.ts';
import { type OutsideUse, useFromOutside } from './parts/outside-use.ts';
import { type PlatformUnderTest, startPlatformUnderTest } from './parts/platform-under-test.ts';

const chainIds = [51_001, 51_002];
const workers = 4;
const rules = { kind: 'local', confirmations: 2, blockSeconds: 1 };
/** For everything accepted to come to its end after the last kill. */
const settleSecondsMax = 150;
/** Reconcilers look every five seconds: whatever harm they can do is done after so long. */
const quietMs = 6_000;
/** Runs for each scene in which somebody else uses a nonce. */
const runsPerScene = 50;

/** No deployment and no call is lost or made twice, and none is said to be what it is not. */
export const deploy: CrashProof = {
  name: 'deploy',
  describe:
    'Kills workers between any two facts of a deployment while nodes misbehave and chains go back; none is lost, none made twice.',
  async run(options) {
    const root = makeTestRoot();
    const chains = await Promise.all(chainIds.map(startFaultyChain));
    try {
      const networks = Object.fromEntries(
        chains.map((chain) => [networkOf(chain), { chainId: chain.chainId, ...rules, rpcUrls: [chain.url] }]),
      );
      const platform = await startPlatformUnderTest({
        ...{ root: root.dir, processes: workers + 1, apis: 1, networks },
        engine: options.engine ?? 'postgres',
        note: options.note,
      });
      try {
        await installHolds(platform.database.query);
        return await prove(options, platform, chains);
      } finally {
        await platform.stop();
      }
    } finally {
      await Promise.all(chains.map((chain) => chain.stop()));
      await root.release();
    }
  },
};

async function prove(
  options: CrashOptions,
  platform: PlatformUnderTest,
  chains: readonly FaultyChain[],
): Promise<CrashOutcome> {
  const begin = performance.now();
  const seconds = () => Math.round((performance.now() - begin) / 1_000);
  const world = await prepareWorld(platform, chains);
  const stopMining = keepMining(world);
  try {
    for (let run = 1; run <= options.runs; run += 1) {
      await oneRun(world, run, planDeployRun(options.seed, run));
      const { kills, reorgDepths, accepted } = world;
      options.note(
        `run ${run}/${options.runs}, ${seconds()} s: ${kills.length} kills, ${reorgDepths.length} reorgs, ${accepted.length} accepted`,
      );
    }
    for (const chain of chains) chain.misbehave(null);
    const scenes = await playScenes(world, options);
    const verdict = await settle(world);
    return await toOutcome({ options, world, verdict, scenes, seconds: seconds() });
  } finally {
    await stopMining();
  }
}

/** Confirmations take blocks: one comes every half second where the chain mines at all. */
function keepMining({ chains }: World): () => Promise<void> {
  let going = true;
  const loops = chains.map(async (chain) => {
    while (going) {
      if (await chain.rpc<boolean>('anvil_getAutomine', [])) await chain.rpc('anvil_mine', ['0x1']);
      await wait(500);
    }
  });
  return async () => {
    going = false;
    await Promise.all(loops);
  };
}

async function playScenes(world: World, { runs }: CrashOptions): Promise<OutsideUse[]> {
  const scenes: OutsideUse[] = [];
  for (let scene = 0; scene < Math.ceil(runs / runsPerScene); scene += 1) {
    const point = outsidePoints[scene % outsidePoints.length];
    if (point) scenes.push(await useFromOutside(world, { run: runs + scene + 1, at: scene % 2, point }));
  }
  return scenes;
}

/** Until everything is as it should be, also after reconcilers had time to do harm, or the time is up. */
async function settle(world: World): Promise<DeployVerdict> {
  const end = performance.now() + settleSecondsMax * 1_000;
  const { platform, accepted, chains } = world;
  for (;;) {
    while ((await countOpen(world)) > 0 && performance.now() < end) await wait(250);
    await wait(quietMs);
    const url = platform.fleet.url();
    if (url === null) throw new Error('no API process is up');
    const verdict = await judgeDeployments({ url, key: platform.apiKey, accepted, chains });
    if (verdict.faults.length === 0 || performance.now() > end) return verdict;
  }
}

async function toOutcome(given: {
  options: CrashOptions;
  world: World;
  verdict: DeployVerdict;
  scenes: readonly OutsideUse[];
  seconds: number;
}): Promise<CrashOutcome> {
  const { options, world, scenes, seconds } = given;
  const { platform, chains, accepted, kills } = world;
  const lives = await readLives(world);
  const hits = kills.filter(({ at }) => lives.some(({ from, to }) => from <= at && to > at));
  const hitRuns = new Set(hits.map(({ run }) => run));
  const idleRuns = Array.from({ length: options.runs }, (_, at) => at + 1).filter((run) => !hitRuns.has(run));
  const badScenes = scenes.filter((scene) => Object.values(scene).includes(false));
  const { faults, ...counts } = given.verdict;
  const { fleet } = platform;
  return {
    report: {
      runs: options.runs,
      kills: kills.length,
      killsWithWorkUnfinished: hits.length,
      killsByPoint: tally(kills.map(({ point }) => point)),
      faultsMade: tally(
        chains.flatMap(({ made }) => [...made].flatMap(([what, times]) => Array(times).fill(what))),
      ),
      reorgs: world.reorgDepths.length,
      reorgsByDepth: tally(world.reorgDepths.map(String)),
      wishes: tally(world.wishes),
      noncesUsedOutside: scenes.length,
      accepted: accepted.length,
      calls: accepted.filter(({ calls }) => calls !== undefined).length,
      ...counts,
      // What a person has to do after a nonce was used outside is documented and asked for through the API.
      manualRepairs: fleet.failures,
      seed: options.seed,
      seconds,
    },
    shortfalls: [
      ...faults,
      ...fleet.complaints,
      ...badScenes.map((scene) => `after a nonce was used outside: ${JSON.stringify(scene)}`),
      ...(idleRuns.length > 0 ? [`runs without a kill with work unfinished: ${idleRuns.join(', ')}`] : []),
    ],
  };
}

/** @returns when each deployment was open, in milliseconds of the clock */
async function readLives({ platform, accepted }: World): Promise<{ from: number; to: number }[]> {
  const url = platform.fleet.url() ?? '';
  const lives: { from: number; to: number }[] = [];
  for (const { id } of accepted) {
    const told = await readDeployment({ url, key: platform.apiKey }, id);
    if (!told) continue;
    const to = told.completedAt ? Date.parse(told.completedAt) : Number.POSITIVE_INFINITY;
    lives.push({ from: Date.parse(told.createdAt), to });
  }
  return lives;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

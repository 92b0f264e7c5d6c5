import { setTimeout as wait } from 'node:timers/promises';
import { makeTestRoot } from '../support/test-root.ts';
import type { CrashOptions, CrashOutcome, CrashProof } from './frame.ts';
import { ask } from './parts/ask.ts';
import { type DeployRun, planDeployRun } from './parts/deploy-plan.ts';
import { type FaultyChain, startFaultyChain } from './parts/faulty-chain.ts';
import type { Member } from './parts/fleet.ts';
import {
  type AcceptedDeployment,
  type DeployVerdict,
  judgeDeployments,
  readDeployment,
} from './parts/judge-deployments.ts';
import { type PlatformUnderTest, startPlatformUnderTest } from './parts/platform-under-test.ts';
import { createRandom } from './parts/random.ts';
import { ownerOfPort } from './parts/socket-owner.ts';

const chainIds = [51_001, 51_002];
const signersCount = 3;
const workers = 4;
/** For everything accepted to come to its end after the last kill. */
const settleSecondsMax = 150;
/** How long a call that a worker is to be killed at is waited for. */
const momentMsMax = 3_000;
/** More than this is not left over for the next run. */
const backlogMax = 10;

/** No deployment is lost or made twice, and none is said to be what it is not. */
export const deploy: CrashProof = {
  name: 'deploy',
  describe:
    'Kills workers between any two facts of a deployment while nodes misbehave and chains go back; none is lost, none made twice.',
  async run(options) {
    const root = makeTestRoot();
    const random = createRandom(`chains/${options.seed}`);
    const chains = await Promise.all(chainIds.map((id) => startFaultyChain(id, random)));
    try {
      const networks = Object.fromEntries(
        chains.map(({ chainId, url }) => [nameOf(chainId), { chainId, ...rules, rpcUrls: [url] }]),
      );
      const platform = await startPlatformUnderTest({
        ...{ root: root.dir, processes: workers + 1, apis: 1, networks },
        engine: options.engine ?? 'postgres',
        note: options.note,
      });
      try {
        return await prove(options, { platform, chains });
      } finally {
        await platform.stop();
      }
    } finally {
      await Promise.all(chains.map((chain) => chain.stop()));
      await root.release();
    }
  },
};

const nameOf = (chainId: number) => `chain-${chainId}`;
const rules = { kind: 'local', confirmations: 2, blockSeconds: 1 };

interface World {
  platform: PlatformUnderTest;
  chains: readonly FaultyChain[];
  buildId: string;
  signers: readonly string[];
  accepted: AcceptedDeployment[];
  kills: { run: number; at: number; point: string }[];
  /** How many blocks each reorg took back. */
  reorgDepths: number[];
}

async function prove(
  options: CrashOptions,
  parts: Pick<World, 'platform' | 'chains'>,
): Promise<CrashOutcome> {
  const begin = performance.now();
  const world: World = {
    ...parts,
    ...(await prepare(parts.platform)),
    accepted: [],
    kills: [],
    reorgDepths: [],
  };
  const stopMining = keepMining(world);
  try {
    for (let run = 1; run <= options.runs; run += 1) {
      await oneRun(world, run, planDeployRun(options.seed, run));
      const seconds = Math.round((performance.now() - begin) / 1_000);
      options.note(
        `run ${run}/${options.runs}, ${seconds} s: ${world.kills.length} kills, ${world.reorgDepths.length} reorgs, ${world.accepted.length} accepted`,
      );
    }
    const verdict = await settle(world);
    return await toOutcome(options, world, verdict, (performance.now() - begin) / 1_000);
  } finally {
    await stopMining();
  }
}

/** A build to deploy, and signers that nobody else has. */
async function prepare(platform: PlatformUnderTest): Promise<Pick<World, 'buildId' | 'signers'>> {
  const source =
    'pragma solidity ^0.8.20; contract Box { uint256 public v; constructor(uint256 given) { v = given; } }';
  const built = await send<{ subjectId: string; state: string }>(platform, 'POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    headers: { prefer: 'wait=60' },
  });
  if (built.body.state !== 'succeeded') throw new Error(`no build: ${JSON.stringify(built.body)}`);
  const signers: string[] = [];
  for (let at = 1; at <= signersCount; at += 1) {
    const made = await send<{ id: string }>(platform, 'POST /api/v1/signers', {
      body: { name: `signer ${at}` },
    });
    signers.push(made.body.id);
  }
  return { buildId: built.body.subjectId, signers };
}

function send<Body>(platform: PlatformUnderTest, route: string, options: Parameters<typeof ask>[2] = {}) {
  const url = platform.fleet.url();
  if (url === null) throw new Error('no API process is up');
  return ask<Body>(url, route, { key: platform.apiKey, ...options });
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

async function oneRun(world: World, run: number, plan: DeployRun): Promise<void> {
  const { platform, chains } = world;
  const chain = chains[plan.chain] as FaultyChain;
  const heightBefore = await height(chain);
  const snapshot = plan.reorg ? await chain.rpc<string>('evm_snapshot', []) : null;
  for (const each of chains) each.faultRate = plan.faultRate;
  if (plan.idleMs !== null) await chain.rpc('evm_setAutomine', [false]);

  const struck = new Promise<boolean>((resolve) => {
    chain.arm(plan.point, async (port) => {
      const killed = await killOwner(world, run, port, `${plan.point.when} ${plan.point.method}`);
      resolve(killed);
      return killed;
    });
  });
  const posted = plan.wanted.map((wanted) => post(world, run, wanted));
  // One for the chain of the kill, so that there is a call to be killed at.
  posted.push(post(world, run, { chain: plan.chain, signer: run % signersCount }));
  await Promise.all(posted);
  if (plan.randomKillMs !== null) {
    await wait(plan.randomKillMs);
    await killSomebody(world, run);
  }
  if (plan.idleMs !== null) {
    await wait(plan.idleMs);
    await chain.rpc('evm_setAutomine', [true]);
    await chain.rpc('anvil_mine', ['0x1']);
  }
  const hit = await Promise.race([struck, wait(momentMsMax, false)]);
  chain.disarm();
  if (!hit) {
    await post(world, run, { chain: plan.chain, signer: 0 });
    await killSomebody(world, run);
  }
  if (snapshot !== null) {
    await wait(300);
    const heightAfter = await height(chain);
    await chain.rpc('evm_revert', [snapshot]);
    // What was told to mine at once forgets it with the state.
    await chain.rpc('evm_setAutomine', [true]);
    world.reorgDepths.push(heightAfter - heightBefore);
  }
  await platform.fleet.start();
  await drain(world);
}

async function height(chain: FaultyChain): Promise<number> {
  return Number(await chain.rpc<string>('eth_blockNumber', []));
}

let given = 1n;

/** Asked until it is accepted: the API is not what is killed here, and a busy machine may still refuse. */
async function post(
  { platform, chains, buildId, signers, accepted }: World,
  run: number,
  { chain, signer }: { chain: number; signer: number },
): Promise<void> {
  const value = 0xabcdef0000000000n + given++;
  const network = nameOf(chains[chain]?.chainId ?? 0);
  const { status, body } = await send<{ subjectId: string }>(platform, 'POST /api/v1/contracts/deploy', {
    body: { buildId, network, signer: signers[signer], constructorArgs: [value.toString()] },
    headers: { 'idempotency-key': `${run}-${value}` },
  });
  if (status !== 202) throw new Error(`a deployment was answered with ${status}: ${JSON.stringify(body)}`);
  accepted.push({ id: body.subjectId, chain, value });
}

/** Kills the worker that a call came from. @returns false when it was the API that asked */
async function killOwner(world: World, run: number, port: number, point: string): Promise<boolean> {
  const up = world.platform.fleet.up('worker');
  const pid = ownerOfPort(
    port,
    up.map((member) => member.pid),
  );
  const member = up.find((each) => each.pid === pid);
  if (!member) return false;
  await kill(world, run, member, point);
  return true;
}

async function killSomebody(world: World, run: number): Promise<void> {
  const [member] = world.platform.fleet.up('worker').slice(run % 2);
  if (member) await kill(world, run, member, 'at random');
}

async function kill(world: World, run: number, member: Member, point: string): Promise<void> {
  const { at } = await world.platform.fleet.kill(member);
  world.kills.push({ run, at, point });
}

/** Waits, within bounds, until few deployments are left. */
async function drain(world: World): Promise<void> {
  const end = performance.now() + 25_000;
  while ((await countOpen(world)) > backlogMax && performance.now() < end) await wait(250);
}

async function countOpen({ platform }: World): Promise<number> {
  const rows = await platform.database.query<{ open: number }>(
    `select count(*)::int as open from deployments where completed_at is null`,
  );
  return rows[0]?.open ?? 0;
}

/** Until everything is as it should be, or the time is up; then once more, after reconcilers had time to do harm. */
async function settle(world: World): Promise<DeployVerdict> {
  for (const chain of world.chains) chain.faultRate = 0;
  const end = performance.now() + settleSecondsMax * 1_000;
  while ((await countOpen(world)) > 0 && performance.now() < end) await wait(500);
  await wait(6_000);
  while ((await countOpen(world)) > 0 && performance.now() < end) await wait(500);
  const { platform, accepted, chains } = world;
  const url = platform.fleet.url();
  if (url === null) throw new Error('no API process is up');
  return judgeDeployments({ url, key: platform.apiKey, accepted, chains });
}

async function toOutcome(
  options: CrashOptions,
  world: World,
  verdict: DeployVerdict,
  seconds: number,
): Promise<CrashOutcome> {
  const { platform, chains, accepted, kills } = world;
  const url = platform.fleet.url() ?? '';
  const lives: { from: number; to: number }[] = [];
  for (const { id } of accepted) {
    const told = await readDeployment({ url, key: platform.apiKey }, id);
    if (!told) continue;
    const to = told.completedAt ? Date.parse(told.completedAt) : Number.POSITIVE_INFINITY;
    lives.push({ from: Date.parse(told.createdAt), to });
  }
  const hits = kills.filter(({ at }) => lives.some(({ from, to }) => from <= at && to > at));
  const idleRuns = options.runs - new Set(hits.map(({ run }) => run)).size;
  const { faults, ...counts } = verdict;
  const { fleet } = platform;
  return {
    report: {
      runs: options.runs,
      kills: kills.length,
      killsWithWorkUnfinished: hits.length,
      killsByPoint: JSON.stringify(tally(kills.map(({ point }) => point))),
      faultsMade: JSON.stringify(
        tally(chains.flatMap(({ made }) => [...made].flatMap(([fault, times]) => Array(times).fill(fault)))),
      ),
      reorgs: world.reorgDepths.length,
      reorgDepthMax: Math.max(0, ...world.reorgDepths),
      accepted: accepted.length,
      ...counts,
      manualRepairs: fleet.failures,
      seed: options.seed,
      seconds: Math.round(seconds),
    },
    shortfalls: [
      ...faults,
      ...fleet.complaints,
      ...(idleRuns > 0 ? [`${idleRuns} runs had no kill with work unfinished`] : []),
    ],
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

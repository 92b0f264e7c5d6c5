import { setTimeout as wait } from 'node:timers/promises';
import { makeTestRoot } from '../support/test-root.ts';
import type { CrashOptions, CrashOutcome, CrashProof } from './frame.ts';
import { readCreations } from './parts/chain-ledger.ts';
import { type Accepted, countEventGaps, judge, readPipeline, type Verdict } from './parts/judge.ts';
import { createPoster, type Poster } from './parts/poster.ts';
import { type Kill, planExtraKill, planRun, type RunPlan } from './parts/schedule.ts';
import { createVictim, type Victim } from './parts/victim.ts';
import type { Wanted } from './parts/workload.ts';

/** For everything accepted to come to its end after the last kill. */
const settleSecondsMax = 90;
/** More than this is not left over for the next run, so that the work does not pile up. */
const backlogMax = 8;
const extraKillsMax = 4;

/** Every accepted pipeline comes to its end, and every deployment stands on the chain exactly once. */
export const pipelines: CrashProof = {
  name: 'pipelines',
  describe:
    'Kills the server (the chain and the database too) while pipelines run; none is lost, none made twice.',
  async run(options) {
    const root = makeTestRoot();
    const victim = createVictim({ root: root.dir, note: options.note });
    try {
      return await prove(options, victim);
    } finally {
      await victim.stop();
      await root.release();
    }
  },
};

interface Tally {
  /** Times of the kills, by run. */
  kills: { run: number; at: number }[];
  chainKills: number;
  databaseKills: number;
  killsWhileStarting: number;
}

async function prove(options: CrashOptions, victim: Victim): Promise<CrashOutcome> {
  const begin = performance.now();
  const tally: Tally = { kills: [], chainKills: 0, databaseKills: 0, killsWhileStarting: 0 };
  await victim.start();
  const poster = createPoster(victim);
  for (let run = 1; run <= options.runs; run += 1) {
    await oneRun(planRun(options.seed, run), { run, seed: options.seed, victim, poster, tally });
    const { accepted, repeated } = poster;
    const seconds = Math.round((performance.now() - begin) / 1000);
    options.note(
      `run ${run}/${options.runs}, ${seconds} s: ${tally.kills.length} kills, ${accepted.length} accepted, ${repeated()} requests repeated`,
    );
  }
  const verdict = await settle(victim, poster.accepted);
  return toOutcome({ options, victim, poster, tally, verdict, seconds: (performance.now() - begin) / 1000 });
}

async function oneRun(
  plan: RunPlan,
  context: { run: number; seed: number; victim: Victim; poster: Poster; tally: Tally },
): Promise<void> {
  const { run, seed, victim, poster, tally } = context;
  await workAndKill(plan, context);
  if (plan.startKillMs !== null) {
    tally.killsWhileStarting += 1;
    await victim.startAndKill(plan.startKillMs);
  }
  await victim.start();
  await poster.settled();
  for (let attempt = 1; attempt <= extraKillsMax; attempt += 1) {
    const kill = tally.kills.at(-1);
    if (!kill || (await unfinishedAt(kill.at, victim, poster.accepted)) > 0) break;
    await workAndKill({ ...planExtraKill(seed, run, attempt), chain: null, database: null }, context);
    await victim.start();
    await poster.settled();
  }
  await drain(victim, poster.accepted);
}

/** Posts, waits for the moment, kills. */
async function workAndKill(
  plan: { wanted: Wanted[]; kill: Kill } & Pick<RunPlan, 'chain' | 'database'>,
  { run, victim, poster, tally }: { run: number; victim: Victim; poster: Poster; tally: Tally },
): Promise<void> {
  const moment = victim.untilMoment(plan.kill);
  for (const wanted of plan.wanted) poster.post(wanted);
  await moment;
  killParts('with server up');
  if (plan.chain === 'with server up' || plan.database === 'with server up') await wait(plan.kill.delayMs);
  tally.kills.push({ run, at: await victim.killServer() });
  killParts('with server down');

  function killParts(when: RunPlan['chain']): void {
    if (plan.chain === when) {
      victim.killPart('anvil');
      tally.chainKills += 1;
    }
    if (plan.database === when) {
      victim.killPart('postgres');
      tally.databaseKills += 1;
    }
  }
}

/** @returns how many accepted pipelines were there and not finished at that moment, by the platform's own times */
async function unfinishedAt(at: number, victim: Victim, accepted: readonly Accepted[]): Promise<number> {
  const server = victim.server();
  if (!server) throw new Error('there is no server to ask');
  let count = 0;
  // The newest first: older ones were looked at by earlier runs and most have ended.
  for (const { id } of accepted.slice(-60)) {
    const told = await readPipeline(server, id);
    if (!told || Date.parse(told.createdAt) > at) continue;
    if (told.completedAt === null || Date.parse(told.completedAt) > at) count += 1;
  }
  return count;
}

/** Waits, within bounds, until few pipelines are left. */
async function drain(victim: Victim, accepted: readonly Accepted[]): Promise<void> {
  const end = performance.now() + 20_000;
  while ((await unfinishedAt(Date.now(), victim, accepted)) > backlogMax && performance.now() < end) {
    await wait(250);
  }
}

/** Waits until everything is as it should be, or the time is up; then stops and starts once more and looks again. */
async function settle(victim: Victim, accepted: readonly Accepted[]): Promise<Verdict> {
  const end = performance.now() + settleSecondsMax * 1000;
  let verdict = await look(victim, accepted);
  while (verdict.faults.length > 0 && performance.now() < end) {
    await wait(500);
    verdict = await look(victim, accepted);
  }
  if (verdict.faults.length > 0) return verdict;
  await victim.server()?.stop();
  await victim.start();
  // Long enough for a reconciler that wrongly believes something lost to do its harm.
  await wait(6_000);
  return look(victim, accepted);
}

async function look(victim: Victim, accepted: readonly Accepted[]): Promise<Verdict> {
  const server = victim.server();
  if (!server) throw new Error('there is no server to ask');
  const creations = await readCreations(victim.chainUrl());
  return judge({ server, accepted, creations });
}

async function toOutcome(facts: {
  options: CrashOptions;
  victim: Victim;
  poster: Poster;
  tally: Tally;
  verdict: Verdict;
  seconds: number;
}): Promise<CrashOutcome> {
  const { options, victim, poster, tally, verdict } = facts;
  const server = victim.server();
  let eventGaps = 0;
  const lives: { from: number; to: number }[] = [];
  for (const { id } of poster.accepted) {
    const told = server && (await readPipeline(server, id));
    if (!server || !told) continue;
    eventGaps += await countEventGaps(server, told);
    lives.push({
      from: Date.parse(told.createdAt),
      to: told.completedAt ? Date.parse(told.completedAt) : Number.POSITIVE_INFINITY,
    });
  }
  const hits = tally.kills.filter(({ at }) => lives.some(({ from, to }) => from <= at && to > at));
  const idleRuns = options.runs - new Set(hits.map(({ run }) => run)).size;
  const { faults, finished, confirmed, refused, lost, duplicated, stuck, untrue } = verdict;
  return {
    report: {
      runs: options.runs,
      kills: tally.kills.length + tally.killsWhileStarting,
      killsWithWorkUnfinished: hits.length,
      killsWhileStarting: tally.killsWhileStarting,
      chainKills: tally.chainKills,
      databaseKills: tally.databaseKills,
      accepted: poster.accepted.length,
      requestsRepeated: poster.repeated(),
      ...{ finished, confirmed, refused, lost, duplicated, stuck, untrue, eventGaps },
      manualRepairs: victim.failedStarts,
      seed: options.seed,
      seconds: Math.round(facts.seconds),
    },
    shortfalls: [
      ...faults,
      ...victim.complaints,
      ...poster.complaints,
      ...(idleRuns > 0 ? [`${idleRuns} runs had no kill with work unfinished`] : []),
      ...(eventGaps > 0 ? [`${eventGaps} events are missing or out of order`] : []),
    ],
  };
}

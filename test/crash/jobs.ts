import { setTimeout as wait } from 'node:timers/promises';
import { percentile, round } from '../../bench/frame.ts';
import { findRedis } from '../support/redis-server.ts';
import { makeTestRoot } from '../support/test-root.ts';
import type { CrashOptions, CrashOutcome, CrashProof, Engine } from './frame.ts';
import { countUnfinishedAt, readTransitions } from './parts/job-ledger.ts';
import { createJobPoster, type JobPoster } from './parts/job-poster.ts';
import { breaksDatabase, type JobsRunPlan, planExtraJobsKill, planJobsRun } from './parts/jobs-plan.ts';
import { type JobsVerdict, judgeJobs } from './parts/judge-jobs.ts';
import { type JobsTally, performAct } from './parts/perform-act.ts';
import { leaseSeconds, type PlatformUnderTest, startPlatformUnderTest } from './parts/platform-under-test.ts';
import { measureRestarts, type Restarts } from './parts/restarts.ts';

/** For everything accepted to come to its end after the last kill. */
const settleSecondsMax = 90;
/** More than this is not left over for the next run, so that the work does not pile up. */
const backlogMax = 6;
const backlogSecondsMax = 20;
const extraKillsMax = 4;
/** Longer than this Redis is not kept away for a job to be accepted without it. */
const acceptedSecondsMax = 20;
/** From the kill of a worker until its jobs run again, with another worker process up: its lease, and this. */
const restartMarginSeconds = 5;

/** Every accepted job ends exactly once, and soon after its worker was killed somebody else has it. */
export const jobs: CrashProof = {
  name: 'jobs',
  describe:
    'Kills API and worker processes, PostgreSQL and Redis under load; no job is lost, none finished twice.',
  missing({ engine }) {
    if (engine !== 'redis' || findRedis(process.env['PATH'] ?? '')) return null;
    return 'the engine `redis` needs the program redis-server on the PATH, and it is not there.';
  },
  async run(options) {
    const root = makeTestRoot();
    try {
      const { processes = 4, engine = 'postgres', note } = options;
      const platform = await startPlatformUnderTest({ root: root.dir, processes, engine, note });
      try {
        return await prove({ ...options, processes, engine }, platform);
      } finally {
        await platform.stop();
      }
    } finally {
      await root.release();
    }
  },
};

type Options = CrashOptions & { processes: number; engine: Engine };

interface Context {
  options: Options;
  platform: PlatformUnderTest;
  poster: JobPoster;
  tally: JobsTally;
  /** Kills that met accepted work which was not finished. */
  hits: { run: number; at: number }[];
}

async function prove(options: Options, platform: PlatformUnderTest): Promise<CrashOutcome> {
  const begin = performance.now();
  const poster = createJobPoster({ url: () => platform.fleet.url(), key: platform.apiKey });
  const context: Context = { options, platform, poster, tally: emptyTally(), hits: [] };
  for (let run = 1; run <= options.runs; run += 1) {
    await oneRun(run, context);
    const seconds = Math.round((performance.now() - begin) / 1000);
    options.note(
      `run ${run}/${options.runs}, ${seconds} s: ${context.tally.kills.length} kills, ${poster.accepted.length} accepted, ${poster.repeated()} requests repeated`,
    );
  }
  await settle(context);
  const verdict = await judge(context);
  const { query } = platform.database;
  const restarts = measureRestarts({
    transitions: (await readTransitions(query)).values(),
    kills: context.tally.workerKills,
    spans: platform.fleet.workerSpans,
  });
  return toOutcome(context, { verdict, restarts, seconds: (performance.now() - begin) / 1000 });
}

async function oneRun(run: number, context: Context): Promise<void> {
  const { options, tally, hits } = context;
  await workAndKill(planJobsRun(options.seed, run, options.engine), run, context);
  for (let attempt = 1; attempt <= extraKillsMax; attempt += 1) {
    await noteHits(run, context);
    if (hits.some((hit) => hit.run === run)) break;
    if (attempt === extraKillsMax) tally.complaints.push(`run ${run} had no kill with work unfinished`);
    else await workAndKill(planExtraJobsKill(options.seed, run, attempt), run, context);
  }
  await drain(context);
}

/** Posts, waits for the moments, kills, brings back what was killed at once, and goes on posting. */
async function workAndKill(plan: JobsRunPlan, run: number, context: Context): Promise<void> {
  const { platform, poster, tally } = context;
  for (const wanted of plan.before) poster.post(wanted);
  const revivals: Promise<PromiseSettledResult<void>[]>[] = [];
  for (const [index, act] of plan.acts.entries()) {
    await performAct(act, { run, platform, tally });
    const next = plan.acts[index + 1];
    // A process that is on its way up may rely on what it stands on: the database is not taken from it just then.
    if (next && breaksDatabase(next)) continue;
    revivals.push(Promise.allSettled([revive(context, next ? null : plan.startKillMs)]));
  }
  for (const wanted of plan.after) poster.post(wanted);
  for (const [revival] of await Promise.all(revivals)) {
    if (revival?.status === 'rejected') throw revival.reason;
  }
  await poster.settled();
}

/** PostgreSQL comes back by itself, Redis after its time; all others are started as soon as the database answers. */
async function revive(context: Context, killFirstMs: number | null): Promise<void> {
  const { database, redis, fleet } = context.platform;
  await database.query('select 1');
  const starting = Promise.allSettled([fleet.start(killFirstMs)]);
  await untilRedisMayReturn(context);
  await redis?.start();
  const [started] = await starting;
  if (started.status === 'rejected') throw started.reason;
}

/** Redis comes back when its time is over and a job was accepted without it, however slow the machine is just then. */
async function untilRedisMayReturn({ tally, poster }: Context): Promise<void> {
  const absence = tally.redisAbsences.find(({ to }) => to === null);
  if (!absence) return;
  const soonest = absence.from + absence.awayMs;
  const latest = soonest + acceptedSecondsMax * 1000;
  while (Date.now() < soonest || (Date.now() < latest && acceptedWithin([absence], poster) === 0))
    await wait(20);
  absence.to ??= Date.now();
}

/** @returns how many jobs were accepted while Redis was away */
function acceptedWithin(absences: JobsTally['redisAbsences'], { accepted }: JobPoster): number {
  return accepted.filter(({ at }) =>
    absences.some(({ from, to }) => at > from && at <= (to ?? Number.POSITIVE_INFINITY)),
  ).length;
}

/** Finds out which of the run's kills met unfinished work. */
async function noteHits(run: number, { platform, tally, hits }: Context): Promise<void> {
  for (const kill of tally.kills) {
    if (kill.run !== run || hits.includes(kill)) continue;
    if ((await countUnfinishedAt(platform.database.query, kill.at)) > 0) hits.push(kill);
  }
}

/** Waits, within bounds, until few jobs are left. */
async function drain({ platform }: Context): Promise<void> {
  const end = performance.now() + backlogSecondsMax * 1000;
  while ((await countUnfinishedAt(platform.database.query, Date.now())) > backlogMax) {
    if (performance.now() > end) return;
    await wait(100);
  }
}

/** Waits until everything has ended or the time is up; then lets all workers end and start once more. */
async function settle({ platform, tally }: Context): Promise<void> {
  const { fleet, database } = platform;
  const end = performance.now() + settleSecondsMax * 1000;
  while ((await countUnfinishedAt(database.query, Date.now())) > 0) {
    if (performance.now() > end) return;
    await wait(250);
  }
  tally.drains += fleet.up('worker').length;
  await Promise.all(fleet.up('worker').map((worker) => fleet.drain(worker)));
  await fleet.start();
  // Long enough for a reconciler that wrongly believes something lost to do its harm.
  await wait(2 * leaseSeconds * 1000);
}

function judge({ platform, poster }: Context): Promise<JobsVerdict> {
  const url = platform.fleet.url();
  if (url === null) throw new Error('there is no API process to ask');
  const { query } = platform.database;
  return judgeJobs({ url, key: platform.apiKey, query, accepted: poster.accepted });
}

function toOutcome(
  { options, platform, poster, tally, hits }: Context,
  facts: { verdict: JobsVerdict; restarts: Restarts; seconds: number },
): CrashOutcome {
  const { verdict, restarts } = facts;
  const { fleet } = platform;
  const { faults, finished, lost, duplicated, stuck, untrue, eventGaps } = verdict;
  const { workerKills, redisAbsences, complaints, kills, ...counts } = tally;
  const restartSeconds = restarts.restarts.map(({ seconds }) => seconds);
  const attendedSeconds = restarts.restarts.map((restart) => restart.attendedSeconds);
  const restartP99 = percentile(restartSeconds, 99);
  const restartSecondsMax = leaseSeconds + restartMarginSeconds;
  const acceptedWithoutRedis = acceptedWithin(redisAbsences, poster);
  return {
    report: {
      engine: options.engine,
      processes: options.processes,
      runs: options.runs,
      kills: kills.length + fleet.killsWhileStarting,
      killsWithWorkUnfinished: hits.length,
      workerKills: workerKills.length,
      ...counts,
      killsWhileStarting: fleet.killsWhileStarting,
      redisAbsences: redisAbsences.length,
      acceptedWithoutRedis,
      accepted: poster.accepted.length,
      requestsRepeated: poster.repeated(),
      ...{ finished, lost, duplicated, stuck, untrue, eventGaps },
      restartsMeasured: restartSeconds.length,
      endedByLastWords: restarts.endedByLastWords,
      restartSecondsP50: secondsOrNull(percentile(restartSeconds, 50)),
      restartSecondsP99: secondsOrNull(restartP99),
      restartSecondsMax: secondsOrNull(Math.max(...restartSeconds)),
      // The same without the time in which no worker process was up: how long this machine takes to start one.
      restartSecondsWithWorkersP50: secondsOrNull(percentile(attendedSeconds, 50)),
      restartSecondsWithWorkersP99: secondsOrNull(percentile(attendedSeconds, 99)),
      restartSecondsWithWorkersMax: secondsOrNull(Math.max(...attendedSeconds)),
      manualRepairs: fleet.failures,
      seed: options.seed,
      seconds: Math.round(facts.seconds),
    },
    shortfalls: [
      ...faults,
      ...complaints,
      ...fleet.complaints,
      ...poster.complaints,
      ...restarts.never.map((id) => `${id} was in the hands of a killed worker and never taken up again`),
      ...(options.judgeTimes !== false && restartP99 > restartSecondsMax
        ? tellSlow(restarts, restartSecondsMax)
        : []),
      ...(redisAbsences.length > 0 && acceptedWithoutRedis === 0
        ? ['no job was accepted while Redis was away']
        : []),
    ],
  };
}

function tellSlow({ restarts }: Restarts, secondsMax: number): string[] {
  const slow = restarts.filter(({ seconds }) => seconds > secondsMax).sort((a, b) => b.seconds - a.seconds);
  return [
    `${slow.length} of ${restarts.length} restarts took more than ${secondsMax} s`,
    ...slow.slice(0, 20).map(({ story }) => story),
  ];
}

/** None were measured: that is no number. */
function secondsOrNull(seconds: number): number | null {
  return Number.isFinite(seconds) ? round(seconds) : null;
}

function emptyTally(): JobsTally {
  return {
    kills: [],
    workerKills: [],
    apiKills: 0,
    sessionsEnded: 0,
    sessionProcessKills: 0,
    databaseKills: 0,
    redisKills: 0,
    redisFlushes: 0,
    redisAbsences: [],
    drains: 0,
    freezes: 0,
    complaints: [],
  };
}

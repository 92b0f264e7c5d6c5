import type { Engine } from '../frame.ts';
import { makeWantedJob, type WantedJob } from './jobs-workload.ts';
import { createRandom, type Random } from './random.ts';

/** What can happen to the platform. All but `drain …`, `freeze` and `flush` are kills. */
export type ActKind =
  /** SIGKILL of one worker process while it has jobs in hand. */
  | 'worker'
  /** The same for all of them at once. */
  | 'all workers'
  /** SIGKILL of one API process while requests are on their way. */
  | 'api'
  /** `pg_terminate_backend` of some of the platform's sessions. */
  | 'sessions'
  /** SIGKILL of one session's process: PostgreSQL ends all others and recovers. */
  | 'session process'
  /** SIGKILL of the whole PostgreSQL. */
  | 'database'
  /** SIGKILL of Redis; it comes back empty. */
  | 'redis'
  /** FLUSHALL: Redis forgets everything and stays up. */
  | 'flush'
  /** SIGTERM, as a deployment does: the process hands over what it has and ends with 0. */
  | 'drain worker'
  | 'drain api'
  /** SIGSTOP of a worker until its leases have run out: it comes back and believes that its jobs are its own. */
  | 'freeze';

export interface Act {
  kind: ActKind;
  /** From 0 up to 1: which of those that are there. */
  which: number;
  /** After the moment that it waits for. */
  delayMs: number;
  /** How long Redis stays away; 0 for the others. */
  awayMs: number;
}

export interface JobsRunPlan {
  before: WantedJob[];
  acts: Act[];
  /** Asked for while parts are down. */
  after: WantedJob[];
  /** How long the first process that is started again lives until it is killed once more; null to let it be. */
  startKillMs: number | null;
}

/** How often each kind is the first act of a run, in shares. */
const firstActs: Record<Engine, Partial<Record<ActKind, number>>> = {
  postgres: { worker: 9, 'all workers': 2, api: 4, sessions: 2, 'session process': 2, database: 1 },
  redis: { worker: 8, 'all workers': 2, api: 3, sessions: 1, 'session process': 1, database: 1, redis: 4 },
};

/** The same for the second one, which half of the runs have. */
const secondActs: Record<Engine, Partial<Record<ActKind, number>>> = {
  postgres: { worker: 3, api: 2, sessions: 1, 'drain worker': 3, 'drain api': 1, freeze: 1 },
  redis: { worker: 3, api: 1, flush: 3, redis: 2, 'drain worker': 2, 'drain api': 1, freeze: 1 },
};

const databaseActs: readonly ActKind[] = ['sessions', 'session process', 'database'];

/** @returns true when the database, or somebody's way to it, is away for a moment */
export function breaksDatabase(act: Act): boolean {
  return databaseActs.includes(act.kind);
}

/** @returns what happens in run number `run` of the schedule that `seed` stands for */
export function planJobsRun(seed: number, run: number, engine: Engine): JobsRunPlan {
  const random = createRandom(`${seed}/jobs ${engine}/run ${run}`);
  const first = makeAct(pickByShare(firstActs[engine], random), random);
  const second = random.chance(0.5) ? makeAct(pickByShare(secondActs[engine], random), random) : null;
  // With the database away nothing can be handed over: a drain beside it says nothing about drains.
  const spoilt = second?.kind.startsWith('drain') && breaksDatabase(first);
  return {
    before: makeSome(random.whole(6, 12), random),
    acts: second && !spoilt ? [first, second] : [first],
    after: makeSome(random.whole(1, 4), random),
    startKillMs: random.chance(0.1) ? random.whole(50, 1_500) : null,
  };
}

/** @returns a kill that meets work, for a run whose own kills found everything finished */
export function planExtraJobsKill(seed: number, run: number, attempt: number): JobsRunPlan {
  const random = createRandom(`${seed}/jobs/run ${run}/extra ${attempt}`);
  return {
    before: makeSome(12, random),
    acts: [{ ...makeAct('worker', random), delayMs: 0 }],
    after: [],
    startKillMs: null,
  };
}

function makeSome(count: number, random: Random): WantedJob[] {
  return Array.from({ length: count }, () => makeWantedJob(random));
}

function makeAct(kind: ActKind, random: Random): Act {
  // An API process is to die with requests half done, which takes it a few milliseconds each.
  const longestMs = kind === 'api' ? 60 : 400;
  return {
    kind,
    which: random.fraction(),
    delayMs: random.whole(0, longestMs),
    awayMs: kind === 'redis' && random.chance(0.5) ? random.whole(1_500, 4_000) : 0,
  };
}

function pickByShare(shares: Partial<Record<ActKind, number>>, random: Random): ActKind {
  const kinds = Object.entries(shares).flatMap(([kind, share]) =>
    Array<ActKind>(share).fill(kind as ActKind),
  );
  return random.pick(kinds);
}

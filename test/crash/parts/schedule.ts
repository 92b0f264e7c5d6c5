import { createRandom, type Random } from './random.ts';
import { makeWanted, type Wanted } from './workload.ts';

/** What a run waits for before it kills. */
export const triggers = ['time', 'posting', 'signed', 'mined'] as const;

/** When the server dies. */
export interface Kill {
  /**
   * - `time`: so long after the first request;
   * - `posting`: while the requests are on their way;
   * - `signed`: when bytes have been signed, before or while they are sent;
   * - `mined`: when the chain has a new block, before the platform has written that down.
   */
  trigger: (typeof triggers)[number];
  delayMs: number;
}

/** A part beside the server, and when it dies: while the server lives, or after it. */
export type PartKill = 'with server up' | 'with server down' | null;

export interface RunPlan {
  wanted: Wanted[];
  kill: Kill;
  chain: PartKill;
  database: PartKill;
  /** How long the next start lives before it is killed as well; null to let it be. */
  startKillMs: number | null;
}

/** @returns what happens in run number `run` of the schedule that `seed` stands for */
export function planRun(seed: number, run: number): RunPlan {
  const random = createRandom(`${seed}/run ${run}`);
  const count = random.whole(2, 6);
  return {
    wanted: Array.from({ length: count }, (_, index) => makeWanted(`seed${seed}-run${run}-${index}`, random)),
    kill: makeKill(random),
    chain: random.chance(0.25) ? random.pick(['with server up', 'with server down'] as const) : null,
    database: random.chance(0.2) ? random.pick(['with server up', 'with server down'] as const) : null,
    startKillMs: random.chance(0.2) ? random.whole(50, 1_500) : null,
  };
}

/** @returns a kill that cannot come too late, for a run whose first one found everything finished */
export function planExtraKill(seed: number, run: number, attempt: number): { wanted: Wanted[]; kill: Kill } {
  const random = createRandom(`${seed}/run ${run}/extra ${attempt}`);
  const wanted = [0, 1].map((index) => makeWanted(`seed${seed}-run${run}-extra${attempt}-${index}`, random));
  return { wanted, kill: { trigger: 'time', delayMs: random.whole(30, 150) } };
}

function makeKill(random: Random): Kill {
  const trigger = random.pick(triggers);
  const longestMs = { time: 2_500, posting: 12, signed: 8, mined: 8 }[trigger];
  return { trigger, delayMs: Math.round(random.fraction() * longestMs) };
}

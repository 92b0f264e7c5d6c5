import type { Misbehaviour } from './chain-faults.ts';
import { type KillPoint, killPoints } from './kill-points.ts';
import { createRandom, type Random } from './random.ts';

/** What happens on one chain in one run. */
export interface ChainPlan {
  /** Which worker is killed. */
  point: KillPoint;
  /** What is asked for: by which signer, a deployment or a call of what stands there. */
  sends: { signer: number; isCall: boolean }[];
  faults: Misbehaviour;
  /** The chain goes back to how it was before the run, so many blocks at least; `rival`: to a longer branch. */
  reorg: { depth: number; rival: boolean } | null;
  /** Nothing is mined for so many milliseconds; null where all is mined at once. */
  idleMs: number | null;
  /** What the first deployment's owner asks for while it waits to be mined. */
  wish: 'speed-up' | 'cancel' | null;
}

/** What happens in one run. */
export interface DeployRun {
  chains: [ChainPlan, ChainPlan];
  /** A further worker is killed after so many milliseconds, whatever it does; null for none. */
  randomKillMs: number | null;
}

export const signersCount = 3;
/** Long enough for the platform to offer more by itself. */
const stuckMs = 34_000;
const stuckEveryRuns = 50;

/** @returns the same for the same seed and run; every kill point comes once in as many runs as there are pairs */
export function planDeployRun(seed: number, run: number): DeployRun {
  const random = createRandom(`deploy/${seed}/${run}`);
  const round = Math.floor((run - 1) / killPoints.length);
  const [one, other] = killPoints[(run - 1) % killPoints.length] as (typeof killPoints)[number];
  const points = round % 2 === 0 ? [one, other] : [other, one];
  const [first, second] = points.map((point, at) => planChain(random, point, `${seed}/${run}/${at}`));
  if (!first || !second) throw new Error('two points, two chains');
  if (run % stuckEveryRuns === 0) first.idleMs ??= stuckMs;
  return {
    chains: [first, second],
    randomKillMs: random.chance(0.3) ? random.whole(20, 1_500) : null,
  };
}

function planChain(random: Random, point: KillPoint, seed: string): ChainPlan {
  const { needs } = point;
  const goesBack = needs === 'reorg' || (needs === undefined && random.chance(0.3));
  const wish = needs === 'speed-up' || needs === 'cancel' ? needs : null;
  const idles = !goesBack && (wish !== null || random.chance(0.2));
  const wishes = [null, 'speed-up', 'cancel'] as const;
  return {
    point,
    sends: Array.from({ length: random.whole(2, 4) }, () => ({
      signer: random.whole(0, signersCount - 1),
      isCall: random.chance(0.3),
    })),
    faults: {
      seed,
      rate: random.pick([0, 0.03, 0.1, 0.25]),
      silent: random.chance(0.15),
      lag: random.chance(0.25)
        ? { afterMs: random.whole(0, 1_000), ms: random.whole(300, 3_000), blocks: random.whole(1, 6) }
        : null,
    },
    reorg: goesBack ? { depth: random.pick([1, 2, 3, 3, 6]), rival: random.chance(0.5) } : null,
    idleMs: idles ? random.whole(300, 2_500) : null,
    wish: idles ? (wish ?? random.pick(wishes)) : null,
  };
}

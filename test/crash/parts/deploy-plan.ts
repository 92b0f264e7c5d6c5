import { type KillPoint, killPoints } from './faulty-chain.ts';
import { createRandom } from './random.ts';

/** What happens in one run. */
export interface DeployRun {
  /** Deployments asked for: on which chain, by which signer. */
  wanted: { chain: number; signer: number }[];
  /** The kill between two facts, on one chain. */
  point: KillPoint;
  chain: number;
  /** A second worker is killed after so many milliseconds, whatever it does; null for none. */
  randomKillMs: number | null;
  /** One call in so many goes wrong. */
  faultRate: number;
  /** The chain goes back to how it was before this run. */
  reorg: boolean;
  /** Nothing is mined for so many milliseconds; null when all is mined at once. */
  idleMs: number | null;
}

/** @returns the same for the same seed and run; every point comes once in as many runs as there are points */
export function planDeployRun(seed: number, run: number): DeployRun {
  const random = createRandom(`deploy/${seed}/${run}`);
  const point = killPoints[(run - 1) % killPoints.length] as KillPoint;
  return {
    wanted: Array.from({ length: random.whole(3, 8) }, () => ({
      chain: random.whole(0, 1),
      signer: random.whole(0, 2),
    })),
    point,
    chain: random.whole(0, 1),
    randomKillMs: random.chance(0.4) ? random.whole(20, 1_500) : null,
    faultRate: random.pick([0, 0.03, 0.1, 0.25]),
    reorg: random.chance(0.35),
    idleMs: random.chance(0.2) ? random.whole(300, 3_000) : null,
  };
}

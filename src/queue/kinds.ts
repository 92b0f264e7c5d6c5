import { limits } from '../lib/limits.ts';

/** What the queue must know of a kind of job; what it means is the handler's business. */
export interface KindRules {
  /** How often a retryable failure is tried, the first time included. */
  attemptsMax: number;
  /** How long one attempt may run. A waiting job does not count. */
  secondsMax: number;
  /** Of jobs whose turn it is, those with more go first: short interactive work is not held up by long work. */
  priority: number;
  lane: Lane;
}

/**
 * A lane has workers of its own in each process: deliveries spend their time waiting for receivers, deployments for
 * nodes of a chain, and neither must take the places of work that needs processors.
 */
export const lanes = { work: 0, delivery: 1, chain: 2 } as const;

export type Lane = keyof typeof lanes;

/** LIST of job kinds. `jobs/index.ts` has a handler for each, or does not type-check. */
export const kinds = {
  generate: {
    attemptsMax: limits.jobAttemptsMax,
    secondsMax: limits.generateSeconds,
    priority: 20,
    lane: 'work',
  },
  compile: {
    attemptsMax: limits.jobAttemptsMax,
    secondsMax: limits.compileJobSeconds,
    priority: 20,
    lane: 'work',
  },
  audit: {
    attemptsMax: limits.jobAttemptsMax,
    secondsMax: limits.auditSeconds,
    priority: 10,
    lane: 'work',
  },
  // Somebody's money may be under way: faults of the network are waited out.
  deploy: { attemptsMax: 10, secondsMax: 120, priority: 30, lane: 'chain' },
  // Its handler decides when to give up.
  webhook: { attemptsMax: 100, secondsMax: 30, priority: 0, lane: 'delivery' },
  // Waits for a server of others, too, and does not count its waits as attempts.
  verify: { attemptsMax: 10, secondsMax: 120, priority: 0, lane: 'delivery' },
} as const satisfies Record<string, KindRules>;

export type JobKind = keyof typeof kinds;
export const jobKinds = Object.keys(kinds) as JobKind[];

/** @returns the number under which the lane of a kind stands in rows */
export function laneOf(kind: JobKind): number {
  return lanes[kinds[kind].lane];
}

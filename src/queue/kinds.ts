import { limits } from '../lib/limits.ts';

/** What the queue must know of a kind of job; what it means is the handler's business. */
export interface KindRules {
  /** How often a retryable failure is tried, the first time included. */
  attemptsMax: number;
  /** How long one attempt may run. A waiting job does not count. */
  secondsMax: number;
  /** Higher goes first: short interactive work is not held up by long work. */
  priority: number;
}

/** LIST of job kinds. `jobs/index.ts` has a handler for each, or does not type-check. */
export const kinds = {
  generate: { attemptsMax: limits.jobAttemptsMax, secondsMax: limits.generateSeconds, priority: 20 },
  compile: { attemptsMax: limits.jobAttemptsMax, secondsMax: limits.compileSeconds + 30, priority: 20 },
  audit: { attemptsMax: limits.jobAttemptsMax, secondsMax: limits.auditSeconds, priority: 10 },
  // Sending is cheap and somebody's money may be under way: it goes first, and faults of the network are waited out.
  deploy: { attemptsMax: 10, secondsMax: 120, priority: 30 },
} as const satisfies Record<string, KindRules>;

export type JobKind = keyof typeof kinds;
export const jobKinds = Object.keys(kinds) as JobKind[];

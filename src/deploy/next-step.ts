import type { NetworkKind } from '../chain/types.ts';
import { backoffMs } from '../lib/retry.ts';
import { terminalStatuses } from './reduce.ts';
import type { Attempt, DeployPlan, DeployState } from './types.ts';

/** The one thing to do next. */
export type Step =
  | { kind: 'plan' | 'fund' | 'simulate' | 'estimate' }
  | { kind: 'sign' }
  | { kind: 'send'; attempt: Attempt }
  | { kind: 'give-up'; attempt: Attempt }
  | { kind: 'watch' | 'check-nonce' | 'check-code' | 'explain-revert' }
  | { kind: 'done' };

/** What `nextStep` needs besides the state. */
export interface StepFacts {
  plan: Pick<DeployPlan, 'networkKind' | 'confirmations'>;
  /** Usual time between blocks. */
  blockSeconds: number;
  now: Date;
}

/** Decides what remains to be done, from nothing but the folded journal and the time. Pure. */
export function nextStep(state: DeployState, facts: StepFacts): Step {
  if (terminalStatuses.includes(state.status)) return { kind: 'done' };
  const attempt = state.attempts.at(-1);
  if (!attempt) return prepare(state, facts.plan.networkKind);
  if (state.mined) {
    if (state.mined.depth < facts.plan.confirmations) return { kind: 'watch' };
    return { kind: state.mined.status === 'success' ? 'check-code' : 'explain-revert' };
  }
  const outcome = attempt.lastSend?.outcome;
  if (outcome === 'rejected' && !state.attempts.some((each) => each.maybeSent))
    return { kind: 'give-up', attempt };
  if (!isDue(attempt, facts)) return { kind: outcome === 'nonce-too-low' ? 'check-nonce' : 'watch' };
  if (outcome === 'insufficient-funds' && facts.plan.networkKind === 'local') return { kind: 'fund' };
  return { kind: 'send', attempt };
}

function prepare(state: DeployState, networkKind: NetworkKind): Step {
  if (state.status === 'queued') return { kind: 'plan' };
  if (networkKind === 'local' && !state.funded) return { kind: 'fund' };
  if (!state.simulation) return { kind: 'simulate' };
  if (!state.estimate) return { kind: 'estimate' };
  return { kind: 'sign' };
}

/**
 * Whether the bytes have to be handed to a node (again). Taken ones are repeated rarely, since pools forget; refused
 * and unclear ones with a growing pause.
 */
function isDue({ lastSend, sends }: Attempt, { plan, blockSeconds, now }: StepFacts): boolean {
  if (!lastSend) return true;
  const taken = lastSend.outcome === 'accepted' || lastSend.outcome === 'already-known';
  // The local chain mines at once: what is not there after two seconds was lost with the chain's last state.
  const repeatMs = plan.networkKind === 'local' ? 2_000 : Math.max(30_000, 3_000 * blockSeconds);
  const pauseMs = taken ? Math.min(repeatMs * sends, 300_000) : backoffMs(sends, 0.5, 500, 15_000);
  return now.getTime() - Date.parse(lastSend.at) >= pauseMs;
}

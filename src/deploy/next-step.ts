import { limits } from '../lib/limits.ts';
import { backoffMs } from '../lib/retry.ts';
import type { ReplacementReason } from './messages.ts';
import { isEmpty, terminalStatuses } from './reduce.ts';
import type { Attempt, DeployPlan, DeployState, GivenSignature, ReplacementRequest } from './types.ts';

/** The one thing to do next. */
export type Step =
  | { kind: 'plan' | 'fund' | 'look' | 'simulate' | 'estimate' }
  | { kind: 'sign' }
  | { kind: 'hand-out' | 'overdue' }
  | { kind: 'await-signature' }
  | AdoptStep
  | { kind: 'send'; attempt: Attempt }
  | { kind: 'give-up'; attempt: Attempt }
  | ReplaceStep
  | { kind: 'watch' | 'check-nonce' | 'check-code' | 'confirm-call' | 'explain-revert' | 'end-empty' }
  | { kind: 'done' };

/** Other bytes are to compete with `attempt` for its nonce. */
export interface ReplaceStep {
  kind: 'replace';
  attempt: Attempt;
  reason: ReplacementReason;
  request?: ReplacementRequest;
}

/** Bytes that were signed elsewhere are to be taken up. */
export interface AdoptStep {
  kind: 'adopt';
  signature: GivenSignature;
}

/** What `nextStep` needs besides the state. */
export interface StepFacts {
  plan: Pick<DeployPlan, 'networkKind' | 'confirmations' | 'feePolicy' | 'create2' | 'call' | 'external'>;
  /** The newest request of a person. */
  request?: ReplacementRequest | null;
  /** The newest bytes that were signed elsewhere. */
  signature?: GivenSignature | null;
  /** Usual time between blocks. */
  blockSeconds: number;
  now: Date;
}

/** Decides what remains to be done, from nothing but the folded journal and the time. Pure. */
export function nextStep(state: DeployState, facts: StepFacts): Step {
  if (terminalStatuses.includes(state.status)) return { kind: 'done' };
  const attempt = state.attempts.at(-1);
  if (!attempt) return prepare(state, facts);
  if (state.mined) {
    if (state.mined.depth < facts.plan.confirmations) return { kind: 'watch' };
    if (isEmpty(state, state.mined.hash)) return { kind: 'end-empty' };
    if (state.mined.status === 'reverted') return { kind: 'explain-revert' };
    return { kind: facts.plan.call ? 'confirm-call' : 'check-code' };
  }
  const signature = openRequest(state, facts.signature);
  if (signature) return { kind: 'adopt', signature };
  const request = openRequest(state, facts.request);
  if (request) return { kind: 'replace', attempt, reason: request.reason, request };
  const outcome = attempt.lastSend?.outcome;
  const maybeSent = state.attempts.some((each) => each.maybeSent);
  if (outcome === 'rejected' && (!maybeSent || isStuck(state, attempt, facts)))
    return attempt.empty || facts.plan.external
      ? refusedForGood(attempt, maybeSent)
      : { kind: 'replace', attempt, reason: 'fill' };
  if (!isDue(attempt, facts)) {
    if (outcome === 'nonce-too-low') return { kind: 'check-nonce' };
    return isStuck(state, attempt, facts) ? { kind: 'replace', attempt, reason: 'bump' } : { kind: 'watch' };
  }
  if (outcome === 'insufficient-funds' && facts.plan.networkKind === 'local') return { kind: 'fund' };
  return { kind: 'send', attempt };
}

function prepare(state: DeployState, facts: StepFacts): Step {
  const { networkKind, create2, external } = facts.plan;
  if (state.status === 'queued') return { kind: 'plan' };
  if (create2 && !state.looked) return { kind: 'look' };
  if (networkKind === 'local' && !state.funded) return { kind: 'fund' };
  if (!state.simulation) return { kind: 'simulate' };
  if (!state.estimate) return { kind: 'estimate' };
  return external ? awaitSignature(state, facts) : { kind: 'sign' };
}

function awaitSignature(state: DeployState, { signature: given, now }: StepFacts): Step {
  const { handedOutUntil } = state;
  if (handedOutUntil === null) return { kind: 'hand-out' };
  const signature = openRequest(state, given);
  if (signature) return { kind: 'adopt', signature };
  return { kind: now.getTime() < Date.parse(handedOutUntil) ? 'await-signature' : 'overdue' };
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

/** Not even an empty transaction is taken, or there is nobody to sign one: nothing can be done while other bytes may be out, and all is over otherwise. */
function refusedForGood(attempt: Attempt, maybeSent: boolean): Step {
  return maybeSent ? { kind: 'watch' } : { kind: 'give-up', attempt };
}

/** The request or signature that nobody answered yet. After a cancellation nothing is sped up but the cancellation itself. */
function openRequest<Request extends { id: string }>(
  state: DeployState,
  request: Request | null | undefined,
): Request | undefined {
  if (!request || state.requestsAnswered.includes(request.id)) return undefined;
  return request;
}

/**
 * Whether bytes wait for so long that more should be offered: a number of blocks by what the plan is ready to pay, and
 * longer each time. Bytes that a node calls underpriced need not wait; those without money would not be helped; those
 * that are refused are given long to be taken after all.
 */
function isStuck(state: DeployState, attempt: Attempt, { plan, blockSeconds, now }: StepFacts): boolean {
  const outcome = attempt.lastSend?.outcome;
  const replacements = state.attempts.length - 1;
  if (plan.external || !outcome || outcome === 'insufficient-funds' || replacements >= limits.replacementsMax)
    return false;
  const seconds =
    outcome === 'underpriced'
      ? Math.max(2, blockSeconds)
      : outcome === 'rejected'
        ? refusedSeconds
        : Math.max(30, blockSeconds * stuckBlocks[plan.feePolicy]);
  return now.getTime() - Date.parse(attempt.signedAt) >= seconds * 1_000 * (replacements + 1);
}

/** How long bytes are offered again that are refused and may be out all the same. */
const refusedSeconds = 600;
/** Blocks after which a transaction that is not mined counts as stuck. */
const stuckBlocks = { slow: 40, standard: 20, fast: 8 };

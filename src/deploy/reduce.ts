import type { Hex } from '../chain/types.ts';
import type { Message, SeenMessage, SentMessage, SignedMessage } from './messages.ts';
import type { Attempt, DeployState, DeployStatus } from './types.ts';

/** The statuses in which nothing more is to be done; the chain may still take back `confirmed` and `reverted`. */
export const terminalStatuses: readonly DeployStatus[] = [
  'estimated',
  'confirmed',
  'failed',
  'reverted',
  'cancelled',
];

/** The state before any fact. */
export const initialState: DeployState = {
  status: 'queued',
  funded: false,
  looked: false,
  source: null,
  simulation: null,
  estimate: null,
  nonce: null,
  predictedAddress: null,
  attempts: [],
  mined: null,
  address: null,
  costPaid: null,
  codeMatches: null,
  events: null,
  handedOutUntil: null,
  missingSince: null,
  error: null,
  stuck: null,
  requestsAnswered: [],
  fallbacks: 0,
};

/** Folds a journal into the state. Pure; the order of the facts is the order of the journal. */
export function reduceAll(messages: readonly Message[], state: DeployState = initialState): DeployState {
  return messages.reduce(reduce, state);
}

/**
 * One fact's effect on the state. Pure. After an end only `unconfirmed` counts: a late fact cannot reopen what is
 * final, and a fold that throws would jam the deployment.
 */
export function reduce(state: DeployState, message: Message): DeployState {
  if (terminalStatuses.includes(state.status) && message.kind !== 'unconfirmed') return state;
  switch (message.kind) {
    case 'planned':
      return { ...state, status: 'preparing' };
    case 'funded':
      return { ...state, funded: true, attempts: state.attempts.map(retryAfterFunding) };
    case 'looked':
      return { ...state, looked: true };
    case 'simulated': {
      const { ok, codeMatches, revert, error } = message;
      const simulation = {
        ok,
        ...(codeMatches === undefined ? {} : { codeMatches }),
        ...(revert ? { revert } : {}),
      };
      return ok ? { ...state, simulation } : { ...state, simulation, status: 'failed', error: error ?? null };
    }
    case 'estimated': {
      const { kind: _kind, at: _at, final, ...estimate } = message;
      return { ...state, estimate, status: final ? 'estimated' : state.status };
    }
    case 'handed-out':
      return { ...state, status: 'awaiting_signature', handedOutUntil: message.until };
    case 'signed':
      return {
        ...answered(state, message.requestId),
        status: 'signed',
        stuck: null,
        nonce: message.nonce,
        predictedAddress: message.predictedAddress,
        attempts: [...state.attempts, newAttempt(message)],
      };
    case 'replaced': {
      const { reason, empty, requestId } = message;
      const attempt = newAttempt({ ...message, nonce: state.nonce ?? 0 }, { reason, empty });
      return { ...answered(state, requestId), attempts: [...state.attempts, attempt], stuck: null };
    }
    case 'stuck':
      return { ...answered(state, message.requestId), stuck: message.error };
    case 'sent':
      return sent(state, message);
    case 'seen': {
      const { kind: _kind, at: _at, ...mined } = message;
      const costPaid =
        mined.effectiveGasPrice === null
          ? null
          : (BigInt(mined.gasUsed) * BigInt(mined.effectiveGasPrice)).toString();
      return {
        ...state,
        status: 'mined',
        mined,
        address: addressOf(state, mined),
        costPaid,
        missingSince: null,
        stuck: null,
      };
    }
    case 'missing':
      return { ...state, missingSince: state.missingSince ?? message.at };
    case 'confirmed':
      return {
        ...state,
        status: 'confirmed',
        address: message.address,
        codeMatches: message.codeMatches ?? null,
        events: message.events ?? null,
        // A call leaves nothing that could have a source.
        source: message.address === null ? null : (message.source ?? 'created'),
        error: null,
      };
    case 'reverted':
      return { ...state, status: 'reverted', address: null, error: message.error };
    case 'unconfirmed':
      return fallBack(state);
    case 'failed':
      return {
        ...state,
        status: 'failed',
        error: message.error,
        codeMatches: message.codeMatches ?? state.codeMatches,
      };
    case 'cancelled':
      // Signed bytes may be on their way and cannot be called back: only the chain says how that ends.
      return state.attempts.length > 0 && message.hash === undefined
        ? state
        : { ...state, status: 'cancelled', address: null };
  }
}

/** A deployer contract's receipt names no contract. */
function addressOf(
  state: DeployState,
  mined: Pick<SeenMessage, 'hash' | 'status' | 'contractAddress'>,
): Hex | null {
  if (isEmpty(state, mined.hash)) return null;
  return mined.contractAddress ?? (mined.status === 'success' ? state.predictedAddress : null);
}

function answered(state: DeployState, requestId: string | undefined): DeployState {
  if (requestId === undefined || state.requestsAnswered.includes(requestId)) return state;
  return { ...state, requestsAnswered: [...state.requestsAnswered, requestId] };
}

/** @returns whether the bytes of this hash deploy nothing */
export function isEmpty(state: Pick<DeployState, 'attempts'>, hash: Hex): boolean {
  return state.attempts.some((attempt) => attempt.hash === hash && attempt.empty);
}

function newAttempt(
  from: Pick<SignedMessage, 'hash' | 'raw' | 'nonce' | 'gasLimit' | 'fees' | 'at'>,
  { reason, empty }: Pick<Attempt, 'reason' | 'empty'> = { reason: null, empty: false },
): Attempt {
  const { hash, raw, nonce, gasLimit, fees, at } = from;
  const unsent = { sends: 0, lastSend: null, maybeSent: false };
  return { hash, raw, nonce, gasLimit, fees, reason, empty, signedAt: at, ...unsent };
}

/** A refusal for lack of funds is over once there are funds. */
function retryAfterFunding(attempt: Attempt): Attempt {
  return attempt.lastSend?.outcome === 'insufficient-funds' ? { ...attempt, lastSend: null } : attempt;
}

function sent(state: DeployState, { hash, outcome, message, at }: SentMessage): DeployState {
  // A node that refuses says nothing about the other nodes that took the bytes before.
  const taken = ['accepted', 'already-known', 'unknown', 'nonce-too-low'].includes(outcome);
  const attempts = state.attempts.map((attempt) =>
    attempt.hash === hash
      ? {
          ...attempt,
          sends: attempt.sends + 1,
          lastSend: { outcome, message, at },
          maybeSent: attempt.maybeSent || taken,
        }
      : attempt,
  );
  return { ...state, attempts, status: taken && state.status === 'signed' ? 'broadcast' : state.status };
}

/** Back to broadcast: every attempt's bytes have to be sent again, and what the block had shown is void. */
function fallBack(state: DeployState): DeployState {
  return {
    ...state,
    status: 'broadcast',
    attempts: state.attempts.map((attempt) => ({ ...attempt, sends: 0, lastSend: null })),
    mined: null,
    address: null,
    costPaid: null,
    codeMatches: null,
    events: null,
    source: null,
    missingSince: null,
    error: null,
    fallbacks: state.fallbacks + 1,
  };
}

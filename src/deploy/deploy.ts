import { AppError, toStoredError } from '../lib/app-error.ts';
import { invariant } from '../lib/invariant.ts';
import { sleep } from '../lib/retry.ts';
import type { Message, StuckMessage } from './messages.ts';
import { nextStep, type Step } from './next-step.ts';
import { makePacer } from './pacer.ts';
import { reduce, reduceAll, terminalStatuses } from './reduce.ts';
import { type Adopted, adopt, nonceOf, refusedSignature } from './steps/adopt.ts';
import { checkCode } from './steps/check-code.ts';
import { checkNonce } from './steps/check-nonce.ts';
import { confirmCall } from './steps/confirm-call.ts';
import type { StepContext } from './steps/context.ts';
import { endEmpty } from './steps/end-empty.ts';
import { estimate } from './steps/estimate.ts';
import { explainRevert } from './steps/explain-revert.ts';
import { fund } from './steps/fund.ts';
import { giveUp } from './steps/give-up.ts';
import { handOut, overdue } from './steps/hand-out.ts';
import { look } from './steps/look.ts';
import { plan as takeUp } from './steps/plan.ts';
import { recheck } from './steps/recheck.ts';
import { paymentOf, prepareReplacement, signReplacement } from './steps/replace.ts';
import { send } from './steps/send.ts';
import { sign } from './steps/sign.ts';
import { simulate } from './steps/simulate.ts';
import { watch } from './steps/watch.ts';
import type { DeployOptions, DeployResult, DeployState } from './types.ts';

/** A pause long enough for people to look: what is known by then is written down first. */
const visibleMs = 40;

/** How long nobody looks whether a signature came: whoever gives one wakes the job. */
const signatureMs = 3_600_000;

/** How long to leave a chain alone that cannot be asked. */
const troubleMs = 3_000;

/**
 * Drives one deployment as far as it goes: next step, act, record, reduce. It may be killed at any moment and called
 * again with the committed journal; the same bytes go out and one contract comes to be.
 *
 * Only two commits are needed: the signature before the first send, and the end. Facts that nothing depends on ride
 * along with them, or are written before a longer pause so that people see them.
 *
 * @throws AppError of the chain room while nothing is signed (afterwards it is the result's `problem`), whatever the
 * journal rejects with when the lease is lost, and the signal's reason when it is aborted; in each case call again
 * later with the journal as it then is
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { chain, journal, signal } = options;
  invariant(options.plan.chainId === chain.network.chainId, 'plan and client are of one chain');
  const { plan, signer, now, knownGas } = options;
  const gas = knownGas && { known: knownGas, tried: null };
  const context: StepContext = { plan, chain, signer, now, gas };
  const pacer = makePacer({ network: chain.network, firstMs: options.pollMs, now });
  let state = asLoaded(reduceAll(options.messages));
  let pending: Message[] = [];

  const note = async (fact: Message) => {
    state = reduce(state, fact);
    pending.push(fact);
    // A confirmation taken back is news, and the deployment must be found unfinished whatever happens next.
    if (fact.kind === 'unconfirmed') await flush();
  };
  const flush = async () => {
    const facts = pending;
    pending = [];
    if (facts.length > 0) await journal.record(facts);
  };

  /** @returns what to say where the bytes cannot be taken up */
  const recordAdopted = async (fact: Adopted, before: Message[]): Promise<StuckMessage | null> => {
    try {
      await journal.recordAdopted(before, fact, nonceOf(state, fact));
      return null;
    } catch (error) {
      if (!(error instanceof AppError) || error.retryable) throw error;
      return refusedSignature(fact.requestId ?? '', error, context);
    }
  };

  if (options.recheck && state.mined && terminalStatuses.includes(state.status)) {
    const fact = await recheck(state.mined, context);
    if (fact) await note(fact);
  }
  while (true) {
    signal.throwIfAborted();
    const step = nextStep(state, {
      plan: context.plan,
      blockSeconds: chain.network.blockSeconds,
      request: options.request ?? null,
      signature: options.signature ?? null,
      now: context.now(),
    });
    if (step.kind === 'done') {
      if (!options.leavesLast) await flush();
      return { state, done: true, last: pending };
    }
    if (step.kind === 'sign') {
      const before = pending;
      pending = [];
      const ready = state;
      state = reduce(
        state,
        await journal.recordSigned(before, (nonce) => sign(ready, { ...context, nonce })),
      );
      continue;
    }
    if (step.kind === 'await-signature') {
      await flush();
      return { state, done: false, last: [], waitMs: signatureMs };
    }
    let fact: Message | null;
    try {
      if (step.kind === 'adopt') {
        const adopted = await adopt(state, step, context);
        if (adopted.kind === 'stuck') {
          await note(adopted);
          continue;
        }
        const before = pending;
        const refusal = await recordAdopted(adopted, before);
        if (refusal) await note(refusal);
        else {
          pending = [];
          state = reduce(state, adopted);
        }
        continue;
      }
      if (step.kind === 'replace') {
        const prepared = await prepareReplacement(state, step, context);
        if ('replacement' in prepared) {
          const before = pending;
          pending = [];
          const { replacement } = prepared;
          const sign = () => signReplacement(replacement, context);
          state = reduce(state, await journal.recordReplaced(before, sign, paymentOf(replacement)));
          continue;
        }
        fact = prepared.fact;
      } else fact = await take(step, state, context);
    } catch (error) {
      // Nothing signed, nothing to lose: the caller may try again or fail. Afterwards only waiting is safe.
      if (state.attempts.length === 0 || !(error instanceof AppError)) throw error;
      await flush();
      return { state, done: false, last: [], waitMs: troubleMs, problem: toStoredError(error) };
    }
    if (fact) {
      await note(fact);
      continue;
    }
    const pause = pacer.next(state, context.plan);
    if (pause.kind === 'leave') {
      await flush();
      return { state, done: false, last: [], waitMs: pause.ms };
    }
    if (pause.ms >= visibleMs) await flush();
    await sleep(pause.ms, signal);
  }
}

/** Bytes of an earlier process may have left it before it could say so: whatever a node says now, they may be out. */
function asLoaded(state: DeployState): DeployState {
  return { ...state, attempts: state.attempts.map((attempt) => ({ ...attempt, maybeSent: true })) };
}

/** Takes one step. @returns the fact it established, or null when there is nothing new */
async function take(
  step: Exclude<Step, { kind: 'sign' | 'replace' | 'adopt' | 'await-signature' | 'done' }>,
  state: DeployState,
  context: StepContext,
): Promise<Message | null> {
  switch (step.kind) {
    case 'plan':
      return takeUp(context);
    case 'fund':
      return fund(context);
    case 'look':
      return look(context);
    case 'simulate':
      return simulate(context);
    case 'estimate':
      return estimate(context);
    case 'hand-out':
      return handOut(context);
    case 'overdue':
      return overdue(state, context);
    case 'send':
      return send(step.attempt, context);
    case 'confirm-call':
      return confirmCall(state, context);
    case 'give-up':
      return giveUp(step.attempt, context);
    case 'watch':
      return watch(state, context);
    case 'check-nonce':
      return checkNonce(state, context);
    case 'check-code':
      return checkCode(state, context);
    case 'explain-revert':
      return explainRevert(state, context);
    case 'end-empty':
      return endEmpty(state, context);
  }
}

import { readSigned } from '../../chain/read-signed.ts';
import { type AppError, toStoredError } from '../../lib/app-error.ts';
import { checkSigned } from '../check-signed.ts';
import { fail } from '../errors.ts';
import { toJsonFees } from '../json-fees.ts';
import type { ReplacedMessage, SignedMessage, StuckMessage } from '../messages.ts';
import type { AdoptStep } from '../next-step.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { predictAddress } from './sign.ts';

/** Bytes from elsewhere as a fact that stands beside the platform's own signatures. */
export type Adopted = SignedMessage | ReplacedMessage;

/**
 * Takes up what was signed elsewhere: the first bytes, or others for the same nonce. Reads only; nothing is believed but
 * the bytes themselves.
 *
 * @returns `stuck` where they cannot be taken up, with the reason
 */
export async function adopt(
  state: DeployState,
  { signature }: AdoptStep,
  context: StepContext,
): Promise<Adopted | StuckMessage> {
  const { chain, plan } = context;
  const { id, raw } = signature;
  const signed = await readSigned(raw);
  const refusal = signed ? checkSigned(plan, signed) : fail('signed-transaction-unreadable');
  if (refusal || !signed)
    return refusedSignature(id, refusal ?? fail('signed-transaction-unreadable'), context);
  const { hash, nonce, gas, fees } = signed;
  const bytes = {
    at: stamp(context),
    hash,
    raw,
    gasLimit: gas.toString(),
    fees: toJsonFees(fees),
    requestId: id,
  };
  const before = state.attempts.at(-1);
  if (before) {
    if (state.attempts.some((attempt) => attempt.hash === hash))
      return refusedSignature(id, fail('signature-known', { hash }), context);
    if (nonce !== before.nonce) {
      const error = fail('signature-nonce-differs', { nonce: before.nonce, given: nonce });
      return refusedSignature(id, error, context);
    }
    return { kind: 'replaced', replaces: before.hash, reason: 'wallet', empty: false, ...bytes };
  }
  const [chainNonce, receipt] = await Promise.all([chain.nonce(plan.from, 'latest'), chain.receipt(hash)]);
  if (chainNonce > nonce && !receipt) {
    const facts = { nonce, address: plan.from, next: chainNonce };
    return refusedSignature(id, fail('signature-nonce-used', facts), context);
  }
  return { kind: 'signed', from: plan.from, nonce, predictedAddress: predictAddress(plan, nonce), ...bytes };
}

/** @returns the fact that says why bytes from elsewhere were not taken up */
export function refusedSignature(requestId: string, error: AppError, context: StepContext): StuckMessage {
  return { kind: 'stuck', at: stamp(context), error: toStoredError(error), requestId };
}

/** @returns the nonce of what was adopted */
export function nonceOf(state: DeployState, fact: Adopted): number {
  return fact.kind === 'signed' ? fact.nonce : (state.nonce ?? 0);
}

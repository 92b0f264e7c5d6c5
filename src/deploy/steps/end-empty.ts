import { toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import type { CancelledMessage, FailedMessage, UnconfirmedMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';

/** Ends a deployment whose nonce was taken by an empty transaction: cancelled, or its bytes were refused. Reads only. */
export async function endEmpty(
  state: DeployState,
  context: StepContext,
): Promise<CancelledMessage | FailedMessage | UnconfirmedMessage> {
  const { mined, attempts } = state;
  invariant(mined, 'an empty transaction ends a deployment once it is mined');
  const gone = await recheck(mined, context);
  if (gone) return gone;
  const at = stamp(context);
  if (attempts.some((attempt) => attempt.reason === 'cancel'))
    return { kind: 'cancelled', at, hash: mined.hash };
  const refused = attempts.findLast((attempt) => attempt.lastSend?.outcome === 'rejected');
  const facts = { nonce: state.nonce ?? 0, address: context.plan.from };
  const reason = refused?.lastSend?.message ?? '';
  const data = { ...facts, nonceOpen: false, filledBy: mined.hash };
  return {
    kind: 'failed',
    at,
    error: toStoredError(fail('transaction-refused', { ...facts, reason }, { data })),
  };
}

import { toStoredError } from '../../lib/app-error.ts';
import { fail } from '../errors.ts';
import type { FailedMessage } from '../messages.ts';
import type { Attempt } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/** Ends a deployment whose bytes no node ever took. No effect; its nonce stays open, which `data.nonceOpen` says. */
export function giveUp(attempt: Attempt, context: StepContext): FailedMessage {
  const reason = attempt.lastSend?.message ?? '';
  const facts = { nonce: attempt.nonce, address: context.plan.from };
  const error = fail('transaction-rejected', { ...facts, reason }, { data: { ...facts, nonceOpen: true } });
  return { kind: 'failed', at: stamp(context), error: toStoredError(error) };
}

import { toStoredError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { fail } from '../errors.ts';
import type { FailedMessage, HandedOutMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/** Notes that somebody else is to sign, and until when. No effect. */
export function handOut(context: StepContext): HandedOutMessage {
  const until = new Date(context.now().getTime() + limits.signatureDays * 86_400_000).toISOString();
  return { kind: 'handed-out', at: stamp(context), until };
}

/** Ends what nobody signed in time. No effect: no nonce was taken. */
export function overdue({ handedOutUntil }: DeployState, context: StepContext): FailedMessage {
  const error = fail('signature-overdue', { until: handedOutUntil ?? '' });
  return { kind: 'failed', at: stamp(context), error: toStoredError(error) };
}

import type { SentMessage } from '../messages.ts';
import type { Attempt } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/** Hands the recorded bytes to a node. They are the same every time, so doing it again does no harm. */
export async function send(attempt: Attempt, context: StepContext): Promise<SentMessage> {
  const { kind: outcome, message } = await context.chain.send(attempt.raw);
  return { kind: 'sent', at: stamp(context), hash: attempt.hash, outcome, message };
}

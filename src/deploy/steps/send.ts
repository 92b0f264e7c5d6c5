import type { SendOutcome } from '../../chain/types.ts';
import type { SentMessage } from '../messages.ts';
import type { Attempt } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/** Hands the recorded bytes to a node. They are the same every time, so doing it again does no harm. */
export async function send(attempt: Attempt, context: StepContext): Promise<SentMessage> {
  const first = await context.chain.send(attempt.raw);
  const { kind: outcome, message } = (await freed(first, attempt, context)) ?? first;
  return { kind: 'sent', at: stamp(context), hash: attempt.hash, outcome, message };
}

/**
 * Anvil can keep a transaction for ever: one that comes while the one before it is being mined waits for a predecessor
 * that is mined already, and everything behind it waits too (1.7.1, `crates/anvil/src/eth/pool`: what a transaction
 * requires is worked out before the pool is locked). Only bytes that are due again and next in line can be such a one on
 * a chain that mines at once; out of the pool and in again they are worked out anew.
 *
 * @returns what the node said to the bytes then; null where nothing was done
 */
async function freed(
  { kind }: SendOutcome,
  { raw, nonce, sends }: Attempt,
  { chain, plan }: StepContext,
): Promise<SendOutcome | null> {
  const minesAtOnce = plan.networkKind === 'local' && chain.network.blockSeconds <= 1;
  if (kind !== 'already-known' || sends === 0 || !minesAtOnce) return null;
  if ((await chain.nonce(plan.from, 'latest')) !== nonce) return null;
  return (await chain.devEmptyPool(plan.from)) ? chain.send(raw) : null;
}

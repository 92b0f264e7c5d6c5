import { toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import type { FailedMessage, MissingMessage, SeenMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { seen } from './watch.ts';

/**
 * A node said "nonce too low": most likely our own transaction was mined. Asks every endpoint for our hashes first.
 * That somebody else used the nonce is believed only when it holds at the depth of a confirmation, and on a second
 * look some blocks later. Reads only.
 *
 * @returns null when it is too early to tell
 */
export async function checkNonce(
  state: DeployState,
  context: StepContext,
): Promise<SeenMessage | MissingMessage | FailedMessage | null> {
  const { chain, plan } = context;
  const attempt = state.attempts.at(-1);
  invariant(attempt, 'the nonce is checked after signing');
  const [head, ...receipts] = await Promise.all([
    chain.blockNumber(),
    ...state.attempts.map((each) => chain.receipt(each.hash, { everywhere: true })),
  ]);
  const receipt = receipts.find((each) => each !== null);
  if (receipt) return seen(receipt, head, context);
  const deep = head - BigInt(plan.confirmations - 1);
  const chainNonce = await chain.nonce(plan.from, deep > 0n ? deep : 0n);
  if (chainNonce <= attempt.nonce) return null;
  if (state.missingSince === null) {
    return { kind: 'missing', at: stamp(context), hash: attempt.hash, chainNonce };
  }
  const waitedMs = context.now().getTime() - Date.parse(state.missingSince);
  if (waitedMs < 2_000 * chain.network.blockSeconds) return null;
  const facts = { nonce: attempt.nonce, address: plan.from };
  const error = fail('nonce-used-elsewhere', facts, { data: { ...facts, chainNonce } });
  return { kind: 'failed', at: stamp(context), error: toStoredError(error) };
}

import { toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import type { FailedMessage, MissingMessage, SeenMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { findTaker } from './find-taker.ts';
import { seen } from './watch.ts';

/**
 * A node said "nonce too low": most likely our own transaction was mined. Asks every endpoint for our hashes first.
 * That somebody else used the nonce is believed only when it holds at the depth of a confirmation, on a second look some
 * blocks later, and when the chain shows the transaction that did; where it cannot show it any more, after long. Reads only.
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
  const usedBy = await findTaker(chain, { ...facts, at: deep > 0n ? deep : 0n });
  // Ours, and a node that is behind does not show its receipt.
  if (state.attempts.some(({ hash }) => hash === usedBy)) return null;
  if (usedBy === null && waitedMs < unseenBlocks * 1_000 * chain.network.blockSeconds) return null;
  const error = fail('nonce-used-elsewhere', facts, { data: { ...facts, chainNonce, usedBy } });
  return { kind: 'failed', at: stamp(context), error: toStoredError(error) };
}

/** Blocks after which an absence is believed although no node shows what took the nonce: old states are forgotten. */
const unseenBlocks = 60;

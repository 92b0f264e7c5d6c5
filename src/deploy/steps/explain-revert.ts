import { decodeRevert } from '../../chain/decode-revert.ts';
import { AppError, toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import type { RevertedMessage, UnconfirmedMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';

/** Ends a creation that was mined and undone, and finds out why by playing it again on the block before. Reads only. */
export async function explainRevert(
  state: DeployState,
  context: StepContext,
): Promise<RevertedMessage | UnconfirmedMessage> {
  const { mined } = state;
  invariant(mined, 'a revert is explained after it was mined');
  const gone = await recheck(mined, context);
  if (gone) return gone;
  const attempt = state.attempts.find((each) => each.hash === mined.hash);
  const reason =
    mined.gasUsed === attempt?.gasLimit ? 'it used up all its gas' : await replay(mined.blockNumber, context);
  const { hash, depth, blockNumber, gasUsed } = mined;
  const error = fail('deployment-reverted', { block: blockNumber, reason }, { data: { hash, gasUsed } });
  return { kind: 'reverted', at: stamp(context), hash, depth, error: toStoredError(error) };
}

async function replay(blockNumber: string, { chain, plan }: StepContext): Promise<string> {
  try {
    const request = { from: plan.from, data: plan.data, value: BigInt(plan.value) };
    const outcome = await chain.call(request, BigInt(blockNumber) - 1n);
    if (outcome.kind === 'reverted') return decodeRevert(outcome.data, plan.abi).message;
    return 'the reason depends on the other transactions of that block';
  } catch (error) {
    // The state before may be pruned; the revert itself is certain and must not wait for its reason.
    if (error instanceof AppError && error.code === 'rpc-error')
      return 'the node no longer has the state to find out why';
    throw error;
  }
}

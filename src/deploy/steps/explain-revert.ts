import { decodeRevert } from '../../chain/decode-revert.ts';
import { AppError, toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { codeMatchesBuild } from '../compare-code.ts';
import { fail } from '../errors.ts';
import type { ConfirmedMessage, RevertedMessage, UnconfirmedMessage } from '../messages.ts';
import type { DeployState, Mined } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';
import { trialOf } from './sign.ts';

/** Ends what was mined and undone, and finds out why by playing it again on the block before. Reads only. */
export async function explainRevert(
  state: DeployState,
  context: StepContext,
): Promise<RevertedMessage | UnconfirmedMessage | ConfirmedMessage> {
  const { mined } = state;
  invariant(mined, 'a revert is explained after it was mined');
  const gone = await recheck(mined, context);
  if (gone) return gone;
  const existing = await standsThere(mined, context);
  if (existing) return existing;
  const attempt = state.attempts.find((each) => each.hash === mined.hash);
  const reason =
    mined.gasUsed === attempt?.gasLimit ? 'it used up all its gas' : await replay(mined.blockNumber, context);
  const { hash, depth, blockNumber, gasUsed } = mined;
  const { call } = context.plan;
  const data = { hash, gasUsed };
  const error = call
    ? fail('call-reverted-on-chain', { function: call.function, block: blockNumber, reason }, { data })
    : fail('deployment-reverted', { block: blockNumber, reason }, { data });
  return { kind: 'reverted', at: stamp(context), hash, depth, error: toStoredError(error) };
}

/** A CREATE2 deployer fails where the contract is already: somebody was faster, with the same code. */
async function standsThere(mined: Mined, context: StepContext): Promise<ConfirmedMessage | null> {
  const { chain, plan } = context;
  if (!plan.create2) return null;
  const { address } = plan.create2;
  const code = await chain.code(address, BigInt(mined.blockNumber));
  if (!codeMatchesBuild(code, plan.runtime)) return null;
  const { hash, depth } = mined;
  return {
    ...{ kind: 'confirmed', at: stamp(context), hash, address, depth, codeMatches: true },
    source: 'existing',
  } as const;
}

async function replay(blockNumber: string, { chain, plan }: StepContext): Promise<string> {
  try {
    const outcome = await chain.call(trialOf(plan), BigInt(blockNumber) - 1n);
    if (outcome.kind === 'reverted') return decodeRevert(outcome.data, plan.abi).message;
    return 'the reason depends on the other transactions of that block';
  } catch (error) {
    // The state before may be pruned; the revert itself is certain and must not wait for its reason.
    if (error instanceof AppError && error.code === 'rpc-error')
      return 'the node no longer has the state to find out why';
    throw error;
  }
}

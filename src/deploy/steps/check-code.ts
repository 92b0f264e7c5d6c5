import { toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { codeMatchesBuild } from '../compare-code.ts';
import { fail } from '../errors.ts';
import type { ConfirmedMessage, FailedMessage, UnconfirmedMessage } from '../messages.ts';
import { stillThere } from '../still-there.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';

/**
 * The proof: the block is canonical and the code at the address is the build's. Reads only.
 *
 * @returns null when the node cannot tell yet
 */
export async function checkCode(
  state: DeployState,
  context: StepContext,
): Promise<ConfirmedMessage | FailedMessage | UnconfirmedMessage | null> {
  const { chain, plan } = context;
  const { mined, predictedAddress } = state;
  invariant(mined && predictedAddress, 'code is checked after the creation was mined');
  const address = mined.contractAddress ?? predictedAddress;
  const [gone, latest] = await Promise.all([recheck(mined, context), chain.code(address)]);
  if (gone) return gone;
  // A node behind the receipt's block shows an old state as the latest: ask for the block itself. Code that is there
  // and differs needs no second look, and old states may be pruned.
  const code = latest === '0x' ? await chain.code(address, BigInt(mined.blockNumber)) : latest;
  if (codeMatchesBuild(code, plan.runtime)) {
    const { hash, depth } = mined;
    return { kind: 'confirmed', at: stamp(context), hash, address, depth, codeMatches: true };
  }
  // The chain may have gone back since, or a node that is behind answered: nothing counts against the contract unless the
  // block is seen to stand after its code was read.
  const since = await stillThere(chain, mined);
  if (since === 'unsure') return null;
  if (since !== 'yes') return recheck(mined, context);
  const error = fail('deployed-code-differs', { address }, { data: { address, empty: code === '0x' } });
  return { kind: 'failed', at: stamp(context), error: toStoredError(error), codeMatches: false };
}

import type { UnconfirmedMessage } from '../messages.ts';
import { stillThere } from '../still-there.ts';
import type { Mined } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/** Looks whether a block that counted still does. Reads only. @returns null while it stands or nobody can tell */
export async function recheck(mined: Mined, context: StepContext): Promise<UnconfirmedMessage | null> {
  const answer = await stillThere(context.chain, mined);
  if (answer === 'yes' || answer === 'unsure') return null;
  const { hash, blockNumber, blockHash } = mined;
  return { kind: 'unconfirmed', at: stamp(context), hash, blockNumber, blockHash, reason: answer };
}

import { isAddressEqual } from 'viem';
import { decodeLogs } from '../../chain/decode-logs.ts';
import { readImplementation } from '../../chain/read-implementation.ts';
import { toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { limits } from '../../lib/limits.ts';
import { fail } from '../errors.ts';
import type { ConfirmedMessage, FailedMessage, LoggedEvents, UnconfirmedMessage } from '../messages.ts';
import { stillThere } from '../still-there.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';

/**
 * Ends a call that was mined deep enough: its block is canonical, these are the events it logged there, and an upgrade has
 * left what it was to leave. Reads only.
 *
 * @returns null when the node cannot tell yet
 */
export async function confirmCall(
  state: DeployState,
  context: StepContext,
): Promise<ConfirmedMessage | FailedMessage | UnconfirmedMessage | null> {
  const { chain, plan } = context;
  const { mined } = state;
  invariant(mined, 'a call is confirmed after it was mined');
  const [gone, logs] = await Promise.all([
    recheck(mined, context),
    chain.logs(mined.hash, { blockHash: mined.blockHash }),
  ]);
  if (gone) return gone;
  if (!logs) return null;
  const { hash, depth, blockNumber } = mined;
  const upgrade = plan.call?.upgrade;
  if (upgrade) {
    const { address, after: expected } = upgrade;
    const actual = await readImplementation(chain, upgrade, BigInt(blockNumber));
    if (!isAddressEqual(actual, expected)) {
      // The chain may have gone back since, or a node that is behind answered.
      const since = await stillThere(chain, mined);
      if (since === 'unsure') return null;
      if (since !== 'yes') return recheck(mined, context);
      const facts = { address, block: blockNumber, actual, expected };
      const error = fail('upgrade-without-effect', facts, { data: { actual } });
      return { kind: 'failed', at: stamp(context), error: toStoredError(error) };
    }
  }
  const events = keep(decodeLogs(plan.abi, logs));
  return { kind: 'confirmed', at: stamp(context), hash, address: null, depth, events };
}

/** What comes first is kept. */
function keep(all: LoggedEvents['list']): LoggedEvents {
  let characters = 0;
  const fits = all.slice(0, limits.callEventsMax).filter((event) => {
    characters += JSON.stringify(event).length;
    return characters <= limits.callEventsCharactersMax;
  });
  return { list: fits, leftOut: all.length - fits.length };
}

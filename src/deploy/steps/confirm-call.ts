import { decodeLogs } from '../../chain/decode-logs.ts';
import { invariant } from '../../lib/invariant.ts';
import type { ConfirmedMessage, LoggedEvents, UnconfirmedMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';

/** Of the events of one transaction, those that are kept: as many, and as many characters of JSON. */
const eventsMax = 200;
const charactersMax = 262_144;

/**
 * Ends a call that was mined deep enough: its block is canonical, and these are the events it logged there. Reads only.
 *
 * @returns null when the node cannot tell yet
 */
export async function confirmCall(
  state: DeployState,
  context: StepContext,
): Promise<ConfirmedMessage | UnconfirmedMessage | null> {
  const { chain, plan } = context;
  const { mined } = state;
  invariant(mined, 'a call is confirmed after it was mined');
  const [gone, logs] = await Promise.all([
    recheck(mined, context),
    chain.logs(mined.hash, { blockHash: mined.blockHash }),
  ]);
  if (gone) return gone;
  if (!logs) return null;
  const { hash, depth } = mined;
  const events = keep(decodeLogs(plan.abi, logs));
  return { kind: 'confirmed', at: stamp(context), hash, address: null, depth, events };
}

/** What comes first is kept. */
function keep(all: LoggedEvents['list']): LoggedEvents {
  let characters = 0;
  const fits = all.slice(0, eventsMax).filter((event) => {
    characters += JSON.stringify(event).length;
    return characters <= charactersMax;
  });
  return { list: fits, leftOut: all.length - fits.length };
}

import type { Network } from '../chain/types.ts';
import type { DeployPlan, DeployState } from './types.ts';

/** Wait here for `ms`, or leave the slot to somebody else and come back after `ms`. */
export type Pause = { kind: 'sleep' | 'leave'; ms: number };

/** How long a worker may hold its slot for looking at the chain. */
const patienceMs = 1_000;
/** The same on a local chain that takes its time with blocks. */
const blockwisePatienceMs = 250;

/**
 * Paces the looks at a chain. The local chain mines within milliseconds, so the first looks come fast and the pause
 * grows to 250 ms; a public chain is asked twice a block at most. Where the next look is further away than the
 * patience left, the caller leaves, for as long as blocks take, and longer the longer nothing was mined: thousands that
 * wait for room in blocks would be asked about again and again.
 *
 * @param options.firstMs first pause; chosen by network when undefined
 */
export function makePacer(options: { network: Network; firstMs: number | undefined; now: () => Date }) {
  const { network, now } = options;
  const local = network.kind === 'local';
  const mostMs = local ? 250 : Math.min(15_000, Math.max(250, network.blockSeconds * 500));
  let pauseMs = Math.min(mostMs, options.firstMs ?? (local ? 1 : mostMs));
  let waitedMs = 0;
  return {
    next(state: DeployState, plan: Pick<DeployPlan, 'confirmations'>): Pause {
      const ms = pauseMs;
      if (waitedMs + ms > (local && network.blockSeconds > 1 ? blockwisePatienceMs : patienceMs))
        return { kind: 'leave', ms: leaveMs(state, plan) };
      waitedMs += ms;
      pauseMs = Math.min(mostMs, pauseMs * 1.6);
      return { kind: 'sleep', ms: Math.round(ms) };
    },
  };

  /** Until the confirmations still missing may be there, but a look every 15 s at least. */
  function leaveMs(
    { mined, attempts }: DeployState,
    { confirmations }: Pick<DeployPlan, 'confirmations'>,
  ): number {
    const blocks = mined ? Math.max(1, confirmations - mined.depth) : 1;
    const signedAt = attempts.at(-1)?.signedAt;
    const waitedLongMs = mined || !signedAt ? 0 : (now().getTime() - Date.parse(signedAt)) / 4;
    return Math.round(Math.min(15_000, Math.max(1_000, blocks * network.blockSeconds * 1_000, waitedLongMs)));
  }
}

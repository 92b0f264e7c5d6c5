import { keepRecent } from '../lib/recent.ts';
import type { DeployPlan } from './types.ts';

/** How much gas creations took that were estimated a moment ago. */
export interface KnownGas {
  /** @returns the estimate of a creation that is the same to the byte; null when there is none of late */
  find(plan: DeployPlan): bigint | null;
  keep(plan: DeployPlan, gas: bigint): void;
}

/** Some hundreds of the largest creations, in characters. */
const charactersMax = 16_777_216;

/**
 * Remembers estimates for a while. An estimate is a search that runs the creation some twenty times; for one that was
 * estimated just now a single run under the limit that follows from it says as much: that the limit is enough. Nothing is
 * kept of creations by way of a deployer contract: there the constructor alone is tried, which takes less. Nor of calls,
 * which depend on what was called before.
 *
 * @param options.keptMs how long an estimate is good for
 * @param options.now milliseconds of a clock that only goes forward
 */
export function rememberGas(options: { keptMs: number; now: () => number }): KnownGas {
  const known = keepRecent<{ gas: bigint; at: number }>(charactersMax);
  return {
    find(plan) {
      if (plan.create2 || plan.call) return null;
      const found = known.get(keyOf(plan));
      return found && options.now() - found.at < options.keptMs ? found.gas : null;
    },
    keep(plan, gas) {
      if (plan.create2 || plan.call) return;
      const key = keyOf(plan);
      known.set(key, { gas, at: options.now() }, key.length);
    },
  };
}

function keyOf({ chainId, from, value, data }: DeployPlan): string {
  return [chainId, from, value, data].join();
}

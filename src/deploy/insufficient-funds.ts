import type { ChainClient } from '../chain/types.ts';
import type { AppError } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import type { DeployPlan } from './types.ts';

/** @returns the error that says what the signer has and what it needs, in wei. */
export function insufficientFunds(options: {
  plan: DeployPlan;
  chain: ChainClient;
  need: bigint;
  have: bigint;
}): AppError {
  const { plan, chain, need, have } = options;
  const missing = need > have ? need - have : 0n;
  const wei = { need: need.toString(), have: have.toString(), missing: missing.toString() };
  return fail(
    'insufficient-funds',
    { ...wei, address: plan.from, network: chain.network.name },
    { data: { ...wei, address: plan.from, currency: chain.network.currency.symbol } },
  );
}

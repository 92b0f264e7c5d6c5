import type { ChainClient, Signer } from '../../chain/types.ts';
import type { DeployPlan } from '../types.ts';

/** What every step is handed. */
export interface StepContext {
  plan: DeployPlan;
  chain: ChainClient;
  signer: Signer;
  now: () => Date;
}

/** @returns the time of a fact. */
export function stamp(context: Pick<StepContext, 'now'>): string {
  return context.now().toISOString();
}

import type { ChainClient, Signer } from '../../chain/types.ts';
import type { KnownGas } from '../known-gas.ts';
import type { DeployPlan } from '../types.ts';

/** What every step is handed. */
export interface StepContext {
  plan: DeployPlan;
  chain: ChainClient;
  signer: Signer;
  now: () => Date;
  gas?: GasTrial | undefined;
}

/** What is known of the creation's gas while one turn lasts. */
export interface GasTrial {
  known: KnownGas;
  /** The estimate under whose limit the creation was tried in this turn, and did not fail. */
  tried: bigint | null;
}

/** @returns the time of a fact. */
export function stamp(context: Pick<StepContext, 'now'>): string {
  return context.now().toISOString();
}

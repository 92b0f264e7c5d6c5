import type { Chains } from '../actions/platform.ts';
import type { Network } from '../chain/types.ts';
import type { PartHealth } from '../ops/health.ts';

/**
 * Whether a network's nodes answer and serve the right chain, each asked on its own: work goes on as long as one does,
 * but an operator wants to know of the others before that one fails.
 */
export async function checkNetwork(chains: Chains, network: Network): Promise<PartHealth> {
  const answers = await chains.probe(network.name);
  const good = answers.filter(({ ok }) => ok);
  const faults = answers.filter(({ ok }) => !ok).map(({ detail }) => detail);
  const highest = good.reduce((most, { blockNumber = '0' }) => maximum(most, BigInt(blockNumber)), 0n);
  const where = `chain ${network.chainId}, block ${highest}`;
  if (faults.length === 0) {
    return { status: 'ok', detail: answers.length === 1 ? where : `${where}, ${answers.length} endpoints` };
  }
  const detail = faults.join(' ');
  if (good.length === 0) return { status: 'down', detail };
  return { status: 'degraded', detail: `${where}, ${good.length} of ${answers.length} endpoints: ${detail}` };
}

function maximum(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

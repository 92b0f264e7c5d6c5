import type { Chains } from '../actions/platform.ts';
import { lagAllowed } from '../chain/endpoint-heads.ts';
import type { Network } from '../chain/types.ts';
import type { PartHealth } from '../ops/health.ts';

/**
 * Whether a network's nodes answer and serve the right chain, each asked on its own: work goes on as long as one does,
 * but an operator wants to know of the others before that one fails.
 */
export async function checkNetwork(chains: Chains, network: Network): Promise<PartHealth> {
  const answers = await chains.probe(network.name);
  const good = answers.filter(({ ok }) => ok);
  const highest = good.reduce((most, { blockNumber = '0' }) => maximum(most, BigInt(blockNumber)), 0n);
  const behind = good.flatMap(({ blockNumber = '0' }) => {
    const by = highest - BigInt(blockNumber);
    return by > lagAllowed(network) ? [`One is ${by} blocks behind.`] : [];
  });
  const silent = answers.filter(({ ok }) => !ok).map(({ detail }) => detail);
  const faults = [...silent, ...behind];
  const where = `chain ${network.chainId}, block ${highest}`;
  if (faults.length === 0) {
    return { status: 'ok', detail: answers.length === 1 ? where : `${where}, ${answers.length} endpoints` };
  }
  const detail = faults.join(' ');
  if (good.length === 0) return { status: 'down', detail };
  return {
    status: 'degraded',
    detail: `${where}, ${answers.length - faults.length} of ${answers.length} endpoints: ${detail}`,
  };
}

function maximum(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

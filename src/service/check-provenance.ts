import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import {
  type Check,
  checkReceipt,
  type DeploymentStatement,
  type Envelope,
  verifyEnvelope,
} from '../deploy/provenance.ts';

export type { Check, Envelope };

/**
 * Checks a statement of provenance on this machine: by the keys, by the signed bytes in it, and by one call to a node.
 *
 * @param options.keys public keys (JWK) that are trusted
 * @param options.rpcUrl a node of the chain; null when there is none, which is no pass
 * @param options.offline leaves the chain out
 * @throws AppError of the chain room when the node cannot be asked
 */
export async function checkProvenance(options: {
  envelope: Envelope;
  keys: readonly Record<string, unknown>[];
  rpcUrl: string | null;
  offline: boolean;
}): Promise<{ ok: boolean; checks: Check[]; statement: DeploymentStatement | null }> {
  const { envelope, keys, rpcUrl, offline } = options;
  const { checks, statement } = await verifyEnvelope(envelope, keys);
  if (statement && !offline) checks.push(await checkBlock(statement, rpcUrl));
  const ok = statement !== null && checks.every(({ result }) => result === 'ok');
  return { ok, checks, statement };
}

async function checkBlock(statement: DeploymentStatement, rpcUrl: string | null): Promise<Check> {
  if (rpcUrl === null) return { check: 'block', result: 'not run', detail: 'no node was named' };
  const { deployment, transaction } = statement.predicate;
  // Nothing of a network matters here but its number, which the client compares with the node's.
  const network = { ...local, kind: 'mainnet' as const, chainId: deployment.chainId };
  const chain = connectChain({ network, rpcUrls: [rpcUrl] });
  return checkReceipt(statement, await chain.receipt(transaction.hash));
}

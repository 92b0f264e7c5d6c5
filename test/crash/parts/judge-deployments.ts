import { ask } from './ask.ts';
import { type Creation, readCreations } from './chain-ledger.ts';
import type { FaultyChain } from './faulty-chain.ts';

/** A deployment that the platform accepted. */
export interface AcceptedDeployment {
  id: string;
  chain: number;
  /** Its constructor argument, which no other one has. */
  value: bigint;
  /** Its owner asked for that, so it may end so. */
  mayBeCancelled?: true;
  /** Somebody else used its nonce, so it may end with nothing. */
  mayLoseNonce?: true;
}

/** How the platform says that it stands. */
export interface ToldDeployment {
  id: string;
  status: string;
  address: string | null;
  nonce: number | null;
  error: { code: string; message: string } | null;
  attempts: { hash: string; reason: string | null }[];
  createdAt: string;
  completedAt: string | null;
}

export interface DeployVerdict {
  finished: number;
  confirmed: number;
  cancelledAsAsked: number;
  failedHonestly: number;
  lost: number;
  duplicated: number;
  stuck: number;
  untrue: number;
  /** One sentence each. */
  faults: string[];
}

/** Why a deployment may end before anything is signed: nodes that could not be asked. */
const unasked = new Set(['chain-unreachable', 'rpc-error', 'rpc-reply-malformed']);

/** @returns the verdict before anything was looked at */
export function emptyVerdict(): DeployVerdict {
  return {
    ...{ finished: 0, confirmed: 0, cancelledAsAsked: 0, failedHonestly: 0 },
    ...{ lost: 0, duplicated: 0, stuck: 0, untrue: 0, faults: [] },
  };
}

/** Asks the platform for each deployment, walks every block of every chain, and compares. */
export async function judgeDeployments(given: {
  url: string;
  key: string;
  accepted: readonly AcceptedDeployment[];
  chains: readonly FaultyChain[];
}): Promise<DeployVerdict> {
  const creations = await Promise.all(given.chains.map((chain) => readCreations(chain.truth)));
  const verdict = emptyVerdict();
  for (const deployment of given.accepted) {
    const told = await readDeployment(given, deployment.id);
    judgeOne(verdict, deployment, told, creations[deployment.chain] ?? []);
  }
  return verdict;
}

/** @returns null when the platform does not know it */
export async function readDeployment(
  { url, key }: { url: string; key: string },
  id: string,
): Promise<ToldDeployment | null> {
  const { status, body } = await ask<ToldDeployment>(url, `GET /api/v1/deployments/${id}`, { key });
  if (status !== 200 && status !== 404) throw new Error(`a deployment was answered with ${status}`);
  return status === 200 ? body : null;
}

export function judgeOne(
  verdict: DeployVerdict,
  { id, value, mayBeCancelled, mayLoseNonce }: AcceptedDeployment,
  told: ToldDeployment | null,
  creations: readonly Creation[],
): void {
  const marker = value.toString(16).padStart(64, '0');
  const contracts = creations.filter(({ input, hasCode }) => hasCode && input.endsWith(marker));
  const complain = (kind: 'lost' | 'duplicated' | 'stuck' | 'untrue', what: string) => {
    verdict[kind] += 1;
    verdict.faults.push(`${kind}: deployment ${id} ${what}`);
  };
  if (contracts.length > 1) complain('duplicated', `made ${contracts.length} contracts`);
  if (!told) {
    complain('lost', 'is not known any more');
    return;
  }
  const { status, error } = told;
  if (status === 'confirmed') {
    verdict.finished += 1;
    verdict.confirmed += 1;
    const there = contracts.some(({ address }) => address === told.address?.toLowerCase());
    if (!there) complain('untrue', `is confirmed at ${told.address}, where the chain has no such contract`);
  } else if (status === 'failed' || status === 'reverted' || status === 'cancelled') {
    verdict.finished += 1;
    if (contracts.length > 0) complain('untrue', `is ${status}, and its contract is on the chain`);
    else if (status === 'cancelled' && mayBeCancelled) verdict.cancelledAsAsked += 1;
    else if (error && unasked.has(error.code) && told.nonce === null) verdict.failedHonestly += 1;
    else if (error?.code === 'nonce-used-elsewhere' && mayLoseNonce) verdict.failedHonestly += 1;
    else complain('lost', `is ${status} with ${error?.code}: ${error?.message}`);
  } else complain('stuck', `is ${status}`);
}

import { ask } from './ask.ts';
import { type Ledger, readLedger } from './chain-ledger.ts';
import type { FaultyChain } from './faulty-chain.ts';

/** A deployment that the platform accepted, or a call of a contract that was deployed. */
export interface AcceptedDeployment {
  id: string;
  chain: number;
  /** Its last argument, which no other one has. */
  value: bigint;
  /** Of a call: the contract, in lower case. */
  calls?: string;
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
  transactionHash: string | null;
  /** Of a call. */
  call: { events: { list: unknown[] } | null } | null;
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
  const ledgers = await Promise.all(given.chains.map((chain) => readLedger(chain.truth)));
  const verdict = emptyVerdict();
  for (const deployment of given.accepted) {
    const told = await readDeployment(given, deployment.id);
    judgeOne(verdict, deployment, told, ledgers[deployment.chain] ?? { creations: [], calls: [] });
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
  deployment: AcceptedDeployment,
  told: ToldDeployment | null,
  ledger: Ledger,
): void {
  const { id, mayBeCancelled, mayLoseNonce } = deployment;
  const effects = effectsOf(deployment, ledger);
  const complain = (kind: 'lost' | 'duplicated' | 'stuck' | 'untrue', what: string) => {
    verdict[kind] += 1;
    verdict.faults.push(`${kind}: deployment ${id} ${what}`);
  };
  if (effects.length > 1) complain('duplicated', `is ${effects.length} times on the chain`);
  if (!told) {
    complain('lost', 'is not known any more');
    return;
  }
  const { status, error } = told;
  if (status === 'confirmed') {
    verdict.finished += 1;
    verdict.confirmed += 1;
    const named = deployment.calls === undefined ? told.address?.toLowerCase() : told.transactionHash;
    if (effects.every((effect) => effect !== named))
      complain('untrue', `is confirmed as ${named}, and the chain has no such thing`);
    else if (deployment.calls !== undefined && told.call?.events?.list.length !== 1)
      complain('untrue', `is confirmed with other events than it has logged`);
  } else if (status === 'failed' || status === 'reverted' || status === 'cancelled') {
    verdict.finished += 1;
    if (effects.length > 0) complain('untrue', `is ${status}, and is on the chain`);
    else if (status === 'cancelled' && mayBeCancelled) verdict.cancelledAsAsked += 1;
    else if (error && unasked.has(error.code) && told.nonce === null) verdict.failedHonestly += 1;
    else if (error?.code === 'nonce-used-elsewhere' && mayLoseNonce) verdict.failedHonestly += 1;
    else complain('lost', `is ${status} with ${error?.code}: ${error?.message}`);
  } else complain('stuck', `is ${status}`);
}

/** @returns where its contracts stand, or the hashes of its calls that succeeded: one at most, or it was made twice */
function effectsOf({ value, calls: contract }: AcceptedDeployment, { creations, calls }: Ledger): string[] {
  const marker = value.toString(16).padStart(64, '0');
  if (contract === undefined) {
    const own = creations.filter(({ input, hasCode }) => hasCode && input.endsWith(marker));
    return own.map(({ address }) => address);
  }
  const own = calls.filter(
    ({ input, to, succeeded }) => succeeded && to === contract && input.endsWith(marker),
  );
  return own.map(({ hash }) => hash);
}

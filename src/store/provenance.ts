import { sql } from 'kysely';
import type { GateDecision } from '../audit/types.ts';
import type { Hex } from '../chain/types.ts';
import type { DeployPlan, DeployStatus } from '../deploy/types.ts';
import type { Reader } from './db.ts';
import { fail } from './errors.ts';

/** What the platform's rows say of a deployment and of the bytes that were mined. */
export interface ProvenanceFacts {
  id: string;
  status: DeployStatus;
  network: string;
  buildId: string;
  auditId: string | null;
  contract: { file: string; name: string };
  plan: DeployPlan;
  gate: GateDecision | null;
  address: Hex | null;
  blockNumber: number | null;
  blockHash: Hex | null;
  gasUsed: string | null;
  costWei: string | null;
  completedAt: Date | null;
  /** Of the transaction that was mined; null where nothing was sent. */
  /** Set where it is a call of another deployment's contract. */
  targetId: string | null;
  raw: Hex | null;
  hash: Hex | null;
  nonce: number | null;
}

/** @throws AppError `not-found`, for a stranger's deployment too */
export async function getProvenanceFacts(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<ProvenanceFacts> {
  const { rows } = await sql<ProvenanceFacts>`
    select deployments.id, state as status, network, build_id as "buildId", audit_id as "auditId",
      json_build_object('file', contract_file, 'name', contract_name) as contract, plan, gate,
      deployments.address, block_number as "blockNumber", block_hash as "blockHash", gas_used as "gasUsed",
      cost_wei as "costWei", completed_at as "completedAt", target_id as "targetId", raw, hash, nonce
    from deployments left join transactions on deployment_id = deployments.id and hash = transaction_hash
    where deployments.id = ${id} and deployments.owner_id = ${ownerId}`.execute(read);
  if (!rows[0]) throw fail('not-found', { what: 'deployment', id });
  return rows[0];
}

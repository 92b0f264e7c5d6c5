import { sql } from 'kysely';
import type { Hex } from '../chain/types.ts';
import type { DeployStatus } from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { bound, json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { DeployRequest, GateRequest } from './pipelines.ts';

/** `partial`: it has ended, and stands on some of its chains only. */
export type PlanState = 'running' | 'confirmed' | 'estimated' | 'partial' | 'failed';

/** One contract at one address on many chains. */
export interface DeploymentPlan {
  id: string;
  state: PlanState;
  buildId: string;
  salt: Hex;
  /** The same on every chain, EIP-55 checksummed. */
  address: Hex;
  /** The newest deployment of each chain, in the order of the request. */
  deployments: PlannedDeployment[];
  createdAt: string;
}

export interface PlannedDeployment {
  network: string;
  deploymentId: string;
  status: DeployStatus;
  /** `existing` where it stood there already, at no cost. */
  source: 'created' | 'existing' | null;
  transactionHash: Hex | null;
  costWei: string | null;
  error: StoredError | null;
}

/** What was asked for; the signer is the same on every chain. */
export interface PlanRequest extends Omit<DeployRequest, 'network' | 'salt'> {
  buildId: string;
  contract?: string;
  auditId?: string;
  networks: string[];
  salt: Hex;
  gate: GateRequest;
}

export function insertDeploymentPlan(
  tx: Tx,
  plan: Ownership & { id: string; request: PlanRequest; address: Hex },
): void {
  const { id, ownerId, userId, projectId, request, address } = plan;
  const text = `insert into deployment_plans (id, owner_id, created_by, project_id, build_id, request, salt, address)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`;
  const values = [id, ownerId, userId, projectId, request.buildId, json(request), request.salt, address];
  tx.send(bound(text, values));
}

/** @throws AppError `not-found`, for a stranger's plan too */
export async function getDeploymentPlan(read: Reader, ownerId: string, id: string): Promise<DeploymentPlan> {
  const { rows } =
    await sql<PlanRow>`${selectPlans} where plans.id = ${id} and plans.owner_id = ${ownerId}`.execute(read);
  if (!rows[0]) throw fail('not-found', { what: 'deployment plan', id });
  return toPlan(rows[0]);
}

/** Locks a plan and reads what was asked for, so that it is resumed in one place at a time. @throws AppError `not-found` */
export async function lockPlanRequest(
  tx: Tx,
  ownerId: string,
  id: string,
): Promise<{ request: PlanRequest; address: Hex }> {
  const row = await tx.sql
    .selectFrom('deployment_plans')
    .select(['request', 'address'])
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'deployment plan', id });
  return { request: row.request as PlanRequest, address: row.address as Hex };
}

export async function listDeploymentPlans(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<DeploymentPlan>> {
  const { limit, before } = pageBounds(request);
  const { rows } = await sql<PlanRow>`${selectPlans}
    where plans.owner_id = ${ownerId} and (${before ?? null}::uuid is null or plans.id < ${before ?? null}::uuid)
    order by plans.id desc limit ${limit + 1}`.execute(read);
  return toPage(rows, limit, toPlan);
}

interface PlanRow {
  id: string;
  build_id: string;
  request: PlanRequest;
  salt: Hex;
  address: Hex;
  created_at: Date;
  deployments: PlannedDeployment[] | null;
}

/** A chain has several deployments where one was tried anew; the newest is the one that counts. */
const selectPlans = sql`select plans.*, (
    select json_agg(json_build_object('network', network, 'deploymentId', id, 'status', state,
      'source', detail->>'source', 'transactionHash', transaction_hash, 'costWei', cost_wei, 'error', error))
    from (select distinct on (network) * from deployments where plan_id = plans.id order by network, id desc) as newest
  ) as deployments from deployment_plans as plans`;

function toPlan(row: PlanRow): DeploymentPlan {
  const { networks } = row.request;
  const deployments = (row.deployments ?? []).toSorted(
    (a, b) => networks.indexOf(a.network) - networks.indexOf(b.network),
  );
  return {
    id: row.id,
    state: stateOf(deployments.map(({ status }) => status)),
    buildId: row.build_id,
    salt: row.salt,
    address: row.address,
    deployments,
    createdAt: row.created_at.toISOString(),
  };
}

const ended: readonly DeployStatus[] = ['confirmed', 'estimated', 'failed', 'reverted', 'cancelled'];

function stateOf(states: readonly DeployStatus[]): PlanState {
  if (states.some((state) => !ended.includes(state))) return 'running';
  for (const end of ['confirmed', 'estimated'] as const) {
    if (states.every((state) => state === end)) return end;
  }
  return states.includes('confirmed') ? 'partial' : 'failed';
}

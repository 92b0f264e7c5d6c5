import type { DeployStatus } from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { json, type Reader, type Tx } from './db.ts';
import { appendEvent } from './events.ts';
import type { Ownership } from './generations.ts';

/** Signed bytes exist and the chain has not had its last word. */
const underWay: readonly DeployStatus[] = ['signed', 'broadcast', 'mined'];

/** Ids of a deployment and of whoever it belongs to. */
export type OwnedDeployment = Ownership & { id: string };

/** How a deployment stands. @returns null when there is none of this id */
export async function deploymentState(read: Reader, id: string): Promise<DeployStatus | null> {
  const row = await read.selectFrom('deployments').select('state').where('id', '=', id).executeTakeFirst();
  return (row?.state as DeployStatus | undefined) ?? null;
}

/** @returns the deployment's owner while its bytes may be under way, else null */
export async function findUnderWay(read: Reader, id: string): Promise<OwnedDeployment | null> {
  const row = await read
    .selectFrom('deployments')
    .select(ownedColumns)
    .where('id', '=', id)
    .where('state', 'in', underWay)
    .executeTakeFirst();
  return row ? toOwned(row) : null;
}

/**
 * Ends a deployment of which nothing was signed, and tells its followers. One that was signed stays as it is.
 * @returns which deployment was ended, or null when none was
 */
export async function closeUnsigned(
  tx: Tx,
  deployment: { id: string; status: 'failed' | 'cancelled'; error: StoredError | null },
): Promise<{ id: string; network: string; chainId: number; pipelineId: string | null } | null> {
  const { id, status, error } = deployment;
  const closed = await tx.sql
    .updateTable('deployments')
    .set({ state: status, error: error ? json(error) : null, completed_at: new Date() })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'preparing'])
    .returning(['network', 'chain_id', 'pipeline_id'])
    .executeTakeFirst();
  if (!closed) return null;
  const data = { ...(error ? { error } : {}), status };
  await appendEvent(tx, { subject: 'deployments', subjectId: id, type: status, data });
  return { id, network: closed.network, chainId: closed.chain_id, pipelineId: closed.pipeline_id };
}

/**
 * Locks those of the deployments that the chain still has a say in and that no open job works on. The jobs are asked
 * for once the rows are locked: what another server enqueued while we waited is seen.
 */
export async function lockWithoutJob(tx: Tx, ids: string[]): Promise<OwnedDeployment[]> {
  const rows = await tx.sql
    .selectFrom('deployments')
    .select(ownedColumns)
    .where('id', 'in', ids)
    .where('state', 'in', [...underWay, 'confirmed', 'reverted'])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const busy = await tx.sql
    .selectFrom('jobs')
    .select('subject_id')
    .where('subject_id', 'in', ids)
    .where('state', 'in', ['queued', 'running', 'waiting'])
    .execute();
  return rows.filter((row) => busy.every((job) => job.subject_id !== row.id)).map(toOwned);
}

const ownedColumns = ['id', 'owner_id', 'created_by', 'project_id'] as const;

function toOwned(row: {
  id: string;
  owner_id: string;
  created_by: string;
  project_id: string;
}): OwnedDeployment {
  return { id: row.id, ownerId: row.owner_id, userId: row.created_by, projectId: row.project_id };
}

import { sql } from 'kysely';
import type { Hex } from '../chain/types.ts';
import type {
  DeployPlan,
  DeployState,
  DeployStatus,
  GivenSignature,
  ReplacementRequest,
} from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { json, type Reader, type Tx } from './db.ts';
import { appendEvent } from './events.ts';
import type { Ownership } from './generations.ts';

/** Signed bytes exist and the chain has not had its last word. */
const underWay: readonly DeployStatus[] = ['signed', 'broadcast', 'mined'];
/** Nothing is signed yet. */
const unsigned: readonly DeployStatus[] = ['queued', 'preparing', 'awaiting_signature'];
const openJobStates = ['queued', 'running', 'waiting'];

/** Ids of a deployment and of whoever it belongs to, with the pipeline that it is a stage of. */
export type OwnedDeployment = Ownership & { id: string; pipelineId: string | null };

/** How a deployment stands. @returns null when there is none of this id */
export async function deploymentState(read: Reader, id: string): Promise<DeployStatus | null> {
  const row = await read.selectFrom('deployments').select('state').where('id', '=', id).executeTakeFirst();
  return (row?.state as DeployStatus | undefined) ?? null;
}

/** What decides whether a deployment may be made a second time. */
export interface DeploymentStanding {
  state: DeployStatus;
  pipelineId: string | null;
  /** A job that works on it, or will. */
  openJob: string | null;
  /** The deployment that tries it anew already. */
  retriedAs: string | null;
}

/**
 * Locks a deployment, so that neither a second retry nor a server that takes it up again comes in between, and says how
 * it stands. Whoever locks its pipeline too does that afterwards, as the end of a job does.
 * @returns null when there is none of this id
 */
export async function lockStanding(tx: Tx, id: string): Promise<DeploymentStanding | null> {
  const row = await tx.sql
    .selectFrom('deployments')
    .select(['state', 'pipeline_id'])
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) return null;
  // Asked for once the row is locked: what was committed while we waited is seen.
  const job = await tx.sql
    .selectFrom('jobs')
    .select('id')
    .where('subject_id', '=', id)
    .where('state', 'in', openJobStates)
    .limit(1)
    .executeTakeFirst();
  const retry = await tx.sql
    .selectFrom('deployments')
    .select('id')
    .where('retry_of', '=', id)
    .executeTakeFirst();
  return {
    state: row.state as DeployStatus,
    pipelineId: row.pipeline_id,
    openJob: job?.id ?? null,
    retriedAs: retry?.id ?? null,
  };
}

/** How a deployment stands for whoever wants other bytes in the place of its own. */
export interface Replaceable {
  state: DeployStatus;
  /** A job that works on it, or will. */
  openJob: string | null;
  /** Replacements that people asked for, so far. */
  answered: number;
  /** Whether an empty transaction was asked for already. */
  cancelling: boolean;
  /** Its key is in a wallet of its owner's. */
  external: boolean;
}

/** Looks at a deployment of the owner's. Its row is locked once bytes are signed. @returns null when there is none */
export async function lockReplaceable(
  tx: Tx,
  wanted: { ownerId: string; id: string },
): Promise<Replaceable | null> {
  const unlocked = await tx.sql
    .selectFrom('deployments')
    .select(['state', sql<boolean>`plan ? 'external'`.as('external')])
    .where('id', '=', wanted.id)
    .where('owner_id', '=', wanted.ownerId)
    .executeTakeFirst();
  if (!unlocked) return null;
  const job = await tx.sql
    .selectFrom('jobs')
    .select('id')
    .where('subject_id', '=', wanted.id)
    .where('state', 'in', openJobStates)
    .limit(1)
    .executeTakeFirst();
  const { external } = unlocked;
  const early = { state: unlocked.state as DeployStatus, openJob: job?.id ?? null, external };
  // Whoever ends a job locks it before its deployment; the same way round here.
  if (isUnsigned(early.state)) return { ...early, answered: 0, cancelling: false };
  const row = await tx.sql
    .selectFrom('deployments')
    .select(['state', 'replacement_request', 'replacement_requests'])
    .where('id', '=', wanted.id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const request = row.replacement_request as ReplacementRequest | null;
  return {
    state: row.state as DeployStatus,
    ...{ openJob: early.openJob, external },
    answered: row.replacement_requests,
    cancelling: request?.reason === 'cancel',
  };
}

/** Notes what a person wants; the worker finds it. */
export async function setReplacementRequest(tx: Tx, id: string, request: ReplacementRequest): Promise<void> {
  await tx.sql
    .updateTable('deployments')
    .set((row) => ({
      replacement_request: json(request),
      replacement_requests: row('replacement_requests', '+', 1),
    }))
    .where('id', '=', id)
    .execute();
}

/** A deployment whose key is elsewhere, for whoever hands out what is to be signed and takes the signature. */
export interface Signable {
  state: DeployStatus;
  network: string;
  plan: DeployPlan;
  estimate: DeployState['estimate'];
  /** Hashes that were taken up. */
  known: Hex[];
}

/** @returns null when the owner has none of this id */
export async function findSignable(
  read: Reader,
  wanted: { ownerId: string; id: string },
): Promise<Signable | null> {
  const { rows } = await sql<Signable>`
    select state, network, plan, detail->'estimate' as estimate,
      coalesce((select json_agg(hash) from transactions where deployment_id = deployments.id), '[]') as known
    from deployments where id = ${wanted.id} and owner_id = ${wanted.ownerId}`.execute(read);
  return rows[0] ?? null;
}

/** Notes what was signed elsewhere; the worker finds it. @returns false where it is too late for that */
export async function setSignature(tx: Tx, id: string, signature: GivenSignature): Promise<boolean> {
  const taken = await tx.sql
    .updateTable('deployments')
    .set({ signature: json(signature) })
    .where('id', '=', id)
    .where('state', 'in', signable)
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}

/** @returns whether a signature can be given in this state: the first one, or another one for the same nonce */
export function isSignable(state: DeployStatus): boolean {
  return signable.includes(state);
}

const signable: readonly DeployStatus[] = ['awaiting_signature', 'signed', 'broadcast'];

/** @returns whether nothing of a deployment in this state was signed yet */
export function isUnsigned(state: DeployStatus | null): boolean {
  return state !== null && unsigned.includes(state);
}

/** @returns whether the chain has the bytes of a deployment in this state, or may get them */
export function isSigned(state: DeployStatus): boolean {
  return underWay.includes(state) || state === 'confirmed';
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
): Promise<{
  id: string;
  network: string;
  chainId: number;
  pipelineId: string | null;
  targetId: string | null;
} | null> {
  const { id, status, error } = deployment;
  const closed = await tx.sql
    .updateTable('deployments')
    .set({ state: status, error: error ? json(error) : null, completed_at: new Date() })
    .where('id', '=', id)
    .where('state', 'in', unsigned)
    .returning(['network', 'chain_id', 'pipeline_id', 'target_id'])
    .executeTakeFirst();
  if (!closed) return null;
  const data = { ...(error ? { error } : {}), status };
  await appendEvent(tx, { subject: 'deployments', subjectId: id, type: status, data });
  const { network, chain_id: chainId, pipeline_id: pipelineId, target_id: targetId } = closed;
  return { id, network, chainId, pipelineId, targetId };
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
    .where((row) =>
      row.or([
        row('state', 'in', [...underWay, 'confirmed', 'reverted']),
        // Ended by a transaction that was mined: an empty one, or one that left other code.
        row('state', 'in', ['cancelled', 'failed']).and('block_number', 'is not', null),
      ]),
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const busy = await tx.sql
    .selectFrom('jobs')
    .select('subject_id')
    .where('subject_id', 'in', ids)
    .where('state', 'in', openJobStates)
    .execute();
  return rows.filter((row) => busy.every((job) => job.subject_id !== row.id)).map(toOwned);
}

const ownedColumns = ['id', 'owner_id', 'created_by', 'project_id', 'pipeline_id'] as const;

function toOwned(row: {
  id: string;
  owner_id: string;
  created_by: string;
  project_id: string;
  pipeline_id: string | null;
}): OwnedDeployment {
  return {
    id: row.id,
    ownerId: row.owner_id,
    userId: row.created_by,
    projectId: row.project_id,
    pipelineId: row.pipeline_id,
  };
}

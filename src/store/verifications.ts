import { type Selectable, sql } from 'kysely';
import type { Hex, NetworkVerifier } from '../chain/types.ts';
import type { VerifiedMatch } from '../chain/verifiers/types.ts';
import type { DeployStatus } from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { VerificationsTable } from './schema.ts';

/** How a deployment's source stands at one place. `unavailable`: it gave no verdict; that is no failure of the source. */
export type VerificationStatus = 'pending' | 'verified' | 'failed' | 'unavailable' | 'not_configured';

/** Source of a deployment at one place of verification, as its owner sees it. */
export interface Verification {
  id: string;
  kind: NetworkVerifier['kind'];
  apiUrl: string;
  status: VerificationStatus;
  /** Null where the place does not say, and before it is verified. */
  match: VerifiedMatch | null;
  /** What the place said last, in its own words. */
  words: string | null;
  error: StoredError | null;
  submissions: number;
  /** The newest job that works on it; null where nothing was to be done. */
  jobId: string | null;
  requestedAt: string;
  updatedAt: string;
  completedAt: string | null;
}

/** Everything the verify job needs to go on. */
export interface VerificationWork {
  id: string;
  kind: NetworkVerifier['kind'];
  apiUrl: string;
  status: VerificationStatus;
  reference: string | null;
  /** Milliseconds since it was asked for, and since it was handed in last. */
  ageMs: number;
  submittedMs: number | null;
  words: string | null;
  deployment: {
    id: string;
    ownerId: string;
    state: DeployStatus;
    network: string;
    chainId: number;
    buildId: string;
    contract: { file: string; name: string };
    address: Hex | null;
    transactionHash: Hex | null;
    /** Creation code and arguments. */
    data: Hex;
    /** Another contract made it. */
    isCreate2: boolean;
  };
}

export interface NewVerification {
  deploymentId: string;
  ownerId: string;
  verifier: NetworkVerifier;
  status: 'pending' | 'not_configured';
  error: StoredError | null;
}

/**
 * Asks for a verification, for the first time or anew. One that is under way or has succeeded stays as it is.
 * @returns its id; null when there is nothing to be done
 */
export async function askForVerification(tx: Tx, wanted: NewVerification): Promise<string | null> {
  const { deploymentId, ownerId, verifier, status, error } = wanted;
  const ended = status === 'pending' ? null : new Date();
  const stored = error ? json(error) : null;
  const { rows } = await sql<{ id: string }>`
    insert into verifications as known (id, deployment_id, owner_id, kind, api_url, status, error, completed_at)
    values (${newId()}, ${deploymentId}, ${ownerId}, ${verifier.kind}, ${verifier.apiUrl}, ${status},
      ${stored}::jsonb, ${ended})
    on conflict (deployment_id, kind, api_url) do update set status = excluded.status, match = null, reference = null,
      submitted_at = null, words = null, error = excluded.error, requested_at = now(), updated_at = now(),
      completed_at = excluded.completed_at
    where known.status not in ('pending', 'verified')
    returning id`.execute(tx.sql);
  return rows[0]?.id ?? null;
}

/** @throws AppError `not-found` */
export async function loadVerification(read: Reader, id: string): Promise<VerificationWork> {
  const { rows } = await sql<VerificationWork>`
    select verifications.id, kind, api_url as "apiUrl", status, reference, words,
      extract(epoch from now() - requested_at)::float8 * 1000 as "ageMs",
      extract(epoch from now() - submitted_at)::float8 * 1000 as "submittedMs",
      json_build_object('id', deployments.id, 'ownerId', deployments.owner_id, 'state', state, 'network', network,
        'chainId', chain_id, 'buildId', build_id, 'address', address, 'transactionHash', transaction_hash,
        'contract', json_build_object('file', contract_file, 'name', contract_name),
        'data', plan->'data', 'isCreate2', plan->'create2' is not null) as deployment
    from verifications join deployments on deployments.id = deployment_id
    where verifications.id = ${id}`.execute(read);
  const [row] = rows;
  if (!row) throw fail('not-found', { what: 'verification', id });
  return row;
}

/** What an answer changes. Whoever calls it holds the job's lease, or ends the job in the same transaction. */
export interface VerificationChange {
  id: string;
  status: VerificationStatus;
  match?: VerifiedMatch | null;
  words?: string | null;
  error?: StoredError | null;
  /** Null forgets the submission; absent keeps it. */
  reference?: string | null;
  /** It was handed in just now. */
  submitted?: boolean;
}

/** Writes down where a verification stands. One that has ended is not touched. */
export async function saveVerification(tx: Tx, change: VerificationChange): Promise<void> {
  const { id, status, match, words, error, reference, submitted } = change;
  await tx.sql
    .updateTable('verifications')
    .set({
      status,
      updated_at: sql<Date>`now()`,
      ...(match === undefined ? {} : { match }),
      ...(words === undefined ? {} : { words }),
      ...(error === undefined ? {} : { error: error ? json(error) : null }),
      ...(reference === undefined ? {} : { reference }),
      ...(submitted ? { submitted_at: sql<Date>`now()`, submissions: sql<number>`submissions + 1` } : {}),
      ...(status === 'pending' ? {} : { completed_at: sql<Date>`now()` }),
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

/** Ends one whose job came to an end without a verdict. One that has ended is not touched. */
export function closeVerification(tx: Tx, id: string, error: StoredError): Promise<void> {
  return saveVerification(tx, { id, status: 'unavailable', error });
}

/** In the order in which the places were asked. */
export async function listVerifications(read: Reader, deploymentId: string): Promise<Verification[]> {
  const rows = await read
    .selectFrom('verifications')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('jobs')
        .select('jobs.id')
        .whereRef('jobs.subject_id', '=', 'verifications.id')
        .orderBy('jobs.id', 'desc')
        .limit(1)
        .as('job_id'),
    )
    .where('deployment_id', '=', deploymentId)
    .orderBy('id')
    .execute();
  return rows.map(toVerification);
}

function toVerification(row: Selectable<VerificationsTable> & { job_id: string | null }): Verification {
  return {
    id: row.id,
    kind: row.kind as Verification['kind'],
    apiUrl: row.api_url,
    status: row.status as VerificationStatus,
    match: row.match as VerifiedMatch | null,
    words: row.words,
    error: row.error as StoredError | null,
    submissions: row.submissions,
    jobId: row.job_id,
    requestedAt: row.requested_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}

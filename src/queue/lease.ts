import { sql } from 'kysely';
import { type Store, type Tx, translated } from '../store/db.ts';
import type { ClaimedJob } from './claim.ts';
import { LeaseLostError } from './errors.ts';

/**
 * Renews the leases of the jobs in hand. Rows are locked in the order of their ids, as by whoever ends several at once.
 * @returns for each job still ours whether somebody asked to cancel it; a job that is missing is lost
 */
export async function heartbeat(
  store: Store,
  jobs: readonly ClaimedJob[],
  leaseSeconds: number,
): Promise<Map<string, { cancelRequested: boolean }>> {
  if (jobs.length === 0) return new Map();
  const result = await translated(() =>
    sql<{ id: string; cancel_requested: boolean }>`
    with held as (
      select jobs.id from jobs
      join unnest(${jobs.map((job) => job.id)}::uuid[], ${jobs.map((job) => job.fence)}::bigint[]) as held (id, fence)
        on jobs.id = held.id and jobs.fence = held.fence
      where jobs.state = 'running' order by jobs.id for update of jobs
    )
    update jobs set lease_expires_at = now() + make_interval(secs => ${leaseSeconds})
    from held where jobs.id = held.id
    returning jobs.id, jobs.cancel_requested_at is not null as cancel_requested`.execute(store.read),
  );
  return new Map(result.rows.map((row) => [row.id, { cancelRequested: row.cancel_requested }]));
}

/**
 * Locks the job's row and makes sure that it is still this worker's, so that what the transaction writes is fenced.
 * @throws LeaseLostError when another worker has it or it has ended
 */
export async function holdLease(tx: Tx, job: ClaimedJob): Promise<{ cancelRequested: boolean }> {
  const row = await tx.sql
    .selectFrom('jobs')
    .select('cancel_requested_at')
    .where('id', '=', job.id)
    .where('fence', '=', job.fence)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new LeaseLostError(`job ${job.id} is no longer this worker's`);
  return { cancelRequested: row.cancel_requested_at !== null };
}

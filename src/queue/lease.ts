import { sql } from 'kysely';
import { type Store, type Tx, translated } from '../store/db.ts';
import type { ClaimedJob } from './claim.ts';
import { LeaseLostError } from './errors.ts';

/**
 * True of every fence, and the planner expects it of one row in two hundred. Given jobs are then looked up by their ids,
 * each by itself, whatever the size of the table was when the plan was made: it stays when the table has grown.
 */
export const expectFew = 'fence between 0 and 9223372036854775807';

/** The rows of jobs that are still their worker's, locked in the order of their ids, as a part of a WITH named `held`. */
export function heldRows(jobs: readonly ClaimedJob[]) {
  return sql`held as materialized (
      select given.id from (
        select * from unnest(${jobs.map((job) => job.id)}::uuid[], ${jobs.map((job) => job.fence)}::bigint[])
          as given (id, fence) where ${sql.raw(expectFew)} order by id
      ) as given cross join lateral (
        select from jobs
        where jobs.id = given.id and jobs.fence = given.fence and jobs.state = 'running' for update
      ) as held
    )`;
}

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
    with ${heldRows(jobs)}
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

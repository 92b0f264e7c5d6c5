import { sql } from 'kysely';
import type { StoredError } from '../lib/app-error.ts';
import { json, type Tx } from '../store/db.ts';
import type { ClaimedJob } from './claim.ts';
import { LeaseLostError } from './errors.ts';

/** How an attempt ended. `write` runs in the transaction that ends it. */
export type Outcome =
  | { state: 'succeeded'; write?: (tx: Tx) => Promise<void> }
  | { state: 'failed'; error: StoredError; write?: (tx: Tx) => Promise<void> }
  | { state: 'cancelled' }
  /** Gives lease and slot back for so many milliseconds; not an attempt. */
  | { state: 'waiting'; afterMs: number; stage: string }
  /** A retryable failure: queued again, and not before so many milliseconds. `write` as above. */
  | { state: 'queued'; afterMs: number; error: StoredError; write?: (tx: Tx) => Promise<void> };

/** What a job that has ended leaves to whoever knows what it meant. */
export interface EndedJob {
  id: string;
  kind: string;
  subjectId: string;
  ownerId: string;
  pipelineId: string | null;
  requestId: string | null;
  state: 'succeeded' | 'failed' | 'cancelled';
  error: StoredError | null;
}

/** Called in the transaction in which a job ends, whoever ends it. */
export type OnEnded = (tx: Tx, job: EndedJob) => Promise<void>;

/**
 * Ends an attempt: row, event, the handler's writes and what follows from them in one transaction. A cancel that was
 * accepted before counts more than work that was done after it: the job is then cancelled and its result dropped, as
 * a pipeline would go on from a success.
 * @returns the state in which the job is now
 * @throws LeaseLostError when the job is no longer this worker's; then nothing is written
 */
export async function finish(
  tx: Tx,
  job: ClaimedJob,
  outcome: Outcome,
  onEnded: OnEnded,
): Promise<Outcome['state']> {
  const error = 'error' in outcome ? json(outcome.error) : null;
  // By the database's clock: those of the workers may differ.
  const afterMs = 'afterMs' in outcome ? outcome.afterMs : null;
  const stage = outcome.state === 'waiting' ? outcome.stage : null;
  const result = await sql<{ type: string }>`
    with ended as (
      select id, case when cancel_requested_at is not null and ${outcome.state}::text <> 'failed' then 'cancelled'
        else ${outcome.state}::text end as state
      from jobs where id = ${job.id} and fence = ${job.fence} and state = 'running' for update
    ), job as (
      update jobs set state = ended.state, lease_owner = null, lease_expires_at = null,
        error = case when ended.state <> 'cancelled' then ${error}::jsonb end,
        run_at = coalesce(now() + make_interval(secs => ${afterMs}::float8 / 1000), run_at), stage = coalesce(${stage}::text, stage),
        progress = case when ended.state = 'succeeded' then 100 else progress end,
        attempts = attempts + case when ended.state in ('waiting', 'cancelled') then 0 else 1 end,
        completed_at = case when ended.state in ('succeeded', 'failed', 'cancelled') then now() end,
        event_seq = event_seq + 1
      from ended where jobs.id = ended.id
      returning jobs.id, jobs.owner_id, jobs.event_seq, jobs.state, jobs.run_at
    )
    insert into events (subject_id, seq, owner_id, type, data)
    select id, event_seq, owner_id, case state when 'queued' then 'retrying' else state end,
      case when state = 'cancelled' then '{}'::jsonb else jsonb_strip_nulls(jsonb_build_object(
        'error', ${error}::jsonb, 'runAt', case when ${afterMs}::float8 is not null then run_at end,
        'stage', ${stage}::text)) end
    from job returning type`.execute(tx.sql);
  const [row] = result.rows;
  if (!row) throw new LeaseLostError(`job ${job.id} is no longer this worker's`);
  tx.changedSubjects.add(job.id);
  if (row.type === 'cancelled') {
    await onEnded(tx, { ...job, state: 'cancelled', error: null });
    return 'cancelled';
  }
  if (outcome.state === 'queued') tx.jobsDue = true;
  if ('write' in outcome) await outcome.write?.(tx);
  if (outcome.state !== 'succeeded' && outcome.state !== 'failed') return outcome.state;
  await onEnded(tx, { ...job, state: outcome.state, error: 'error' in outcome ? outcome.error : null });
  return outcome.state;
}

/** Notes how far a running job is, 0–100, with the stage's name. @throws LeaseLostError */
export async function reportProgress(
  tx: Tx,
  job: ClaimedJob,
  progress: number,
  stage: string,
): Promise<void> {
  const result = await sql<{ id: string }>`
    with job as (
      update jobs set progress = ${progress}, stage = ${stage}, event_seq = event_seq + 1
      where id = ${job.id} and fence = ${job.fence} and state = 'running'
      returning id, owner_id, event_seq
    )
    insert into events (subject_id, seq, owner_id, type, data)
    select id, event_seq, owner_id, 'progress', ${json({ progress, stage })}::jsonb from job
    returning subject_id as id`.execute(tx.sql);
  if (result.rows.length === 0) throw new LeaseLostError(`job ${job.id} is no longer this worker's`);
  tx.changedSubjects.add(job.id);
}

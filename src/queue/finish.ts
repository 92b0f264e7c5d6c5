import { sql } from 'kysely';
import type { StoredError } from '../lib/app-error.ts';
import { bound, json, type Tx } from '../store/db.ts';
import type { ClaimedJob } from './claim.ts';
import { LeaseLostError } from './errors.ts';
import { expectFew, heldRows } from './lease.ts';

/** How an attempt ended. `write` runs in the transaction that ends it. */
export type Outcome =
  | {
      state: 'succeeded';
      write?: (tx: Tx) => Promise<void>;
      /**
       * The same as `write`, for an end that nothing follows from: only sends. Whether the job has ended is seen by its
       * row alone, in the statements: where it has not, they write nothing, and `write` is called later.
       */
      send?: (tx: Tx) => void;
    }
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
export interface OnEnded {
  (tx: Tx, job: EndedJob): Promise<void>;
  /** SQL about a row of `jobs` that succeeds and belongs to no pipeline: true where the call would do nothing. */
  nothingFollows?: string;
}

/** An attempt that has ended and is not written down yet. */
export interface Ending {
  job: ClaimedJob;
  outcome: Outcome;
}

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
  const [state] = await finishAll(tx, [{ job, outcome }], onEnded);
  if (!state) throw new LeaseLostError(`job ${job.id} is no longer this worker's`);
  return state;
}

/**
 * The same for several jobs at once, in one statement.
 * @returns for each the state in which it is now; null for one that is no longer this worker's
 */
export async function finishAll(
  tx: Tx,
  endings: readonly Ending[],
  onEnded: OnEnded,
): Promise<(Outcome['state'] | null)[]> {
  const states = await writeEnds(tx, endings);
  for (const [at, { job, outcome }] of endings.entries()) {
    const state = states[at];
    if (!state) continue;
    tx.changedSubjects.add(job.id);
    if (state === 'queued') tx.dueKinds.add(job.kind);
    if (state === 'cancelled') await onEnded(tx, { ...job, state, error: null });
    if (state !== outcome.state || state === 'cancelled') continue;
    if ('write' in outcome) await outcome.write?.(tx);
    if (state !== 'succeeded' && state !== 'failed') continue;
    await onEnded(tx, { ...job, state, error: 'error' in outcome ? outcome.error : null });
  }
  return states;
}

/**
 * Rows are locked in the order of their ids, as by the heartbeat; one after the other by their ids, whatever the planner
 * thinks of the number of running jobs.
 */
async function writeEnds(tx: Tx, endings: readonly Ending[]): Promise<(Outcome['state'] | null)[]> {
  const outcomes = endings.map(({ outcome }) => outcome);
  const result = await sql<{ id: string; state: Outcome['state'] }>`
    with given as (
      select * from unnest(
        ${endings.map(({ job }) => job.id)}::uuid[], ${endings.map(({ job }) => job.fence)}::bigint[],
        ${outcomes.map(({ state }) => state)}::text[],
        ${outcomes.map((outcome) => ('error' in outcome ? json(outcome.error) : null))}::jsonb[],
        ${outcomes.map((outcome) => ('afterMs' in outcome ? outcome.afterMs : null))}::float8[],
        ${outcomes.map((outcome) => (outcome.state === 'waiting' ? outcome.stage : null))}::text[]
      ) as given (id, fence, state, error, after_ms, stage) where ${sql.raw(expectFew)} order by id
    ), ended as materialized (
      select given.id, given.after_ms, given.stage, given.error,
        case when held.cancel_requested_at is not null and given.state <> 'failed' then 'cancelled'
          else given.state end as state
      from given cross join lateral (
        select cancel_requested_at from jobs
        where jobs.id = given.id and jobs.fence = given.fence and jobs.state = 'running' for update
      ) as held
    ), job as (
      update jobs set state = ended.state, lease_owner = null, lease_expires_at = null, slot = null, state_since = now(),
        error = case when ended.state <> 'cancelled' then ended.error end,
        run_at = coalesce(now() + make_interval(secs => ended.after_ms / 1000), run_at),
        turn = case when ended.state in ('waiting', 'queued') then 0 else turn end,
        stage = coalesce(ended.stage, jobs.stage),
        progress = case when ended.state = 'succeeded' then 100 else progress end,
        attempts = attempts + case when ended.state in ('waiting', 'cancelled') then 0 else 1 end,
        completed_at = case when ended.state in ('succeeded', 'failed', 'cancelled') then now() end,
        event_seq = event_seq + 1
      from ended where jobs.id = ended.id
      returning jobs.id, jobs.owner_id, jobs.event_seq, jobs.state, jobs.run_at, ended.error, ended.stage, ended.after_ms
    ), log as (
      insert into events (subject_id, seq, owner_id, type, data)
      select id, event_seq, owner_id, case state when 'queued' then 'retrying' else state end,
        case when state = 'cancelled' then '{}'::jsonb else jsonb_strip_nulls(jsonb_build_object(
          'error', error, 'runAt', case when after_ms is not null then run_at end, 'stage', stage)) end
      from job
    )
    select id, state from job`.execute(tx.sql);
  const states = new Map(result.rows.map((row) => [row.id, row.state]));
  return endings.map(({ job }) => states.get(job.id) ?? null);
}

/**
 * Ends jobs that succeeded with nothing to write and nothing that follows: one statement, whose answer nothing waits for
 * but the caller. A job that somebody asked to cancel, and one that something follows from, stays as it is.
 * @returns the ids of those that have ended, once the transaction is committed
 */
export function finishQuietly(
  tx: Tx,
  jobs: readonly ClaimedJob[],
  nothingFollows: string,
): Promise<{ id: string }[]> {
  const [only, ...others] = jobs;
  for (const job of jobs) tx.changedSubjects.add(job.id);
  return tx.send<{ id: string }>(
    only && others.length === 0
      ? bound(quietEnd(nothingFollows, 'one'), [only.id, only.fence])
      : bound(quietEnd(nothingFollows, 'several'), [jobs.map((job) => job.id), jobs.map((job) => job.fence)]),
  );
}

const quietEnds = new Map<string, string>();

/** Of $1 the id or the ids, $2 the fence or the fences. One alone needs no order in which rows are locked. */
function quietEnd(nothingFollows: string, many: 'one' | 'several'): string {
  const key = `${many} ${nothingFollows}`;
  const text = quietEnds.get(key) ?? makeQuietEnd(nothingFollows, many);
  quietEnds.set(key, text);
  return text;
}

function makeQuietEnd(nothingFollows: string, many: 'one' | 'several'): string {
  const mayEnd = `jobs.state = 'running' and jobs.cancel_requested_at is null and ${nothingFollows}`;
  const held = `held as materialized (
      select given.id from (
        select * from unnest($1::uuid[], $2::bigint[]) as given (id, fence) where ${expectFew} order by id
      ) as given cross join lateral (
        select from jobs where jobs.id = given.id and jobs.fence = given.fence and ${mayEnd} for update
      ) as held
    ), `;
  return `with ${many === 'one' ? '' : held}job as (
      update jobs set state = 'succeeded', lease_owner = null, lease_expires_at = null, slot = null, error = null,
        state_since = now(), progress = 100, attempts = attempts + 1, completed_at = now(), event_seq = event_seq + 1
      ${many === 'one' ? `where jobs.id = $1 and jobs.fence = $2 and ${mayEnd}` : 'from held where jobs.id = held.id'}
      returning jobs.id, jobs.owner_id, jobs.event_seq
    )
    insert into events (subject_id, seq, owner_id, type, data)
    select id, event_seq, owner_id, 'succeeded', '{}'::jsonb from job returning subject_id as id`;
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

/**
 * Gives jobs that could not finish in the grace time to the next worker, without waiting for their leases; those that
 * somebody asked to cancel are cancelled. The fence moves on, so that this worker can write nothing more about them.
 */
export async function handBack(tx: Tx, jobs: readonly ClaimedJob[], onEnded: OnEnded): Promise<void> {
  const result = await sql<{ id: string; state: 'queued' | 'cancelled' }>`
    with ${heldRows(jobs)}, job as (
      update jobs set state = case when cancel_requested_at is null then 'queued' else 'cancelled' end,
        completed_at = case when cancel_requested_at is not null then now() end, lease_owner = null,
        lease_expires_at = null, slot = null, run_at = now(), turn = 0, state_since = now(), fence = fence + 1,
        event_seq = event_seq + 1
      from held where jobs.id = held.id returning jobs.id, jobs.owner_id, jobs.event_seq, jobs.state
    ), log as (
      insert into events (subject_id, seq, owner_id, type, data)
      select id, event_seq, owner_id, case state when 'queued' then 'handed-back' else state end, '{}'::jsonb from job
    )
    select id, state from job`.execute(tx.sql);
  for (const { id, state } of result.rows) {
    const job = jobs.find((one) => one.id === id);
    tx.changedSubjects.add(id);
    if (job && state === 'queued') tx.dueKinds.add(job.kind);
    if (job && state === 'cancelled') await onEnded(tx, { ...job, state, error: null });
  }
}

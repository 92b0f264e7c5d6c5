import { sql } from 'kysely';
import { AppError, toStoredError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { json, type Store, type Tx } from '../store/db.ts';
import { fail } from './errors.ts';
import type { OnEnded } from './finish.ts';

interface LostJob {
  id: string;
  kind: string;
  subject_id: string;
  owner_id: string;
  pipeline_id: string | null;
  request_id: string | null;
  lease_losses: number;
  cancel_requested: boolean;
}

/** Jobs that are taken back in one turn at most. */
const togetherMax = 100;

/**
 * Takes jobs back whose worker fell silent: queued again at once, as a lost lease is no attempt; failed when that
 * has happened too often; cancelled when somebody had asked for it. The fence moves on, so the silent worker can write
 * nothing when it comes back. Each has a transaction of its own: one whose end cannot be written keeps none of the
 * others.
 *
 * @param onStuck told of those; they are tried again at the next turn
 * @returns how many were taken back, and whether there are more
 */
export async function reconcile(
  store: Store,
  onEnded: OnEnded,
  onStuck: (job: { id: string; kind: string }, error: unknown) => void = () => {},
): Promise<{ count: number; more: boolean }> {
  const lost = await store.transaction(async (tx) => {
    await mendTimes(tx);
    const { rows } = await sql<{ id: string; kind: string }>`
      select id, kind from jobs where state = 'running' and lease_expires_at < now()
      order by lease_expires_at limit ${togetherMax}`.execute(tx.sql);
    return rows;
  });
  let count = 0;
  for (const job of lost) {
    try {
      if (await store.transaction((tx) => takeBack(tx, job.id, onEnded))) count += 1;
    } catch (error) {
      if (error instanceof AppError && error.code === 'database-unavailable') throw error;
      onStuck(job, error);
    }
  }
  return { count, more: count > 0 && lost.length === togetherMax };
}

/**
 * Undoes what the database's clock did when it was set back: no lease is longer than its worker asked for, and no pause
 * longer than it was meant to be. A clock set forward ends leases early; the fence keeps their workers from harm.
 */
async function mendTimes(tx: Tx): Promise<void> {
  await sql`
    update jobs set lease_expires_at = now() + make_interval(secs => lease_seconds)
    where state = 'running' and lease_expires_at > now() + make_interval(secs => lease_seconds + 1)`.execute(
    tx.sql,
  );
  await sql`
    update jobs set run_at = now() + (run_at - state_since), state_since = now()
    where state in ('queued', 'waiting') and turn = 0 and state_since > now() + interval '1 second'`.execute(
    tx.sql,
  );
}

/** @returns false when somebody else has taken it back, or its worker spoke up */
async function takeBack(tx: Tx, id: string, onEnded: OnEnded): Promise<boolean> {
  const { rows } = await sql<LostJob>`
    select id, kind, subject_id, owner_id, pipeline_id, request_id, lease_losses + 1 as lease_losses,
      cancel_requested_at is not null as cancel_requested
    from jobs where id = ${id} and state = 'running' and lease_expires_at < now() for update skip locked`.execute(
    tx.sql,
  );
  const [job] = rows;
  if (!job) return false;
  const poisoned = job.lease_losses >= limits.jobLeaseLossesMax;
  const state = job.cancel_requested ? 'cancelled' : poisoned ? 'failed' : 'queued';
  const error =
    state === 'failed'
      ? toStoredError(fail('job-poisoned', { kind: job.kind, losses: job.lease_losses }))
      : null;
  await sql`
    with job as (
      update jobs set state = ${state}, lease_owner = null, lease_expires_at = null, slot = null, run_at = now(),
        turn = 0, state_since = now(), error = ${error ? json(error) : null}::jsonb, event_seq = event_seq + 1,
        lease_losses = lease_losses + 1, fence = fence + 1,
        completed_at = case when ${state !== 'queued'}::boolean then now() end
      where id = ${job.id} returning id, owner_id, event_seq
    )
    insert into events (subject_id, seq, owner_id, type, data)
    select id, event_seq, owner_id, ${state === 'queued' ? 'lease-lost' : state},
      ${json({ leaseLosses: job.lease_losses, ...(error ? { error } : {}) })}::jsonb from job`.execute(
    tx.sql,
  );
  tx.changedSubjects.add(job.id);
  tx.dueKinds.add(job.kind);
  if (state === 'queued') return true;
  await onEnded(tx, {
    id: job.id,
    kind: job.kind,
    subjectId: job.subject_id,
    ownerId: job.owner_id,
    pipelineId: job.pipeline_id,
    requestId: job.request_id,
    state,
    error,
  });
  return true;
}

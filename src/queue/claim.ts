import { sql } from 'kysely';
import type { Store } from '../store/db.ts';
import { translated } from '../store/db.ts';
import type { JobKind } from './kinds.ts';

/** A job in the hands of a worker. */
export interface ClaimedJob {
  id: string;
  kind: JobKind;
  subjectId: string;
  ownerId: string;
  userId: string;
  projectId: string;
  pipelineId: string | null;
  requestId: string | null;
  attempts: number;
  attemptsMax: number;
  /** Grows with every claim: a worker with an older number may neither write nor send. */
  fence: number;
  /** True when it was waiting and goes on, rather than starts. */
  resumed: boolean;
}

/**
 * Takes due jobs: state, lease, fence and event in one statement, rows that others hold are passed over
 * (FOR UPDATE SKIP LOCKED).
 * @param options.leaseSeconds until another worker may take them, unless renewed
 */
export async function claim(
  store: Store,
  options: { kinds: readonly JobKind[]; worker: string; leaseSeconds: number; limit: number },
): Promise<ClaimedJob[]> {
  const result = await translated(() =>
    sql<{
      id: string;
      kind: JobKind;
      subject_id: string;
      owner_id: string;
      created_by: string;
      project_id: string;
      pipeline_id: string | null;
      request_id: string | null;
      attempts: number;
      attempts_max: number;
      fence: number;
      state: string;
    }>`
    with due as (
      select id, state from jobs
      where state in ('queued', 'waiting') and run_at <= now() and kind = any(${options.kinds as JobKind[]})
      order by priority desc, run_at, id limit ${options.limit} for update skip locked
    ), claimed as (
      update jobs set state = 'running', lease_owner = ${options.worker}, fence = jobs.fence + 1,
        lease_expires_at = now() + make_interval(secs => ${options.leaseSeconds}),
        started_at = coalesce(started_at, now()), event_seq = event_seq + 1
      from due where jobs.id = due.id
      returning jobs.*, due.state as state_before
    ), log as (
      insert into events (subject_id, seq, owner_id, type, data)
      select id, event_seq, owner_id, case state_before when 'waiting' then 'resumed' else 'started' end,
        jsonb_build_object('attempt', attempts + 1)
      from claimed
    )
    select id, kind, subject_id, owner_id, created_by, project_id, pipeline_id, request_id, attempts, attempts_max,
      fence, state_before as state
    from claimed order by priority desc, run_at, id`.execute(store.read),
  );
  const jobs = result.rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    ownerId: row.owner_id,
    userId: row.created_by,
    projectId: row.project_id,
    pipelineId: row.pipeline_id,
    requestId: row.request_id,
    attempts: row.attempts,
    attemptsMax: row.attempts_max,
    fence: row.fence,
    resumed: row.state === 'waiting',
  }));
  store.signals.emit({ subjects: jobs.map((job) => job.id), jobsDue: false });
  return jobs;
}

import type { Selectable } from 'kysely';
import type { StoredError } from '../lib/app-error.ts';
import type { Reader } from './db.ts';
import { fail } from './errors.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { JobsTable } from './schema.ts';

export type JobState = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
export const terminalJobStates: readonly JobState[] = ['succeeded', 'failed', 'cancelled'];

/** A queue entry as its owner sees it. */
export interface Job {
  id: string;
  kind: string;
  state: JobState;
  /** 0–100. */
  progress: number;
  stage: string | null;
  subjectId: string;
  pipelineId: string | null;
  attempts: number;
  attemptsMax: number;
  error: StoredError | null;
  /** The job that this one tries anew. */
  retryOf: string | null;
  requestId: string | null;
  /** Of its last event. */
  seq: number;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
}

/** @throws AppError `not-found`, for a stranger's job too */
export async function getJob(read: Reader, ownerId: string, id: string): Promise<Job> {
  const row = await read
    .selectFrom('jobs')
    .select(shownJobColumns)
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'job', id });
  return toJob(row);
}

/** The owner's jobs, newest first. */
export async function listJobs(
  read: Reader,
  ownerId: string,
  request: PageRequest & { kind?: string | undefined; state?: JobState | undefined },
): Promise<Page<Job>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('jobs')
    .select(shownJobColumns)
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .$if(request.kind !== undefined, (query) => query.where('kind', '=', request.kind as string))
    .$if(request.state !== undefined, (query) => query.where('state', '=', request.state as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toJob);
}

/** Named one by one: statements that end in `*` are not prepared. */
const shownJobColumns = [
  'id',
  'kind',
  'state',
  'progress',
  'stage',
  'subject_id',
  'pipeline_id',
  'attempts',
  'attempts_max',
  'error',
  'retry_of',
  'request_id',
  'event_seq',
  'created_at',
  'started_at',
  'completed_at',
] as const;

type ShownJob = Pick<Selectable<JobsTable>, (typeof shownJobColumns)[number]>;

function toJob(row: ShownJob): Job {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state as JobState,
    progress: row.progress,
    stage: row.stage,
    subjectId: row.subject_id,
    pipelineId: row.pipeline_id,
    attempts: row.attempts,
    attemptsMax: row.attempts_max,
    error: row.error as StoredError | null,
    retryOf: row.retry_of,
    requestId: row.request_id,
    seq: row.event_seq,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}

/** @returns the job that tries this one anew; null when there is none */
export async function findRetryOf(read: Reader, id: string): Promise<string | null> {
  const row = await read
    .selectFrom('jobs')
    .select('id')
    .where('retry_of', '=', id)
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

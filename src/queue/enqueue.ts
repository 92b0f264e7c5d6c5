import { newId } from '../lib/ids.ts';
import { bound, json, keepFresh, type Tx } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import type { Job } from '../store/jobs.ts';
import { keepNewRow, type NewRow } from '../store/new-row.ts';
import { type JobKind, kinds, laneOf } from './kinds.ts';

export interface NewJob extends Ownership {
  kind: JobKind;
  subjectId: string;
  pipelineId?: string | null;
  requestId: string;
  /** The job that failed or was cancelled and is tried anew. */
  retryOf?: string | null;
  /** Not before this many seconds from now. */
  delaySeconds?: number;
}

/**
 * Writes the job's row and its first event in the caller's transaction, with the subject; workers are woken after
 * the commit. One statement, whose answer is not waited for. A job for later has no turn: it is due when its time comes.
 * @param subject its subject's row, where that is not written yet: in the same statement
 * @returns the job's id
 */
export async function enqueue(tx: Tx, job: NewJob, subject?: NewRow): Promise<string> {
  const id = newId();
  const values = [...valuesOf(id, job), job.delaySeconds ?? 0, countAhead(tx, job)];
  const rows = tx.send<{ created_at: Date }>(
    subject ? bound(insertWith(subject.text), [...values, ...subject.values]) : bound(insertAlone, values),
  );
  if (subject) keepNewRow(tx, subject, rows);
  keepFresh(tx, id, rows, ({ created_at }) => toFreshJob(id, job, created_at));
  tx.dueKinds.add(job.kind);
  tx.changedSubjects.add(id);
  return id;
}

/**
 * Writes a job that has nothing left to do, because what it would make is there already: it has its row and its
 * events like any other, and has succeeded.
 * @returns the job's id
 */
export async function enqueueFinished(tx: Tx, job: NewJob): Promise<string> {
  const id = newId();
  tx.send(
    bound(
      `with job as (
         insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, pipeline_id, attempts_max, priority,
           request_id, event_seq, retry_of, lane, state, progress, started_at, completed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 2, $11, $12, 'succeeded', 100, now(), now())
       )
       insert into events (subject_id, seq, owner_id, type, data)
       values ($1, 1, $2, 'queued', $13), ($1, 2, $2, 'succeeded', '{"cached": true}')`,
      valuesOf(id, job),
    ),
  );
  tx.changedSubjects.add(id);
  return id;
}

/**
 * The turn of a new job ($2 owner, $5 kind, $12 lane): behind those of the same owner and kind, and not before what is
 * served next, so that an owner who comes newly is next, and one who has thousands queued holds nobody up. Where the kind
 * has a queue, what is served next is its first one: kinds that have workers of their own move on at their own pace.
 * Else it is what comes behind that which runs now, or whoever asks for one job at a time would always be before those
 * who asked for several. $15: jobs of the same owner and kind that are being written at this moment and cannot be seen.
 */
const nextTurn = `greatest(
  1 + $15::integer + coalesce((select max(turn) from jobs
    where owner_id = $2 and lane = $12 and kind = $5 and state in ('queued', 'running')), 0),
  coalesce(
    (select min(turn) from jobs where lane = $12 and state = 'queued' and turn > 0 and kind = $5),
    1 + (select max(turn) from jobs where lane = $12 and state = 'running'), 1))`;

/** Values of `insertJob`, $1 to $15. */
const jobValues = 15;

const insertJob = `log as (
    insert into events (subject_id, seq, owner_id, type, data) values ($1, 1, $2, 'queued', $13)
  )
  insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, pipeline_id, attempts_max, priority,
    request_id, event_seq, retry_of, lane, run_at, turn)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, now() + make_interval(secs => $14),
    case when $14::float8 > 0 then 0 else ${nextTurn} end)
  returning created_at`;

const insertAlone = `with ${insertJob}`;
const insertsWith = new Map<string, string>();

/** The subject's values come behind the job's. */
function insertWith(subject: string): string {
  const known = insertsWith.get(subject);
  if (known) return known;
  const moved = subject.replace(/\$(\d+)/g, (_, place: string) => `$${Number(place) + jobValues}`);
  const text = `with subject as (${moved}), ${insertJob}`;
  insertsWith.set(subject, text);
  return text;
}

/** The new row as its owner sees it. */
function toFreshJob(id: string, job: NewJob, createdAt: Date): Job {
  return {
    id,
    kind: job.kind,
    state: 'queued',
    progress: 0,
    stage: null,
    subjectId: job.subjectId,
    pipelineId: job.pipelineId ?? null,
    attempts: 0,
    attemptsMax: kinds[job.kind].attemptsMax,
    error: null,
    retryOf: job.retryOf ?? null,
    requestId: job.requestId,
    seq: 1,
    createdAt: createdAt.toISOString(),
    startedAt: null,
    completedAt: null,
  };
}

/** Jobs by owner and kind that transactions of this process are writing: each sees its own, and none of the others'. */
const beingWritten = new Map<string, Map<Tx, number>>();

/** @returns how many of the same owner and kind other transactions are writing at this moment */
function countAhead(tx: Tx, { ownerId, kind }: NewJob): number {
  const key = `${ownerId} ${kind}`;
  const writers = beingWritten.get(key) ?? new Map<Tx, number>();
  beingWritten.set(key, writers);
  if (!writers.has(tx)) {
    tx.onEnd(() => {
      writers.delete(tx);
      if (writers.size === 0 && beingWritten.get(key) === writers) beingWritten.delete(key);
    });
  }
  const mine = writers.get(tx) ?? 0;
  writers.set(tx, mine + 1);
  let all = 0;
  for (const count of writers.values()) all += count;
  return all - mine - 1;
}

function valuesOf(id: string, job: NewJob): unknown[] {
  const { attemptsMax, priority } = kinds[job.kind];
  return [
    id,
    job.ownerId,
    job.userId,
    job.projectId,
    job.kind,
    job.subjectId,
    job.pipelineId ?? null,
    attemptsMax,
    priority,
    job.requestId,
    job.retryOf ?? null,
    laneOf(job.kind),
    json({ kind: job.kind, subjectId: job.subjectId }),
  ];
}

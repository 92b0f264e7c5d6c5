import { limits } from '../lib/limits.ts';
import { redact, redactText } from '../ops/redact.ts';
import { bound, json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';

/** A line that a job says while it works. */
export interface NewLogLine {
  at: Date;
  level: 'info' | 'warn' | 'error';
  message: string;
  data?: Record<string, unknown>;
}

/** A line as the job's owner reads it. */
export interface LogLine {
  seq: number;
  at: string;
  level: NewLogLine['level'];
  message: string;
  data: Record<string, unknown> | null;
}

/**
 * Appends lines to a job's log, in their order, in one statement. Secrets are taken out, long lines are cut, and past
 * the limit only the number of those dropped is kept, in one last line. Does nothing when the job is gone.
 */
export async function appendJobLog(
  tx: Pick<Tx, 'send'>,
  job: { id: string; ownerId: string },
  lines: readonly NewLogLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const kept = lines.slice(0, limits.jobLogLinesMax).map(toRow);
  await tx.send(
    bound(append, [
      ...[job.id, job.ownerId, lines.length, limits.jobLogLinesMax],
      kept.map((row) => row.at),
      kept.map((row) => row.level),
      kept.map((row) => row.message),
      kept.map((row) => row.data),
    ]),
  );
}

/** The counter on the job's row is locked until the end of the statement: two writers cannot take one number. */
const append = `with job as (
    update jobs set log_seq = log_seq + $3::integer where id = $1 and owner_id = $2
    returning id, owner_id, log_seq, log_seq - $3::integer as seq_before
  ), kept as (
    insert into job_logs (job_id, seq, owner_id, at, level, message, data)
    select job.id, job.seq_before + line.number, job.owner_id, line.at, line.level, line.message, line.data
    from job, unnest($5::timestamptz[], $6::text[], $7::text[], $8::jsonb[])
      with ordinality as line (at, level, message, data, number)
    where job.seq_before + line.number <= $4::integer
  )
  insert into job_logs (job_id, seq, owner_id, at, level, message)
  select id, $4::integer + 1, owner_id, now(), 'warn',
    format('Lines dropped after this: %s. A job keeps %s.', log_seq - $4::integer, $4::integer)
  from job where log_seq > $4::integer
  on conflict (job_id, seq) do update set at = excluded.at, message = excluded.message`;

/**
 * The lines after `since`, oldest first.
 * @param where.limit of the page; `jobLogPageDefault` when absent
 * @returns the page, and the number to give as `since` for the next one: null when there is none yet
 * @throws AppError `not-found`, for a stranger's job too
 */
export async function readJobLog(
  read: Reader,
  where: { ownerId: string; jobId: string; since: number; limit?: number | undefined },
): Promise<{ items: LogLine[]; nextSince: number | null }> {
  const limit = Math.min(where.limit ?? limits.jobLogPageDefault, limits.jobLogPageMax);
  const rows = await read
    .selectFrom('jobs')
    .leftJoin('job_logs', (join) =>
      join.onRef('job_logs.job_id', '=', 'jobs.id').on('job_logs.seq', '>', where.since),
    )
    .select(['job_logs.seq', 'job_logs.at', 'job_logs.level', 'job_logs.message', 'job_logs.data'])
    .where('jobs.id', '=', where.jobId)
    .where('jobs.owner_id', '=', where.ownerId)
    .orderBy('job_logs.seq')
    .limit(limit + 1)
    .execute();
  // A job that is there and has no line gives one row of nulls.
  if (rows.length === 0) throw fail('not-found', { what: 'job', id: where.jobId });
  const items = rows.slice(0, limit).flatMap(({ seq, at, level, message, data }) =>
    seq === null || at === null || level === null || message === null
      ? []
      : [
          {
            seq,
            at: at.toISOString(),
            level: level as LogLine['level'],
            message,
            data: data as LogLine['data'],
          },
        ],
  );
  return { items, nextSince: rows.length > limit ? (items.at(-1)?.seq ?? null) : null };
}

/** Room that is kept for the mark in place of data that is too long. */
const markBytes = 64;

/** A line as it is stored: without secrets, and message and data together within the limit. */
function toRow(line: NewLogLine) {
  const max = limits.jobLogLineBytesMax;
  // A text column takes neither NUL nor half surrogate pairs.
  const whole = redactText(line.message).replaceAll('\0', '\ufffd').toWellFormed();
  const message = cutText(whole, line.data ? max - markBytes : max);
  const data = line.data ? json(redact(line.data)) : null;
  const bytes = data === null ? 0 : Buffer.byteLength(data);
  const fits = bytes <= max - Buffer.byteLength(message);
  return {
    at: line.at.toISOString(),
    level: line.level,
    message,
    data: fits ? data : json({ cut: `${bytes} bytes left out` }),
  };
}

const cutMark = '… [cut]';

/** Cuts after a whole character, so that text and mark have at most `bytesMax` bytes of UTF-8. */
function cutText(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const bytes = Buffer.from(text.slice(0, bytesMax).toWellFormed());
  let end = bytesMax - Buffer.byteLength(cutMark);
  // Bytes that begin with the bits 10 go on with a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + cutMark;
}

import { sql } from 'kysely';
import type { Reader } from './db.ts';

/** What one API key may do. */
export interface Quota {
  /** SHA-256 of the key. */
  keyHash: string;
  perSecond: number;
  /** Submissions in a day (UTC). */
  perDay: number;
}

/**
 * Takes a request, and a submission where it is one, from what the key may do: counted in one row for all processes,
 * requests evenly spaced.
 * @returns 0 when it may be sent now, else after how many milliseconds to ask again; then nothing was taken
 */
export async function takeQuota(read: Reader, quota: Quota, submission: boolean): Promise<number> {
  const { keyHash, perSecond, perDay } = quota;
  const one = submission ? 1 : 0;
  const { rows: taken } = await sql`
    insert into verifier_quotas as known (key_hash, next_at, day_began, submissions)
    select ${keyHash}, clock.now + make_interval(secs => ${1 / perSecond}::float8), clock.day, ${one}::integer
    from (${clock}) as clock
    on conflict (key_hash) do update set next_at = excluded.next_at, day_began = excluded.day_began,
      submissions = ${one}::integer + case when known.day_began = excluded.day_began then known.submissions else 0 end
    where known.next_at <= clock_timestamp()
      and (${one}::integer = 0 or known.day_began <> excluded.day_began or known.submissions < ${perDay}::integer)
    returning key_hash`.execute(read);
  if (taken.length > 0) return 0;
  const { rows } = await sql<{ ms: number }>`
    select 1000 * extract(epoch from case
      when ${one}::integer = 1 and known.day_began = clock.day and submissions >= ${perDay}::integer
        then clock.day + interval '24 hours' - clock.now
      else greatest(next_at - clock.now, interval '1 millisecond') end)::float8 as ms
    from verifier_quotas as known, (${clock}) as clock where key_hash = ${keyHash}`.execute(read);
  return Math.ceil(rows[0]?.ms ?? 1);
}

/** Gives back a submission that was not accepted: those that come before an explorer sees the code would use up a day. */
export async function returnSubmission(read: Reader, { keyHash }: Pick<Quota, 'keyHash'>): Promise<void> {
  await sql`update verifier_quotas set submissions = submissions - 1
    where key_hash = ${keyHash} and submissions > 0
      and day_began = date_trunc('day', clock_timestamp(), 'UTC')`.execute(read);
}

const clock = sql`select clock_timestamp() as now, date_trunc('day', clock_timestamp(), 'UTC') as day`;

import { sql } from 'kysely';
import { limits } from '../lib/limits.ts';
import { type Store, statement } from '../store/db.ts';
import { type JobKind, lanes } from './kinds.ts';

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
  /** How long it stayed in the state before, in seconds. */
  secondsBefore: number;
}

interface Row {
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
  seconds: number;
  passed_over: boolean;
}

export interface Claimed {
  jobs: ClaimedJob[];
  /** There may be more for this worker: an owner's jobs beyond its slots were left out. */
  more: boolean;
}

/**
 * Takes due jobs of one lane: state, lease, fence, slot and event in one statement, rows that others hold are passed
 * over (FOR UPDATE SKIP LOCKED). What has a time of its own and what is there by turn alternate, so that neither keeps
 * the other waiting; turns are fair between owners; an owner whose slots are taken is passed over.
 *
 * @param options.leaseSeconds until another worker may take them, unless renewed
 */
export async function claim(
  store: Store,
  options: {
    lane: number;
    kinds: readonly JobKind[];
    worker: string;
    leaseSeconds: number;
    limit: number;
    /** Which of the two comes first; whoever takes one at a time has to alternate. */
    turnsFirst?: boolean;
  },
): Promise<Claimed> {
  for (;;) {
    try {
      return await claimOnce(store, options);
    } catch (error) {
      // Another worker gave the owner's last slot away at the same moment: the index decides, we look again.
      if (!isSlotTaken(error)) throw error;
    }
  }
}

async function claimOnce(store: Store, options: Parameters<typeof claim>[1]): Promise<Claimed> {
  const { lane, kinds } = options;
  // Numbers that decide about the plan stand in the text: a plan for any lane and any limit would read whole tables.
  const limit = sql.lit(options.limit);
  const isDelivery = sql.lit(lane === lanes.delivery);
  const running = lane === lanes.delivery ? limits.deliveriesRunningMax : limits.jobsRunningMax;
  const slots = sql`coalesce(owners.running_jobs_max, case owners.tier when 'free' then ${running.free}
    when 'pro' then ${running.pro} else ${running.enterprise}::integer end)`;
  const inLane = sql`jobs.lane = ${sql.lit(lane)} and jobs.kind = any(${kinds as JobKind[]})`;
  const hasSlot = sql`(${slots} is null or coalesce(busy.running, 0) < ${slots})`;
  const columns = sql`jobs.id, jobs.owner_id, jobs.state, jobs.state_since, ${slots} as slots,
    coalesce(busy.running, 0) as running`;
  const from = sql`jobs join owners on owners.id = jobs.owner_id left join busy on busy.owner_id = jobs.owner_id`;
  const query = sql`
    with busy as materialized (
      select owner_id, count(*)::integer as running from jobs
      where state = 'running' and (lane = 1) = ${isDelivery} and slot is not null group by owner_id
    ), timed as materialized (
      select ${columns} from ${from}
      where jobs.turn = 0 and jobs.state in ('queued', 'waiting') and jobs.run_at <= now() and ${inLane} and ${hasSlot}
      order by jobs.run_at limit ${limit} for update of jobs skip locked
    ), ready as materialized (
      select ${columns} from ${from}
      where jobs.turn > 0 and jobs.state = 'queued' and ${inLane} and ${hasSlot}
      order by jobs.turn, jobs.priority desc, jobs.id limit ${limit} for update of jobs skip locked
    ), due as (
      select * from (
        select *, row_number() over () as place, false as by_turn from timed
        union all
        select *, row_number() over () as place, true as by_turn from ready
      ) as both_kinds order by place, by_turn = ${sql.lit(options.turnsFirst ?? false)} desc limit ${limit}
    ), ranked as (
      select *, row_number() over (partition by owner_id order by place) as rank from due
    ), chosen as (
      select id, state as state_before, state_since, case when slots is not null then (
        select number from generate_series(1, slots) as number
        where not exists (select from jobs as other where other.owner_id = ranked.owner_id
          and (other.lane = 1) = ${isDelivery} and other.state = 'running' and other.slot = number)
        order by number offset rank - 1 limit 1) end as slot
      from ranked where slots is null or rank <= slots - running
    ), claimed as (
      update jobs set state = 'running', lease_owner = ${options.worker}, fence = jobs.fence + 1, slot = chosen.slot,
        lease_seconds = ${options.leaseSeconds},
        lease_expires_at = now() + make_interval(secs => ${options.leaseSeconds}::integer), state_since = now(),
        started_at = coalesce(started_at, now()), event_seq = event_seq + 1
      from chosen where jobs.id = chosen.id
      returning jobs.*, state_before, extract(epoch from now() - chosen.state_since)::float8 as seconds
    ), log as (
      insert into events (subject_id, seq, owner_id, type, data)
      select id, event_seq, owner_id, case state_before when 'waiting' then 'resumed' else 'started' end,
        jsonb_build_object('attempt', attempts + 1)
      from claimed
    )
    select id, kind, subject_id, owner_id, created_by, project_id, pipeline_id, request_id, attempts, attempts_max,
      fence, state_before as state, seconds,
      (select count(*) from ranked) > (select count(*) from chosen) as passed_over
    from claimed order by turn, priority desc, id`;
  // As a transaction that is only sent: it shares a commit to disk with jobs that are asked for and that end meanwhile.
  const sent = await store.transaction(async (tx) => ({ rows: tx.send<Row>(statement(query)) }));
  const rows = await sent.rows;
  store.signals.emit({ subjects: rows.map((row) => row.id), kinds: [] });
  return { jobs: rows.map(toJob), more: rows[0]?.passed_over ?? false };
}

function toJob(row: Row): ClaimedJob {
  return {
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
    secondsBefore: row.seconds,
  };
}

function isSlotTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'jobs_slots';
}

import { limits } from '../lib/limits.ts';
import { bound, type Store } from '../store/db.ts';
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
}

/** What a claim finds: a row without a job when it takes none. */
type Found = (Row | { id: null }) & { passed_over: boolean; left_over: boolean; timed_due: boolean };

export interface Claimed {
  jobs: ClaimedJob[];
  /** It is worth looking again at once: some were left out, of this worker's making. */
  more: boolean;
  /** There may be more for whoever has a place, now or when an owner has a slot again. */
  left: boolean;
  /** Among them jobs that have a time of their own: the next look should be for both. */
  timedDue: boolean;
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
    /** Jobs by turn only: half the work. Whether others are due is said. */
    onlyTurns?: boolean;
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
  const { lane, kinds, worker, leaseSeconds, onlyTurns = false, turnsFirst = false } = options;
  // A text for each number would be prepared and planned for each, on each connection.
  const limit = 2 ** Math.floor(Math.log2(options.limit));
  const values = [kinds, worker, leaseSeconds];
  const query = bound(claimText(lane, limit, onlyTurns), onlyTurns ? values : [...values, turnsFirst]);
  // As a transaction that is only sent: it shares a commit to disk with jobs that are asked for and that end meanwhile.
  const sent = await store.transaction(async (tx) => ({ found: tx.send<Found>(query) }), {
    background: true,
  });
  const found = await sent.found;
  const jobs = found.filter((row) => row.id !== null).map(toJob);
  store.signals.emit({ subjects: jobs.map((job) => job.id), kinds: [] });
  const [{ passed_over: passedOver, left_over: leftOver, timed_due: timedDue }] = found as [Found];
  const askedForFewer = limit < options.limit && jobs.length === limit && (leftOver || timedDue);
  const leftTimed = onlyTurns && timedDue && jobs.length < options.limit;
  return {
    jobs,
    more: (passedOver && jobs.length > 0) || askedForFewer || leftTimed,
    left: passedOver || leftOver || timedDue,
    timedDue,
  };
}

const texts = new Map<string, string>();

/**
 * Of $1 the kinds, $2 the worker, $3 the lease's seconds, $4 whether turns come first. Only parts that are needed stand
 * in the text, as to set one up takes longer than to run it; and numbers that decide about the plan, as one for any lane
 * and any limit would read whole tables. That a rank is between 1 and the limit says nothing new but makes the planner
 * expect few rows: it then looks jobs up by their ids (see `expectFew`).
 */
function claimText(lane: number, limit: number, onlyTurns: boolean): string {
  const key = `${lane} ${limit} ${onlyTurns}`;
  const text = texts.get(key) ?? makeClaimText(lane, limit, onlyTurns);
  texts.set(key, text);
  return text;
}

function makeClaimText(lane: number, limit: number, onlyTurns: boolean): string {
  const isDelivery = lane === lanes.delivery;
  const { free, pro, enterprise } = isDelivery ? limits.deliveriesRunningMax : limits.jobsRunningMax;
  const slots = `coalesce(owners.running_jobs_max,
    case owners.tier when 'free' then ${free} when 'pro' then ${pro} else ${enterprise}::integer end)`;
  const inLane = `jobs.lane = ${lane} and jobs.kind = any($1::text[])`;
  const hasSlot = `(${slots} is null
    or jobs.owner_id <> all((select jobs_full_owners(${isDelivery}, ${free}, ${pro}, ${enterprise}))::uuid[]))`;
  const columns = `jobs.id, jobs.owner_id, jobs.state, jobs.state_since, jobs.turn, jobs.priority, jobs.run_at,
    ${slots} as slots`;
  const isTimed = `jobs.turn = 0 and jobs.state in ('queued', 'waiting') and jobs.run_at <= now() and ${inLane}`;
  const isReady = `jobs.turn > 0 and jobs.state = 'queued' and ${inLane}`;
  const timed = `timed as materialized (
    select ${columns} from jobs join owners on owners.id = jobs.owner_id where ${isTimed} and ${hasSlot}
    order by jobs.run_at limit ${limit} for update of jobs skip locked
  ), `;
  // One of each by turns. An owner's slots go in the same order.
  const bothKinds = `(select * from (
      select *, row_number() over (order by run_at) as place from timed
      union all
      select *, row_number() over (order by turn, priority desc, id) as place from ready
    ) as both_kinds order by place, (turn > 0) = $4::boolean desc limit ${limit})`;
  const order = onlyTurns ? 'turn, priority desc, id' : 'place, (turn > 0) = $4::boolean desc';
  const rank = `row_number() over (partition by owner_id order by ${order})::integer`;
  const left = (which: string) =>
    `exists (select from jobs where ${which} and jobs.id <> all(array(select id from placed)))`;
  return `with ${onlyTurns ? '' : timed}ready as materialized (
    select ${columns} from jobs join owners on owners.id = jobs.owner_id where ${isReady} and ${hasSlot}
    order by jobs.turn, jobs.priority desc, jobs.id limit ${limit} for update of jobs skip locked
  ), ranked as (
    select due.*, ${limit === 1 ? '1' : rank} as rank from ${onlyTurns ? 'ready' : bothKinds} as due
  ), placed as materialized (
    select ranked.*,
      case when slots is not null then (jobs_free_slots(owner_id, ${isDelivery}, slots))[rank] end as slot
    from ranked
  ), claimed as (
    update jobs set state = 'running', lease_owner = $2, fence = jobs.fence + 1, slot = placed.slot,
      lease_seconds = $3::integer, lease_expires_at = now() + make_interval(secs => $3::integer), state_since = now(),
      started_at = coalesce(started_at, now()), event_seq = event_seq + 1
    from placed where jobs.id = placed.id and (placed.slots is null or placed.slot is not null)
      and placed.rank between 1 and ${limit}
    returning jobs.id, jobs.kind, jobs.subject_id, jobs.owner_id, jobs.created_by, jobs.project_id, jobs.pipeline_id,
      jobs.request_id, jobs.attempts, jobs.attempts_max, jobs.fence, jobs.event_seq, jobs.turn, jobs.priority,
      placed.state as state_before, extract(epoch from now() - placed.state_since)::float8 as seconds
  ), log as (
    insert into events (subject_id, seq, owner_id, type, data)
    select id, event_seq, owner_id, case state_before when 'waiting' then 'resumed' else 'started' end,
      jsonb_build_object('attempt', attempts + 1)
    from claimed
  )
  select id, kind, subject_id, owner_id, created_by, project_id, pipeline_id, request_id, attempts, attempts_max,
    fence, state_before as state, seconds, passed_over, left_over, timed_due
  from (select exists (select from placed where slots is not null and slot is null) as passed_over,
    ${left(isReady)} as left_over,
    ${left(isTimed)} as timed_due
  ) as rest left join claimed on true order by turn, priority desc, id`;
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

-- Fairness, limits and observability of the queue.

-- `lane`: work that takes processors, deliveries, or deployments, which mostly wait; each has workers of its own.
-- `turn`: start tag of start-time fair queueing (Goyal, Vin, Cheng 1996); 0 for what has a time of its own: retries,
--   and work that goes on after waiting, which has had its turn.
-- `lease_seconds`: what the worker asked for, so that a clock that jumped back makes no lease longer.
-- `slot`: which of its owner's places a running job holds, where the owner has a limit.
alter table jobs
  add column lane smallint not null default 0,
  add column turn bigint not null default 0,
  add column slot smallint,
  add column lease_seconds integer,
  add column state_since timestamptz not null default now();
update jobs set turn = 1 where state = 'queued';
update jobs set lane = 2 where kind = 'deploy';

-- An operator's own limit for one owner; null is the tier's.
alter table owners add column running_jobs_max integer check (running_jobs_max > 0);

-- Written with their subject, whose row holds the owner to the tables of owners, users and projects. A check of its own
-- for each of these columns locks the same few rows for every job and every event: 0.2 ms of 0.6 ms a job.
alter table jobs drop constraint jobs_owner_id_fkey, drop constraint jobs_created_by_fkey,
  drop constraint jobs_project_id_fkey;
alter table events drop constraint events_owner_id_fkey;

drop index jobs_due;
create index jobs_ready on jobs (lane, turn, priority desc, id, kind) where state = 'queued' and turn > 0;
create index jobs_timed on jobs (lane, run_at) where state in ('queued', 'waiting') and turn = 0;
create index jobs_flow on jobs (owner_id, lane, kind, turn) where state in ('queued', 'running');
create index jobs_running on jobs (lane, turn) where state = 'running';
-- Nobody runs more jobs of one owner at a time than the owner has slots, whatever two workers believe. Deliveries (lane 1)
-- have slots of their own.
create unique index jobs_slots on jobs (owner_id, (lane = 1), slot) where state = 'running' and slot is not null;

-- Rows change three times in their first second; what is dead has to go soon, or scans of the queue pay for it.
alter table jobs set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- Refuses the transaction when the owner has too many jobs that nobody has started; see queue/admit.ts. One at a time
-- for each owner, as nobody sees what others are about to add.
create function jobs_admit(job_owner uuid, queued_max integer) returns void
language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(4280004, hashtext(job_owner::text));
  if (select count(*) from (select from jobs where owner_id = job_owner and state = 'queued'
      and lane <> 1 limit queued_max) as queued) >= queued_max then
    raise exception 'owner % has % jobs queued', job_owner, queued_max using errcode = 'SLQ01';
  end if;
end
$$;

-- Processes that work on jobs, as they last showed themselves.
create table workers (
  name text primary key,
  kinds text[] not null,
  engine text not null,
  concurrency integer not null,
  running integer not null default 0,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

grant select, insert, update, delete on workers to slipway_app;

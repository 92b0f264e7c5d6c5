-- What a job has to say while it works, and how old rows go.

-- The counter lies on the job's row, as event_seq does: it counts every line that was offered, also those past the limit.
alter table jobs add column log_seq bigint not null default 0;

create table job_logs (
  job_id uuid not null references jobs on delete cascade,
  seq bigint not null,
  owner_id uuid not null references owners,
  at timestamptz not null,
  level text not null check (level in ('info', 'warn', 'error')),
  message text not null,
  data jsonb,
  primary key (job_id, seq)
);
grant select, insert, update, delete on job_logs to slipway_app;

-- A retry outlives the job that it repeats.
alter table jobs drop constraint jobs_retry_of_fkey;
alter table jobs add constraint jobs_retry_of_fkey foreign key (retry_of) references jobs on delete set null;
create index jobs_retry_of on jobs (retry_of) where retry_of is not null;
create index jobs_ended on jobs (completed_at) where state in ('succeeded', 'failed', 'cancelled');

-- A deployment is tried anew once, whichever of its jobs that is asked of: it may have had several.
alter table deployments add column retry_of uuid references deployments;
create unique index deployments_retry_of on deployments (retry_of) where retry_of is not null;

-- A key whose request deploys lives as long as the deployment, or as the pipeline that may still make one; the others go
-- by their age.
alter table idempotency_keys
  add column deployment_id uuid references deployments on delete cascade,
  add column pipeline_id uuid references pipelines on delete cascade;
create index idempotency_keys_age on idempotency_keys (created_at)
  where deployment_id is null and pipeline_id is null;
create index idempotency_keys_deployment on idempotency_keys (deployment_id) where deployment_id is not null;
create index idempotency_keys_pipeline on idempotency_keys (pipeline_id) where pipeline_id is not null;

create index sessions_ended on sessions (least(expires_at, revoked_at));

-- How and when a job ended is history, as its state is. What counts and repeats (event_seq, log_seq, retry_of) may change.
create function jobs_end_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'job % is % since %, which stays so', old.id, old.state, old.completed_at using errcode = 'check_violation';
end
$$;
create trigger jobs_end_is_final before update of id, owner_id, kind, subject_id, pipeline_id, completed_at on jobs
  for each row when (old.state in ('succeeded', 'failed', 'cancelled')
    and (new.id, new.owner_id, new.kind, new.subject_id, new.pipeline_id, new.completed_at)
      is distinct from (old.id, old.owner_id, old.kind, old.subject_id, old.pipeline_id, old.completed_at))
  execute function jobs_end_is_final();

-- The application may not remove events. What it may do is ask for this: whole jobs that ended long ago, with their
-- events and log lines. The bounds are checked here, because here is what a stolen application role cannot change. It
-- can write any row of jobs, so that neither a job's age nor its id is believed: the events themselves have to be old,
-- whose times nobody may change, and must not be those of a pipeline or deployment.
create function prune_jobs(older_than interval, batch integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  removed integer;
begin
  if older_than is null or older_than < interval '1 day' then
    raise exception 'jobs that ended less than a day ago stay' using errcode = 'invalid_parameter_value';
  end if;
  if batch is null or batch not between 1 and 10000 then
    raise exception 'a batch has 1 to 10000 jobs' using errcode = 'invalid_parameter_value';
  end if;
  with old as materialized (
    select job.id from public.jobs as job
    where job.state in ('succeeded', 'failed', 'cancelled') and job.completed_at < now() - older_than
      and not exists (
        select from public.pipelines
        where pipelines.id = job.pipeline_id and pipelines.state in ('queued', 'running', 'blocked'))
      and not exists (
        select from public.deployments
        where deployments.id = job.subject_id
          and deployments.state not in ('estimated', 'confirmed', 'failed', 'reverted', 'cancelled'))
      and not exists (
        select from public.events where events.subject_id = job.id and events.at >= now() - older_than)
      and not exists (select from public.pipelines where pipelines.id = job.id)
      and not exists (select from public.deployments where deployments.id = job.id)
    order by job.completed_at limit batch for update of job skip locked
  ), events_gone as (
    delete from public.events using old where events.subject_id = old.id
  )
  delete from public.jobs using old where jobs.id = old.id;
  get diagnostics removed = row_count;
  return removed;
end
$$;
revoke execute on function prune_jobs(interval, integer) from public;
grant execute on function prune_jobs(interval, integer) to slipway_app;

-- One contract at one address on many chains: a deployment for each, which belongs to the plan.
create table deployment_plans (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  build_id uuid not null references builds,
  request jsonb not null,
  salt text not null,
  address text not null,
  created_at timestamptz not null default now()
);
create index deployment_plans_owner on deployment_plans (owner_id, id desc);
grant select, insert, update on deployment_plans to slipway_app;

alter table deployments add column plan_id uuid references deployment_plans;
create index deployments_plan on deployments (plan_id) where plan_id is not null;

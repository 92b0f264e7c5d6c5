-- Source of a confirmed deployment at one place of verification; a job each.
create table verifications (
  id uuid primary key,
  deployment_id uuid not null references deployments,
  owner_id uuid not null references owners,
  kind text not null,
  api_url text not null,
  status text not null,
  match text,
  -- The name of the submission that is under way.
  reference text,
  submitted_at timestamptz,
  submissions integer not null default 0,
  words text,
  error jsonb,
  requested_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  unique (deployment_id, kind, api_url)
);
grant select, insert, update on verifications to slipway_app;

-- What was asked in the name of an API key, by all processes. The key's hash, never the key.
create table verifier_quotas (
  key_hash text primary key,
  next_at timestamptz not null,
  day_began timestamptz not null,
  submissions integer not null
);
grant select, insert, update on verifier_quotas to slipway_app;

-- The whole model of the first release. Tenancy, the two database roles, and the append-only audit log
-- are here from the start, because none of them can be added later without touching every row.

-- Two roles: who migrates owns the tables; the application works as slipway_app, which may not rewrite history.
do $$
begin
  if not exists (select from pg_roles where rolname = 'slipway_app') then
    create role slipway_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null; -- two databases of one cluster migrated at once
end
$$;
do $$ begin execute format('grant slipway_app to %I', current_user); end $$;

create table owners (
  id uuid primary key,
  kind text not null check (kind in ('person', 'organisation')),
  name text not null,
  tier text not null default 'free' check (tier in ('free', 'pro', 'enterprise')),
  created_at timestamptz not null default now()
);

create table users (
  id uuid primary key,
  owner_id uuid not null unique references owners,
  email text unique check (email = lower(email)),
  name text not null,
  password_hash text,
  roles text[] not null default '{user}',
  status text not null default 'active' check (status in ('active', 'deactivated')),
  created_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  client text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text
);
create index sessions_user on sessions (user_id);

-- Every refresh token ever issued in a session, hashed. A used one that comes back is a theft, or a second tab.
create table refresh_tokens (
  token_hash bytea primary key,
  session_id uuid not null references sessions on delete cascade,
  issued_at timestamptz not null default now(),
  used_at timestamptz,
  used_by_client text
);
create index refresh_tokens_session on refresh_tokens (session_id);

create table signing_keys (
  kid text primary key,
  algorithm text not null,
  public_jwk jsonb not null,
  private_sealed jsonb not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);

create table api_keys (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  name text not null,
  key_id text not null unique,
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_owner on api_keys (owner_id, id);

create table projects (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid references users,
  name text not null,
  is_default boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index projects_default on projects (owner_id) where is_default;
create index projects_owner on projects (owner_id, id);

create table pipelines (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  state text not null default 'queued'
    check (state in ('queued', 'running', 'blocked', 'succeeded', 'failed', 'cancelled')),
  request jsonb not null,
  stages jsonb not null,
  error jsonb,
  event_seq bigint not null default 0,
  request_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  completed_at timestamptz
);
create index pipelines_owner on pipelines (owner_id, id desc);
create index pipelines_open on pipelines (id) where state in ('queued', 'running');

create table jobs (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  kind text not null,
  subject_id uuid not null,
  pipeline_id uuid references pipelines,
  state text not null default 'queued'
    check (state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  progress smallint not null default 0 check (progress between 0 and 100),
  stage text,
  priority smallint not null default 0,
  attempts integer not null default 0,
  attempts_max integer not null,
  lease_losses integer not null default 0,
  error jsonb,
  lease_owner text,
  lease_expires_at timestamptz,
  fence bigint not null default 0,
  run_at timestamptz not null default now(),
  cancel_requested_at timestamptz,
  event_seq bigint not null default 0,
  retry_of uuid references jobs,
  request_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  completed_at timestamptz
);
create index jobs_due on jobs (priority desc, run_at, id) where state in ('queued', 'waiting');
create index jobs_leases on jobs (lease_expires_at) where state = 'running';
create index jobs_owner on jobs (owner_id, id desc);
create index jobs_subject on jobs (subject_id);
create index jobs_pipeline on jobs (pipeline_id) where pipeline_id is not null;

-- A job's terminal states are final in SQL: no late worker, no mistake of ours, can take one back.
create function jobs_terminal_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'job % is % and stays so', old.id, old.state using errcode = 'check_violation';
end
$$;
create trigger jobs_terminal_is_final before update of state on jobs
  for each row when (old.state in ('succeeded', 'failed', 'cancelled') and new.state is distinct from old.state)
  execute function jobs_terminal_is_final();

-- One log for jobs, pipelines and deployments; the counter is event_seq on the subject's row, so it has no gaps.
create table events (
  subject_id uuid not null,
  seq bigint not null,
  owner_id uuid not null references owners,
  type text not null,
  data jsonb not null,
  at timestamptz not null default now(),
  primary key (subject_id, seq)
);

create table generations (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  request jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  template text,
  result jsonb,
  error jsonb,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create index generations_owner on generations (owner_id, id desc);

-- What the compiler said of one exact input: shared by every build of that input.
create table compilations (
  input_hash text primary key,
  compiler text not null,
  compiler_long text not null,
  ok boolean not null,
  input jsonb not null,
  diagnostics jsonb not null,
  candidates jsonb not null,
  libraries jsonb not null,
  chosen jsonb,
  own_files jsonb not null,
  compile_ms double precision not null,
  created_at timestamptz not null default now()
);

create table artifacts (
  id uuid primary key,
  input_hash text not null references compilations on delete cascade,
  file text not null,
  contract text not null,
  abi jsonb not null,
  creation_bytecode text not null,
  runtime_bytecode text not null,
  immutable_references jsonb not null,
  creation_link_references jsonb not null,
  storage_layout jsonb,
  method_identifiers jsonb not null,
  gas_estimates jsonb,
  userdoc jsonb,
  devdoc jsonb,
  metadata text not null,
  creation_bytes integer not null,
  runtime_bytes integer not null,
  unique (input_hash, file, contract)
);

create table builds (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  request jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  input_hash text references compilations,
  cached boolean not null default false,
  entry text,
  contract_file text,
  contract_name text,
  error jsonb,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create index builds_owner on builds (owner_id, id desc);

create table audits (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  build_id uuid references builds,
  request jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  overall text check (overall in ('critical', 'high', 'medium', 'low', 'info', 'gas')),
  counts jsonb,
  tools jsonb not null default '[]',
  diagnostics jsonb,
  error jsonb,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create index audits_owner on audits (owner_id, id desc);

create table findings (
  id uuid primary key,
  audit_id uuid not null references audits on delete cascade,
  owner_id uuid not null references owners,
  project_id uuid not null references projects,
  fingerprint text not null,
  detector text not null,
  severity text not null,
  confidence text not null,
  file text not null,
  line integer not null,
  suppressed boolean not null default false,
  finding jsonb not null,
  created_at timestamptz not null default now()
);
create index findings_audit on findings (audit_id, id);
create index findings_owner on findings (owner_id, id desc);
create index findings_fingerprint on findings (project_id, fingerprint);

create table signers (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  name text not null,
  kind text not null check (kind in ('local')),
  address text not null,
  sealed_key jsonb not null,
  policy jsonb not null default '{}',
  is_development boolean not null default false,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index signers_name on signers (owner_id, name) where deleted_at is null;
create index signers_owner on signers (owner_id, id desc);

create table deployments (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  pipeline_id uuid references pipelines,
  build_id uuid not null references builds,
  audit_id uuid references audits,
  signer_id uuid not null references signers,
  network text not null,
  chain_id bigint not null,
  contract_file text not null,
  contract_name text not null,
  request jsonb not null,
  plan jsonb not null,
  gate jsonb,
  state text not null default 'queued' check (state in ('queued', 'preparing', 'blocked', 'awaiting_approval',
    'awaiting_signature', 'estimated', 'signed', 'broadcast', 'mined', 'confirmed', 'failed', 'reverted', 'cancelled')),
  from_address text not null,
  address text,
  transaction_hash text,
  block_number bigint,
  block_hash text,
  gas_used text,
  cost_wei text,
  code_matches boolean,
  detail jsonb,
  error jsonb,
  journal_seq integer not null default 0,
  event_seq bigint not null default 0,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create index deployments_owner on deployments (owner_id, id desc);
create index deployments_address on deployments (chain_id, address);

create table deployment_journal (
  deployment_id uuid not null references deployments,
  seq integer not null,
  message jsonb not null,
  fence bigint not null,
  at timestamptz not null default now(),
  primary key (deployment_id, seq)
);

-- A chain as we know it. A local chain that was made anew has another genesis: its epoch rises, old nonces rest.
create table chains (
  chain_id bigint primary key,
  epoch integer not null default 0,
  genesis_hash text not null,
  seen_at timestamptz not null default now()
);

create table nonce_accounts (
  chain_id bigint not null references chains,
  epoch integer not null,
  address text not null,
  next_nonce bigint not null,
  frozen_reason text,
  primary key (chain_id, epoch, address)
);

create table transactions (
  id uuid primary key,
  chain_id bigint not null,
  epoch integer not null,
  address text not null,
  nonce bigint not null,
  deployment_id uuid not null references deployments,
  kind text not null check (kind in ('create', 'replacement', 'cancellation')),
  hash text not null,
  raw text not null,
  created_at timestamptz not null default now(),
  foreign key (chain_id, epoch, address) references nonce_accounts
);
-- One transaction of ours per nonce; a recorded replacement is the only exception.
create unique index transactions_nonce on transactions (chain_id, epoch, address, nonce) where kind = 'create';
-- Bytes are signed once in the life of a chain. One that was made anew sees the same bytes again when the same contract
-- is the signer's first: signatures are deterministic.
create unique index transactions_hash on transactions (hash, epoch);
-- And one creation per deployment, whatever a worker believes.
create unique index transactions_creation on transactions (deployment_id) where kind = 'create';
create index transactions_deployment on transactions (deployment_id);

create table idempotency_keys (
  owner_id uuid not null references owners,
  route text not null,
  key text not null,
  body_hash text not null,
  -- JSON of the action's result, or of its sealed form where it holds a secret; null only inside the transaction that
  -- makes it. Text, because a repeat gets the very bytes of the first reply, and jsonb would sort the keys.
  result text,
  created_at timestamptz not null default now(),
  primary key (owner_id, route, key)
);

-- Single-use tickets by which a browser opens a socket: they may stand in a URL, tokens may not.
create table live_tickets (
  ticket_hash bytea primary key,
  via_kind text not null check (via_kind in ('session', 'api-key')),
  via_id uuid not null,
  expires_at timestamptz not null
);

create table audit_log (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  at timestamptz not null default now(),
  owner_id uuid references owners,
  actor jsonb not null,
  action text not null,
  object_kind text,
  object_id text,
  request_id text,
  data jsonb not null default '{}',
  -- Filled by the sealer, which chains the rows in order.
  previous_hash bytea,
  hash bytea
);
create index audit_log_owner on audit_log (owner_id, id desc);

create table service_settings (
  key text primary key,
  value jsonb not null
);

grant usage on schema public to slipway_app;
grant select, insert, update, delete on all tables in schema public to slipway_app;
grant usage on all sequences in schema public to slipway_app;
revoke update, delete, truncate on audit_log, deployment_journal, transactions, events from slipway_app;

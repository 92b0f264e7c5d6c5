-- Contracts that other tools deployed, as those wrote it down: history, which nothing here was done for.
create table imported_deployments (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  format text not null,
  chain_id bigint not null,
  network text,
  contract_name text not null,
  address text not null,
  transaction_hash text,
  deployer text,
  block_number bigint,
  gas_used text,
  cost_wei text,
  constructor_args jsonb not null,
  commit text,
  deployed_at timestamptz,
  created_at timestamptz not null default now(),
  unique nulls not distinct (owner_id, chain_id, address, transaction_hash)
);
create index imported_deployments_owner on imported_deployments (owner_id, id desc);
grant select, insert on imported_deployments to slipway_app;

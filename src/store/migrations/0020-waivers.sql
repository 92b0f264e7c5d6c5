-- Findings that somebody accepts in a project, by fingerprint, with a reason and for a time. Lines stay when they end.
create table waivers (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  project_id uuid not null references projects,
  fingerprint text not null,
  detector text not null,
  -- As it was when it was accepted: a finding that has become worse is not covered.
  severity text not null check (severity in ('critical', 'high', 'medium', 'low', 'info', 'gas')),
  file text not null,
  line integer not null,
  reason text not null,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  removed_by uuid references users
);
create unique index waivers_standing on waivers (project_id, fingerprint) where removed_at is null;
create index waivers_owner on waivers (owner_id, id desc);
grant select, insert, update on waivers to slipway_app;

-- Addresses of an owner that are told what happened (Standard Webhooks).
create table webhooks (
  id uuid primary key,
  owner_id uuid not null references owners,
  created_by uuid not null references users,
  url text not null,
  description text not null,
  events text[] not null,
  sealed_secret jsonb not null,
  disabled_at timestamptz,
  disabled_reason text,
  -- While a receiver does not answer: how often in a row, and until when it is left alone.
  silences integer not null default 0,
  held_until timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index webhooks_owner on webhooks (owner_id, id desc) where deleted_at is null;

-- One message to one address. Its id is the message's id, the same for every attempt.
create table webhook_deliveries (
  id uuid primary key,
  webhook_id uuid not null references webhooks,
  owner_id uuid not null references owners,
  type text not null,
  payload jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  -- The last ones, oldest first.
  attempts jsonb not null default '[]',
  -- Of this round: a redelivery starts a new one.
  failures integer not null default 0,
  round_started_at timestamptz not null default now(),
  next_attempt_at timestamptz,
  error jsonb,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id desc);
create index webhook_deliveries_pending on webhook_deliveries (webhook_id) where status = 'pending';

grant select, insert, update, delete on webhooks, webhook_deliveries to slipway_app;

-- What a person asked to be done about bytes that are under way: the newest request, whose answer is in the journal.
alter table deployments add column replacement_request jsonb,
  add column replacement_requests integer not null default 0;

-- An empty transaction for a nonce that nothing of ours holds, so that those behind it can be mined, belongs to no
-- deployment.
alter table transactions alter column deployment_id drop not null;
alter table transactions drop constraint transactions_kind_check;
alter table transactions add constraint transactions_kind_check check (
  kind in ('create', 'replacement', 'cancellation', 'fill') and (kind = 'fill') = (deployment_id is null));

-- An address whose nonces disagree with what we recorded signs nothing until somebody looked (`frozen_reason`).
alter table nonce_accounts add column frozen_at timestamptz;
-- A nonce below others of ours that nobody uses, and since when it is known.
alter table nonce_accounts add column gap_nonce bigint, add column gap_since timestamptz;

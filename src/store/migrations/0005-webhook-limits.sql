-- How many deliveries of an owner may be pending, and how webhooks and deliveries go when they are old.

drop index webhook_deliveries_pending;
create index webhook_deliveries_pending on webhook_deliveries (owner_id, webhook_id) where status = 'pending';
create index webhook_deliveries_ended on webhook_deliveries (completed_at) where status <> 'pending';
create index webhooks_deleted on webhooks (deleted_at) where deleted_at is not null;

-- Most rows are pending for less than a second; what is dead has to go soon, or counting the pending ones pays for it.
alter table webhook_deliveries set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

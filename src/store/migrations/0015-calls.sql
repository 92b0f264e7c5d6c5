-- A call that changes something is sent as a creation is, so it is a row of the same table; `target_id` is the deployment
-- whose contract is called.
alter table deployments add column target_id uuid references deployments;
create index deployments_target on deployments (target_id, id desc) where target_id is not null;

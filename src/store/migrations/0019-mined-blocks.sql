-- What the reconciler asks for every few seconds: the newest blocks that our transactions are in, and what is open.
create index deployments_mined on deployments (chain_id, block_number desc, id desc) where block_number is not null;
create index deployments_open on deployments (id) where state in ('signed', 'broadcast', 'mined');

-- Proxies: how they find their code (`proxy`), and whose code it is (`implementation_id`; of an upgrade, the new one).
alter table deployments add column proxy jsonb, add column implementation_id uuid references deployments;

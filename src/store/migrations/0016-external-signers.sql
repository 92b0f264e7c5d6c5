-- Signers whose key is in a wallet of its owner's: what is to be signed is handed out, and what comes back is kept until the
-- worker takes it up.
alter table signers drop constraint signers_kind_check;
alter table signers add constraint signers_kind_check check (kind in ('local', 'aws-kms', 'vault', 'external'));
alter table deployments add column signature jsonb;

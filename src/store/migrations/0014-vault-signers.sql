-- Keys that are kept in HashiCorp Vault.
alter table signers drop constraint signers_kind_check;
alter table signers add constraint signers_kind_check check (kind in ('local', 'aws-kms', 'vault'));

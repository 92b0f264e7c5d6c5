-- Keys that are kept elsewhere: `sealed_key` then names them. An address is one signer of an owner.
alter table signers drop constraint signers_kind_check;
alter table signers add constraint signers_kind_check check (kind in ('local', 'aws-kms'));
create unique index signers_address on signers (owner_id, address) where deleted_at is null;

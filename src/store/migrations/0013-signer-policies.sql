-- What signed bytes may cost at most, in wei: gas limit × highest fee + value. Null for bytes that were signed before this.
alter table transactions add column cost_max_wei text;

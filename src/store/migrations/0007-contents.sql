-- What is large and comes again is kept once, by the hash of what it says, compressed: sources, and the contracts that the
-- compiler made of them.

create table contents (
  -- SHA-256 of the bytes before compression, 64 hex digits; `list-` before it for a list of sources, so that a source
  -- whose text is such a list is not taken for it.
  hash text primary key,
  -- Bytes before compression.
  size integer not null,
  compression text not null check (compression in ('none', 'zstd')),
  bytes bytea not null,
  created_at timestamptz not null default now()
);

-- A content that lists others (a set of sources) keeps them.
create table content_parts (
  whole text not null references contents on delete cascade,
  part text not null references contents,
  primary key (whole, part)
);
create index content_parts_part on content_parts (part);

-- What has lost a reference, and perhaps its last one: here the pruner looks, and not at everything there is.
create table prune_candidates (
  kind text not null check (kind in ('compilation', 'content')),
  hash text not null,
  noted_at timestamptz not null default now(),
  primary key (kind, hash)
);

-- The rows that are there already move over, uncompressed: PostgreSQL compresses them in its own way.

create function keep_content(said text, prefix text default '') returns text language sql as $$
  insert into contents (hash, size, compression, bytes)
  values (prefix || encode(sha256(convert_to(said, 'UTF8')), 'hex'), octet_length(said), 'none', convert_to(said, 'UTF8'))
  on conflict do nothing;
  select prefix || encode(sha256(convert_to(said, 'UTF8')), 'hex');
$$;

-- Of path → text. As source-sets.ts writes it: texts under 1 KB stand in the list itself.
create function keep_sources(sources jsonb) returns text language plpgsql as $$
declare
  whole text;
begin
  select keep_content(coalesce(jsonb_agg(
      case when octet_length(value) < 1024 then jsonb_build_object('file', key, 'text', value)
        else jsonb_build_object('file', key, 'hash', keep_content(value)) end
      order by key collate "C"), '[]')::text, 'list-')
    into whole from jsonb_each_text(sources);
  insert into content_parts (whole, part)
  select distinct whole, keep_content(value) from jsonb_each_text(sources) where octet_length(value) >= 1024
  on conflict do nothing;
  return whole;
end
$$;

alter table builds add column sources_hash text references contents;
update builds set sources_hash = keep_sources(request -> 'sources'), request = request - 'sources';
alter table builds alter column sources_hash set not null;
create index builds_sources on builds (sources_hash);
create index builds_input on builds (input_hash) where input_hash is not null;

alter table compilations add column sources_hash text references contents;
update compilations set input = input - 'sources', sources_hash = keep_sources(
  (select jsonb_object_agg(key, value -> 'content') from jsonb_each(input -> 'sources')));
alter table compilations alter column sources_hash set not null;
create index compilations_sources on compilations (sources_hash);

alter table artifacts add column content_hash text references contents;
update artifacts set content_hash = keep_content(jsonb_build_object(
  'file', file, 'contract', contract, 'creationBytes', creation_bytes, 'runtimeBytes', runtime_bytes,
  'abi', abi, 'creationBytecode', creation_bytecode, 'runtimeBytecode', runtime_bytecode,
  'immutableReferences', immutable_references, 'creationLinkReferences', creation_link_references,
  'storageLayout', storage_layout, 'methodIdentifiers', method_identifiers, 'gasEstimates', gas_estimates,
  'userdoc', userdoc, 'devdoc', devdoc, 'metadata', metadata)::text);
alter table artifacts alter column content_hash set not null,
  drop column abi, drop column creation_bytecode, drop column runtime_bytecode, drop column immutable_references,
  drop column creation_link_references, drop column storage_layout, drop column method_identifiers,
  drop column gas_estimates, drop column userdoc, drop column devdoc, drop column metadata;
create index artifacts_content on artifacts (content_hash);

-- Null where there are no sources: before a generation is done, in an audit of a build, in a pipeline that is given none.
alter table generations add column sources_hash text references contents;
update generations set sources_hash = keep_sources(result -> 'sources'), result = result - 'sources'
where result ? 'sources';
create index generations_sources on generations (sources_hash) where sources_hash is not null;

alter table audits add column sources_hash text references contents;
update audits set sources_hash = keep_sources(request -> 'sources'), request = request - 'sources'
where request ? 'sources';
create index audits_sources on audits (sources_hash) where sources_hash is not null;

alter table pipelines add column sources_hash text references contents;
update pipelines set sources_hash = keep_sources(request #> '{compile,sources}'), request = request #- '{compile,sources}'
where request #> '{compile,sources}' is not null;
create index pipelines_sources on pipelines (sources_hash) where sources_hash is not null;

drop function keep_sources(jsonb);
drop function keep_content(text, text);

-- From here on they come compressed, and a second compression would only take time.
alter table contents alter column bytes set storage external;

-- Writes down what deleted rows referred to. Arguments: kind of what they referred to, column. A candidate that is there
-- already is locked, so that the pruner, which may just be done with it, does not drop it beside this deletion.
create function note_prune_candidates() returns trigger language plpgsql as $$
begin
  execute format(
    'insert into prune_candidates (kind, hash)
     select distinct %1$L, %2$I from gone where %2$I is not null order by 2
     on conflict (kind, hash) do update set noted_at = now()', tg_argv[0], tg_argv[1]);
  return null;
end
$$;
create trigger builds_compilation after delete on builds referencing old table as gone
  for each statement execute function note_prune_candidates('compilation', 'input_hash');
create trigger builds_content after delete on builds referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'sources_hash');
create trigger compilations_content after delete on compilations referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'sources_hash');
create trigger artifacts_content after delete on artifacts referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'content_hash');
create trigger generations_content after delete on generations referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'sources_hash');
create trigger audits_content after delete on audits referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'sources_hash');
create trigger pipelines_content after delete on pipelines referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'sources_hash');
create trigger content_parts_content after delete on content_parts referencing old table as gone
  for each statement execute function note_prune_candidates('content', 'part');

grant select, insert, update, delete on contents, content_parts, prune_candidates to slipway_app;

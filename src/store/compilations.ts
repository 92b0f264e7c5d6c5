import type {
  CompileOutcome,
  Diagnostic,
  LibraryUse,
  PreparedCompile,
  StandardInput,
} from '../solidity/types.ts';
import { type PackedArtifact, packArtifact } from './artifacts.ts';
import { packMissing } from './contents.ts';
import { bound, json, type Reader, type Tx } from './db.ts';
import { keepSourceSet, readSources, type SourceSet, sourceSet } from './source-sets.ts';

/** What the compiler said of one exact input: the cache that all owners share, because it holds nothing but the input's own meaning. */
export interface Compilation {
  inputHash: string;
  ok: boolean;
  compiler: string;
  compilerLong: string;
  chosen: { file: string; contract: string } | null;
}

const shownColumns = ['input_hash', 'ok', 'compiler', 'compiler_long', 'chosen'] as const;

/** @param how.hold keeps the row from the pruner until the transaction ends, which may then refer to it */
export async function findCompilation(
  read: Reader,
  inputHash: string,
  how: { hold?: boolean } = {},
): Promise<Compilation | null> {
  const row = await read
    .selectFrom('compilations')
    .select(shownColumns)
    .where('input_hash', '=', inputHash)
    .$if(how.hold ?? false, (query) => query.forKeyShare())
    .executeTakeFirst();
  return row ? toCompilation(row) : null;
}

/** A compile's result, ready to be stored. */
export interface PackedCompilation {
  outcome: CompileOutcome;
  sources: SourceSet;
  artifacts: PackedArtifact[];
}

/** Hashes what a compile gave and compresses what is not stored yet, before the transaction that stores it. */
export async function packCompilation(read: Reader, outcome: CompileOutcome): Promise<PackedCompilation> {
  const packed = {
    outcome,
    sources: sourceSet(sourcesOf(outcome.prepared)),
    artifacts: outcome.artifacts.map(packArtifact),
  };
  await packMissing(read, [...contentsOf(packed.sources), ...packed.artifacts.map(({ content }) => content)]);
  return packed;
}

function sourcesOf({ input }: PreparedCompile): Record<string, string> {
  return Object.fromEntries(Object.entries(input.sources).map(([file, { content }]) => [file, content]));
}

const contentsOf = ({ whole, parts }: SourceSet) => [whole, ...parts];

/** The first writer wins, as all results of one input are equal. */
const insert = `with compilation as (
    insert into compilations (input_hash, compiler, compiler_long, ok, input, sources_hash, diagnostics, candidates,
      libraries, chosen, own_files, compile_ms)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict (input_hash) do nothing returning input_hash
  )
  insert into artifacts (id, input_hash, file, contract, creation_bytes, runtime_bytes, content_hash)
  select artifact.id, compilation.input_hash, artifact.file, artifact.contract, artifact.creation_bytes,
    artifact.runtime_bytes, artifact.content_hash
  from compilation cross join unnest($13::uuid[], $14::text[], $15::text[], $16::integer[], $17::integer[], $18::text[])
    as artifact (id, file, contract, creation_bytes, runtime_bytes, content_hash)`;

/** Stores a compile's result. */
export async function insertCompilation(tx: Tx, packed: PackedCompilation): Promise<void> {
  const { outcome, sources, artifacts } = packed;
  const { prepared } = outcome;
  const { sources: _, ...input } = prepared.input;
  await keepSourceSet(
    tx,
    sources,
    artifacts.map(({ content }) => content),
  );
  tx.send(
    bound(insert, [
      prepared.inputHash,
      prepared.compiler,
      outcome.compilerLong,
      outcome.ok,
      json(input),
      sources.hash,
      json(outcome.diagnostics),
      json(outcome.candidates),
      json(prepared.libraries),
      json(outcome.chosen ?? null),
      json(prepared.ownFiles),
      outcome.compileMs,
      artifacts.map(({ id }) => id),
      artifacts.map(({ artifact }) => artifact.file),
      artifacts.map(({ artifact }) => artifact.contract),
      artifacts.map(({ artifact }) => artifact.creationBytes),
      artifacts.map(({ artifact }) => artifact.runtimeBytes),
      artifacts.map(({ content }) => content.hash),
    ]),
  );
}

/** What the compiler said of an input, by the input's hash; the input itself is large and is not read along. */
export interface CompilationDetail extends Compilation {
  diagnostics: Diagnostic[];
  candidates: string[];
  libraries: LibraryUse[];
  compileMs: number;
}

export async function getCompilation(read: Reader, inputHash: string): Promise<CompilationDetail> {
  const row = await read
    .selectFrom('compilations')
    .select([...shownColumns, 'diagnostics', 'candidates', 'libraries', 'compile_ms'])
    .where('input_hash', '=', inputHash)
    .executeTakeFirstOrThrow();
  return {
    ...toCompilation(row),
    diagnostics: row.diagnostics as Diagnostic[],
    candidates: row.candidates as string[],
    libraries: row.libraries as LibraryUse[],
    compileMs: row.compile_ms,
  };
}

/** What was compiled, exactly: enough to compile it again. */
export interface CompiledInput extends Compilation {
  input: StandardInput;
  ownFiles: string[];
  libraries: LibraryUse[];
}

/** @throws AppError `stored-content-damaged` */
export async function getCompiledInput(read: Reader, inputHash: string): Promise<CompiledInput> {
  const row = await read
    .selectFrom('compilations')
    .select([...shownColumns, 'input', 'sources_hash', 'own_files', 'libraries'])
    .where('input_hash', '=', inputHash)
    .executeTakeFirstOrThrow();
  const { language, settings } = row.input as Omit<StandardInput, 'sources'>;
  const sources = Object.entries(await readSources(read, row.sources_hash)).map(
    ([file, content]) => [file, { content }] as const,
  );
  return {
    ...toCompilation(row),
    input: { language, sources: Object.fromEntries(sources), settings },
    ownFiles: row.own_files as string[],
    libraries: row.libraries as LibraryUse[],
  };
}

function toCompilation(row: {
  input_hash: string;
  ok: boolean;
  compiler: string;
  compiler_long: string;
  chosen: unknown;
}): Compilation {
  return {
    inputHash: row.input_hash,
    ok: row.ok,
    compiler: row.compiler,
    compilerLong: row.compiler_long,
    chosen: row.chosen as Compilation['chosen'],
  };
}

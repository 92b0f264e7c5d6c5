import type { Selectable } from 'kysely';
import { newId } from '../lib/ids.ts';
import type {
  AbiItem,
  Artifact,
  CompileOutcome,
  Diagnostic,
  Hex,
  ImmutableReferences,
  LibraryUse,
  LinkReferences,
} from '../solidity/types.ts';
import { json, type Reader, type Tx } from './db.ts';
import type { ArtifactsTable } from './schema.ts';

/** What the compiler said of one exact input: the cache that all owners share, because it holds nothing but the input's own meaning. */
export interface Compilation {
  inputHash: string;
  ok: boolean;
  compiler: string;
  compilerLong: string;
  chosen: { file: string; contract: string } | null;
}

export async function findCompilation(read: Reader, inputHash: string): Promise<Compilation | null> {
  const row = await read
    .selectFrom('compilations')
    .select(['input_hash', 'ok', 'compiler', 'compiler_long', 'chosen'])
    .where('input_hash', '=', inputHash)
    .executeTakeFirst();
  if (!row) return null;
  return {
    inputHash: row.input_hash,
    ok: row.ok,
    compiler: row.compiler,
    compilerLong: row.compiler_long,
    chosen: row.chosen as Compilation['chosen'],
  };
}

/** Stores a compile's result; the first writer wins, as all results of one input are equal. */
export async function insertCompilation(tx: Tx, outcome: CompileOutcome): Promise<void> {
  const { prepared } = outcome;
  const inserted = await tx.sql
    .insertInto('compilations')
    .values({
      input_hash: prepared.inputHash,
      compiler: prepared.compiler,
      compiler_long: outcome.compilerLong,
      ok: outcome.ok,
      input: json(prepared.input),
      diagnostics: json(outcome.diagnostics),
      candidates: json(outcome.candidates),
      libraries: json(prepared.libraries),
      chosen: json(outcome.chosen ?? null),
      own_files: json(prepared.ownFiles),
      compile_ms: outcome.compileMs,
    })
    .onConflict((conflict) => conflict.column('input_hash').doNothing())
    .returning('input_hash')
    .executeTakeFirst();
  if (!inserted || outcome.artifacts.length === 0) return;
  await tx.sql
    .insertInto('artifacts')
    .values(outcome.artifacts.map((artifact) => artifactRow(prepared.inputHash, artifact)))
    .execute();
}

function artifactRow(inputHash: string, artifact: Artifact) {
  return {
    id: newId(),
    input_hash: inputHash,
    file: artifact.file,
    contract: artifact.contract,
    abi: json(artifact.abi),
    creation_bytecode: artifact.creationBytecode,
    runtime_bytecode: artifact.runtimeBytecode,
    immutable_references: json(artifact.immutableReferences),
    creation_link_references: json(artifact.creationLinkReferences),
    storage_layout: json(artifact.storageLayout),
    method_identifiers: json(artifact.methodIdentifiers),
    gas_estimates: json(artifact.gasEstimates),
    userdoc: json(artifact.userdoc),
    devdoc: json(artifact.devdoc),
    metadata: artifact.metadata,
    creation_bytes: artifact.creationBytes,
    runtime_bytes: artifact.runtimeBytes,
  };
}

export function toArtifact(row: Selectable<ArtifactsTable>): Artifact {
  return {
    file: row.file,
    contract: row.contract,
    abi: row.abi as AbiItem[],
    creationBytecode: row.creation_bytecode as Hex,
    runtimeBytecode: row.runtime_bytecode as Hex,
    immutableReferences: row.immutable_references as ImmutableReferences,
    creationLinkReferences: row.creation_link_references as LinkReferences,
    storageLayout: row.storage_layout,
    methodIdentifiers: row.method_identifiers as Record<string, string>,
    gasEstimates: row.gas_estimates,
    userdoc: row.userdoc,
    devdoc: row.devdoc,
    metadata: row.metadata,
    creationBytes: row.creation_bytes,
    runtimeBytes: row.runtime_bytes,
  };
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
    .select(['input_hash', 'ok', 'compiler', 'compiler_long', 'chosen'])
    .select(['diagnostics', 'candidates', 'libraries', 'compile_ms'])
    .where('input_hash', '=', inputHash)
    .executeTakeFirstOrThrow();
  return {
    inputHash: row.input_hash,
    ok: row.ok,
    compiler: row.compiler,
    compilerLong: row.compiler_long,
    chosen: row.chosen as Compilation['chosen'],
    diagnostics: row.diagnostics as Diagnostic[],
    candidates: row.candidates as string[],
    libraries: row.libraries as LibraryUse[],
    compileMs: row.compile_ms,
  };
}

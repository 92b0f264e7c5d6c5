import { type Selectable, sql } from 'kysely';
import type { StoredError } from '../lib/app-error.ts';
import type { Artifact, CompileRequest, Diagnostic, LibraryUse, StandardInput } from '../solidity/types.ts';
import { findArtifact, listArtifacts, type StoredArtifact, toKnownArtifact } from './artifacts.ts';
import { getCompilation, getCompiledInput } from './compilations.ts';
import type { StoredContent } from './contents.ts';
import { bound, json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import type { NewRow } from './new-row.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { BuildsTable } from './schema.ts';
import { readSources } from './source-sets.ts';

/** A build without its artifacts: what lists show. */
export interface BuildSummary {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  /** True when the result came from the cache. */
  cached: boolean;
  inputHash: string | null;
  entry: string | null;
  contract: { file: string; name: string } | null;
  error: StoredError | null;
  createdAt: string;
  completedAt: string | null;
}

export interface Build extends BuildSummary {
  compiler: string | null;
  libraries: LibraryUse[];
  diagnostics: Diagnostic[];
  candidates: string[];
  artifacts: Artifact[];
}

/** @param build.sourcesHash of the request's sources, from `keepSources` */
export function newBuild(
  build: Ownership & { id: string; request: CompileRequest; sourcesHash: string },
): NewRow {
  const { id, ownerId, userId, projectId, sourcesHash } = build;
  const { sources: _, ...request } = build.request;
  return {
    id,
    text: `insert into builds (id, owner_id, created_by, project_id, request, sources_hash)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [id, ownerId, userId, projectId, json(request), sourcesHash],
    toView: (createdAt): Build => ({
      id,
      status: 'pending',
      cached: false,
      inputHash: null,
      entry: null,
      contract: null,
      error: null,
      createdAt: createdAt.toISOString(),
      completedAt: null,
      ...notCompiled,
    }),
  };
}

/** What the compile job reads. */
export async function getBuildRequest(read: Reader, id: string): Promise<CompileRequest> {
  const row = await read
    .selectFrom('builds')
    .select(['request', 'sources_hash'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow(() => fail('not-found', { what: 'build', id }));
  const request = row.request as Omit<CompileRequest, 'sources'>;
  return { ...request, sources: await readSources(read, row.sources_hash) };
}

const complete = `update builds set status = $2, input_hash = $3, cached = $4, entry = $5, contract_file = $6,
  contract_name = $7, error = $8, completed_at = now() where id = $1`;

/** Ties the build to its compilation; a source with errors is a finished build with status `failed`. Nobody waits for it. */
export function completeBuild(
  tx: Tx,
  build: {
    id: string;
    ok: boolean;
    inputHash: string;
    cached: boolean;
    entry: string;
    chosen: { file: string; contract: string } | null;
    error: StoredError | null;
  },
): void {
  const { id, ok, inputHash, cached, entry, chosen, error } = build;
  tx.fresh.delete(id);
  tx.send(
    bound(complete, [
      id,
      ok ? 'succeeded' : 'failed',
      inputHash,
      cached,
      entry,
      chosen?.file ?? null,
      chosen?.contract ?? null,
      error ? json(error) : null,
    ]),
  );
}

/** @throws AppError `not-found`, for a stranger's build too */
export async function getBuild(read: Reader, ownerId: string, id: string): Promise<Build> {
  const row = await read
    .selectFrom('builds')
    .select(shownColumns)
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'build', id });
  const summary = toSummary(row);
  if (row.input_hash === null) {
    return { ...summary, ...notCompiled };
  }
  const [compilation, artifacts] = await Promise.all([
    getCompilation(read, row.input_hash),
    listArtifacts(read, row.input_hash),
  ]);
  return {
    ...summary,
    compiler: compilation.compilerLong,
    libraries: compilation.libraries,
    diagnostics: compilation.diagnostics,
    candidates: compilation.candidates,
    artifacts,
  };
}

/** A build as far as a deployment of one of its contracts needs it. */
export interface DeployableBuild extends Pick<BuildSummary, 'id' | 'status'> {
  /** What was asked for, or what the build chose; empty where it chose none. */
  wanted: string;
  candidates: string[];
  /** The first contract of that name; null where there is none. */
  artifact: Artifact | null;
}

/**
 * Finds a build and one of its contracts, by `file:Name` or by name, in one statement: a build may have hundreds.
 * @throws AppError `not-found`, for a stranger's build too; `stored-content-damaged`
 */
export async function getDeployableBuild(
  read: Reader,
  ownerId: string,
  which: { id: string; contract: string | undefined },
): Promise<DeployableBuild> {
  const { rows } = await sql<
    Pick<DeployableBuild, 'id' | 'status' | 'wanted'> & {
      candidates: string[] | null;
    } & Partial<StoredContent>
  >`
    select builds.id, builds.status, wanted, candidates, contents.hash, compression, bytes
    from builds cross join lateral (
        select coalesce(${which.contract ?? null}, contract_file || ':' || contract_name, '') as wanted
      ) as choice
      left join compilations using (input_hash)
      left join artifacts on artifacts.input_hash = builds.input_hash
        and wanted in (artifacts.contract, artifacts.file || ':' || artifacts.contract)
      left join contents on contents.hash = artifacts.content_hash
    where builds.id = ${which.id} and builds.owner_id = ${ownerId}
    order by artifacts.id limit 1`.execute(read);
  const [row] = rows;
  if (!row) throw fail('not-found', { what: 'build', id: which.id });
  const { id, status, wanted, candidates, hash } = row;
  const artifact = hash ? (await toKnownArtifact(row as StoredContent)).artifact : null;
  return { id, status, wanted, candidates: candidates ?? [], artifact };
}

/** What a build was made of: what anybody needs to compile it again and get the same. */
export interface BuildInput {
  buildId: string;
  inputHash: string;
  /** Exact version, `0.8.37`, and the long one with its commit. */
  compiler: string;
  compilerLong: string;
  entry: string;
  /** The contract that was asked for by name. */
  contract: string | null;
  /** Files that are the caller's and no library's. */
  ownFiles: string[];
  libraries: LibraryUse[];
  /** Standard JSON input without its output selection. */
  input: StandardInput;
}

/** @throws AppError `not-found`, `build-not-compiled`, `stored-content-damaged` */
export async function getBuildInput(read: Reader, ownerId: string, id: string): Promise<BuildInput> {
  const build = await getCompiled(read, ownerId, id);
  const { inputHash, compiler, compilerLong, ownFiles, libraries, input } = await getCompiledInput(
    read,
    build.inputHash,
  );
  const { entry, contract } = build;
  return { buildId: id, inputHash, compiler, compilerLong, entry, contract, ownFiles, libraries, input };
}

/**
 * One contract of a build.
 * @param wanted.name `file:Name`, or a name that only one contract has
 * @throws AppError `not-found`, `build-not-compiled`, `stored-content-damaged`
 */
export async function getBuildArtifact(
  read: Reader,
  ownerId: string,
  wanted: { id: string; name: string },
): Promise<StoredArtifact> {
  const { inputHash } = await getCompiled(read, ownerId, wanted.id);
  const found = await findArtifact(read, inputHash, wanted.name);
  if (!found) throw fail('not-found', { what: `contract ${wanted.name} in build`, id: wanted.id });
  return found;
}

async function getCompiled(read: Reader, ownerId: string, id: string) {
  const row = await read
    .selectFrom('builds')
    .select(['input_hash', 'entry', 'status', 'request'])
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'build', id });
  const { input_hash: inputHash, entry, status } = row;
  if (inputHash === null || entry === null) throw fail('build-not-compiled', { id, status });
  const { contract = null } = row.request as { contract?: string };
  return { inputHash, entry, contract };
}

export async function listBuilds(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<BuildSummary>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('builds')
    .select(shownColumns)
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toSummary);
}

const shownColumns = [
  'id',
  'status',
  'cached',
  'input_hash',
  'entry',
  'contract_file',
  'contract_name',
  'error',
  'created_at',
  'completed_at',
] as const;

type ShownRow = Pick<Selectable<BuildsTable>, (typeof shownColumns)[number]>;

const notCompiled = { compiler: null, libraries: [], diagnostics: [], candidates: [], artifacts: [] };

function toSummary(row: ShownRow): BuildSummary {
  return {
    id: row.id,
    status: row.status as BuildSummary['status'],
    cached: row.cached,
    inputHash: row.input_hash,
    entry: row.entry,
    contract:
      row.contract_file && row.contract_name ? { file: row.contract_file, name: row.contract_name } : null,
    error: row.error as StoredError | null,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}

import type { Selectable } from 'kysely';
import type { StoredError } from '../lib/app-error.ts';
import type { Artifact, CompileRequest, Diagnostic, LibraryUse } from '../solidity/types.ts';
import { getCompilation, toArtifact } from './compilations.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import type { NewRow } from './new-row.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { BuildsTable } from './schema.ts';

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

export function newBuild(build: Ownership & { id: string; request: CompileRequest }): NewRow {
  const { id, ownerId, userId, projectId, request } = build;
  return {
    id,
    text: 'insert into builds (id, owner_id, created_by, project_id, request) values ($1, $2, $3, $4, $5)',
    values: [id, ownerId, userId, projectId, json(request)],
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
    .select('request')
    .where('id', '=', id)
    .executeTakeFirstOrThrow(() => fail('not-found', { what: 'build', id }));
  return row.request as CompileRequest;
}

/** Ties the build to its compilation; a source with errors is a finished build with status `failed`. */
export async function completeBuild(
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
): Promise<void> {
  tx.fresh.delete(build.id);
  await tx.sql
    .updateTable('builds')
    .set({
      status: build.ok ? 'succeeded' : 'failed',
      input_hash: build.inputHash,
      cached: build.cached,
      entry: build.entry,
      contract_file: build.chosen?.file ?? null,
      contract_name: build.chosen?.contract ?? null,
      error: build.error ? json(build.error) : null,
      completed_at: new Date(),
    })
    .where('id', '=', build.id)
    .execute();
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
    read.selectFrom('artifacts').selectAll().where('input_hash', '=', row.input_hash).orderBy('id').execute(),
  ]);
  return {
    ...summary,
    compiler: compilation.compilerLong,
    libraries: compilation.libraries,
    diagnostics: compilation.diagnostics,
    candidates: compilation.candidates,
    artifacts: artifacts.map(toArtifact),
  };
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

/** Without the request, which holds whole sources. */
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

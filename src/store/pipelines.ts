import type { Selectable } from 'kysely';
import type { ToolName } from '../audit/tools/types.ts';
import type { Acknowledgement, Policy } from '../audit/types.ts';
import type { FeeCaps } from '../deploy/types.ts';
import type { GenerateRequest } from '../generate/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import type { CompileRequest } from '../solidity/types.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { PipelinesTable } from './schema.ts';
import { keepSources } from './source-sets.ts';

export const stageNames = ['generate', 'compile', 'audit', 'gate', 'deploy'] as const;
export type StageName = (typeof stageNames)[number];
export type StageState = 'pending' | 'running' | 'succeeded' | 'failed' | 'blocked' | 'cancelled' | 'skipped';

export interface Stage {
  name: StageName;
  state: StageState;
  /** Absent for the gate, which needs no job. */
  jobId: string | null;
  /** The generation, build, audit or deployment of this stage. */
  subjectId: string | null;
  startedAt: string | null;
  completedAt: string | null;
  error: StoredError | null;
}

/** What an end-to-end run was asked to do. Fields that its range of stages has no use for are absent. */
export interface PipelineRequest {
  generate?: GenerateRequest;
  compile?: CompileRequest;
  /** Compiler options for a generated source. */
  compileOptions?: Pick<CompileRequest, 'compiler' | 'settings'>;
  buildId?: string;
  auditId?: string;
  /** Analysers of the audit. */
  tools?: ToolName[];
  deploy?: DeployRequest;
  gate?: GateRequest;
  /** The session or key that asked: what its stages do is in its name. */
  via: { kind: 'session' | 'api-key' | 'system'; id: string };
}

export interface GateRequest {
  policy?: Policy['name'];
  acknowledgements: Acknowledgement[];
  confirmed: boolean;
}

export interface DeployRequest {
  network: string;
  signer?: string;
  /** In order, or by name. */
  constructorArgs?: unknown[] | Record<string, unknown>;
  value?: string;
  feePolicy?: 'slow' | 'standard' | 'fast';
  feeCaps?: FeeCaps;
  /** 32 bytes: the address follows from the code (CREATE2). */
  salt?: string;
  confirmations?: number;
  dryRun?: boolean;
  /** Whether the source is verified once it is confirmed; as the network has it when absent. */
  verify?: boolean;
  /** The revision of the sources, for the record. */
  commit?: string;
}

export type PipelineState = 'queued' | 'running' | 'blocked' | 'succeeded' | 'failed' | 'cancelled';

export interface Pipeline {
  id: string;
  state: PipelineState;
  stages: Stage[];
  error: StoredError | null;
  /** Of its last event. */
  seq: number;
  requestId: string | null;
  createdAt: string;
  completedAt: string | null;
}

/** A pipeline with what only the platform needs. */
export interface PipelineWork extends Pipeline {
  owner: Ownership;
  /** Without the sources, which only one stage needs. */
  request: StoredPipelineRequest;
  /** What `readSources` finds the sources by; null where it was given none. */
  sourcesHash: string | null;
}

type StoredPipelineRequest = Omit<PipelineRequest, 'compile'> & { compile?: Omit<CompileRequest, 'sources'> };

export async function insertPipeline(
  tx: Tx,
  pipeline: Ownership & { id: string; request: PipelineRequest; stages: Stage[]; requestId: string },
): Promise<void> {
  const { compile, ...rest } = pipeline.request;
  const { sources, ...options } = compile ?? {};
  const request: StoredPipelineRequest = compile ? { ...rest, compile: options } : rest;
  await tx.sql
    .insertInto('pipelines')
    .values({
      id: pipeline.id,
      owner_id: pipeline.ownerId,
      created_by: pipeline.userId,
      project_id: pipeline.projectId,
      request: json(request),
      sources_hash: sources ? await keepSources(tx, sources) : null,
      stages: json(pipeline.stages),
      request_id: pipeline.requestId,
    })
    .execute();
}

/** Reads and locks the row: a pipeline moves in one place at a time. */
export async function lockPipeline(tx: Tx, id: string): Promise<PipelineWork> {
  const row = await tx.sql
    .selectFrom('pipelines')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return {
    ...toPipeline(row),
    owner: { ownerId: row.owner_id, userId: row.created_by, projectId: row.project_id },
    request: row.request as StoredPipelineRequest,
    sourcesHash: row.sources_hash,
  };
}

export async function savePipeline(
  tx: Tx,
  pipeline: {
    id: string;
    state: PipelineState;
    stages: Stage[];
    error: StoredError | null;
    request?: StoredPipelineRequest;
  },
): Promise<void> {
  const terminal = ['succeeded', 'failed', 'cancelled'].includes(pipeline.state);
  await tx.sql
    .updateTable('pipelines')
    .set({
      state: pipeline.state,
      stages: json(pipeline.stages),
      error: pipeline.error ? json(pipeline.error) : null,
      completed_at: terminal ? new Date() : null,
      ...(pipeline.request ? { request: json(pipeline.request) } : {}),
    })
    .where('id', '=', pipeline.id)
    .execute();
}

/** @throws AppError `not-found`, for a stranger's pipeline too */
export async function getPipeline(read: Reader, ownerId: string, id: string): Promise<Pipeline> {
  const row = await read
    .selectFrom('pipelines')
    .select(shownColumns)
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'pipeline', id });
  return toPipeline(row);
}

export async function listPipelines(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<Pipeline>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('pipelines')
    .select(shownColumns)
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toPipeline);
}

const shownColumns = [
  'id',
  'state',
  'stages',
  'error',
  'event_seq',
  'request_id',
  'created_at',
  'completed_at',
] as const;

function toPipeline(row: Pick<Selectable<PipelinesTable>, (typeof shownColumns)[number]>): Pipeline {
  return {
    id: row.id,
    state: row.state as PipelineState,
    stages: row.stages as Stage[],
    error: row.error as StoredError | null,
    seq: row.event_seq,
    requestId: row.request_id,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}

import type { Selectable } from 'kysely';
import type { Generated, GenerateRequest } from '../generate/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { NewRow } from './new-row.ts';
import type { GenerationsTable } from './schema.ts';
import { keepSources, readSources } from './source-sets.ts';

export interface Generation {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  request: GenerateRequest;
  result: Generated | null;
  error: StoredError | null;
  createdAt: string;
}

/** Who owns a new row, and who made it. */
export interface Ownership {
  ownerId: string;
  userId: string;
  projectId: string;
}

export function newGeneration(generation: Ownership & { id: string; request: GenerateRequest }): NewRow {
  const { id, ownerId, userId, projectId } = generation;
  const request = json(generation.request);
  return {
    id,
    text: 'insert into generations (id, owner_id, created_by, project_id, request) values ($1, $2, $3, $4, $5)',
    values: [id, ownerId, userId, projectId, request],
    toView: (createdAt): Generation => ({
      id,
      status: 'pending',
      request: JSON.parse(request) as GenerateRequest,
      result: null,
      error: null,
      createdAt: createdAt.toISOString(),
    }),
  };
}

export async function completeGeneration(tx: Tx, id: string, generated: Generated): Promise<void> {
  const { sources, ...result } = generated;
  const sourcesHash = await keepSources(tx, sources);
  await tx.sql
    .updateTable('generations')
    .set({
      status: 'succeeded',
      result: json(result),
      sources_hash: sourcesHash,
      template: result.template,
      completed_at: new Date(),
    })
    .where('id', '=', id)
    .execute();
}

/** @throws AppError `not-found`, for a stranger's too */
export async function getGeneration(read: Reader, ownerId: string, id: string): Promise<Generation> {
  const row = await read
    .selectFrom('generations')
    .select(shownColumns)
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'generation', id });
  return toGeneration(read, row);
}

/** The newest generation whose very sources a build was made of; null for a build of other sources. */
export async function findGenerationOfBuild(
  read: Reader,
  ownerId: string,
  buildId: string,
): Promise<Generation | null> {
  const row = await read
    .selectFrom('generations')
    .select(shownColumns)
    .where('owner_id', '=', ownerId)
    .where('sources_hash', '=', (build) =>
      build
        .selectFrom('builds')
        .select('sources_hash')
        .where('id', '=', buildId)
        .where('owner_id', '=', ownerId),
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toGeneration(read, row) : null;
}

const shownColumns = ['id', 'status', 'request', 'result', 'sources_hash', 'error', 'created_at'] as const;
type ShownRow = Pick<Selectable<GenerationsTable>, (typeof shownColumns)[number]>;

async function toGeneration(read: Reader, row: ShownRow): Promise<Generation> {
  const result = row.result as Omit<Generated, 'sources'> | null;
  return {
    id: row.id,
    status: row.status as Generation['status'],
    request: row.request as GenerateRequest,
    result:
      result && row.sources_hash !== null
        ? { ...result, sources: await readSources(read, row.sources_hash) }
        : null,
    error: row.error as StoredError | null,
    createdAt: row.created_at.toISOString(),
  };
}

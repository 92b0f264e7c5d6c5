import { sql } from 'kysely';
import type { Tx } from './db.ts';

/** A request that is to happen once: the key is the caller's, its scope the owner and the route. */
export interface IdempotencyKey {
  ownerId: string;
  route: string;
  key: string;
  bodyHash: string;
}

/** SQLSTATE of a lock that was not had in time. */
const lockNotAvailable = '55P03';

/**
 * Takes the key in the transaction of the work. Whoever holds it at the same moment is waited for on the unique
 * index, so that no row says "in progress" and nothing is left behind by a process that died.
 *
 * @param waitSeconds how long to wait for the holder
 * @returns `taken` for the first; `known` with what the first one stored; `busy` when the holder took too long (the
 *   transaction is lost then)
 */
export async function takeIdempotencyKey(
  tx: Tx,
  request: IdempotencyKey,
  waitSeconds: number,
): Promise<{ kind: 'taken' } | { kind: 'known'; bodyHash: string; result: string } | { kind: 'busy' }> {
  try {
    // One round trip: the timeout is set before the row is inserted, and taken back for the work that follows.
    const inserted = await sql`
      insert into idempotency_keys (owner_id, route, key, body_hash)
      select ${request.ownerId}, ${request.route}, ${request.key}, ${request.bodyHash}
      from (select set_config('lock_timeout', ${`${waitSeconds}s`}, true) as value offset 0) as timeout
      where timeout.value is not null
      on conflict do nothing
      returning set_config('lock_timeout', '0', true)`.execute(tx.sql);
    if (inserted.rows.length > 0) return { kind: 'taken' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === lockNotAvailable) return { kind: 'busy' };
    throw error;
  }
  const row = await tx.sql
    .selectFrom('idempotency_keys')
    .select(['body_hash', 'result'])
    .where('owner_id', '=', request.ownerId)
    .where('route', '=', request.route)
    .where('key', '=', request.key)
    .executeTakeFirst();
  // It was there a moment ago, and has gone by its age since.
  if (!row) return takeIdempotencyKey(tx, request, waitSeconds);
  return { kind: 'known', bodyHash: row.body_hash, result: row.result ?? 'null' };
}

/** What a key lives as long as; without either it goes by its age. */
export interface KeyLife {
  deploymentId?: string;
  /** Of a pipeline that deploys, now or when it is retried. */
  pipelineId?: string;
}

/**
 * Stores the result beside the key, to be committed with the work. Nobody waits for the answer.
 * @param kept.result JSON text
 */
export function storeIdempotentResult(
  tx: Tx,
  request: IdempotencyKey,
  kept: { result: string } & KeyLife,
): void {
  tx.send(
    tx.sql
      .updateTable('idempotency_keys')
      .set({
        result: kept.result,
        // Columns of an index: one that does not change is not named, or the update would cost more.
        ...(kept.deploymentId ? { deployment_id: kept.deploymentId } : {}),
        ...(kept.pipelineId ? { pipeline_id: kept.pipelineId } : {}),
      })
      .where('owner_id', '=', request.ownerId)
      .where('route', '=', request.route)
      .where('key', '=', request.key),
  );
}

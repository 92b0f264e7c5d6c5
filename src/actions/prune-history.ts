import { limits } from '../lib/limits.ts';
import { sleep } from '../lib/retry.ts';
import type { Store } from '../store/db.ts';
import { type PrunedKind, pruneBatch, prunedKinds } from '../store/prune.ts';

/** Rows that went, by what they were. */
export type Pruned = Record<PrunedKind, number>;

/**
 * Removes what is old: jobs that ended long ago, with their events and log lines; Idempotency-Keys, tickets and
 * sessions past their time; deliveries of webhooks, and webhooks that were deleted. In small batches with pauses, so that
 * no lock is held for long and nobody has to wait.
 *
 * @param options.retentionDays how long jobs are kept after their end
 * @param options.pauseMs between two batches; 100 when absent
 * @param options.signal ends it after the batch at hand
 * @returns what went; ends early when another process is at it
 */
export async function pruneHistory(
  store: Store,
  options: { retentionDays: number; batchRows?: number; pauseMs?: number; signal?: AbortSignal },
): Promise<Pruned> {
  const { retentionDays, batchRows: limit = limits.pruneBatchRows, pauseMs = 100, signal } = options;
  const pruned = Object.fromEntries(prunedKinds.map((kind) => [kind, 0])) as Pruned;
  for (const kind of prunedKinds) {
    for (let removed = limit; removed === limit; ) {
      if (signal?.aborted) return pruned;
      const batch = await pruneBatch(store, kind, { retentionDays, limit });
      if (batch === null) return pruned;
      removed = batch;
      pruned[kind] += removed;
      if (removed === limit) await sleep(pauseMs, signal).catch(() => {});
    }
  }
  return pruned;
}

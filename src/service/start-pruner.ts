import type { Platform } from '../actions/platform.ts';
import { pruneHistory } from '../actions/prune-history.ts';
import type { Config } from '../ops/config.ts';
import { repeat } from './repeat.ts';

/** Removes what is old every ten minutes, first after one; processes take turns by a lock in the database. */
export function startPruner(config: Config, platform: Platform): { stop(): Promise<void> } {
  const { store, log } = platform;
  return repeat(
    async (signal) => {
      const pruned = await pruneHistory(store, { retentionDays: config.retentionDays, signal });
      if (Object.values(pruned).some((count) => count > 0)) log.info(pruned, 'old rows were removed');
    },
    {
      everyMs: 600_000,
      firstMs: 60_000,
      jitter: 0.2,
      onError: (error) => log.warn({ err: error }, 'old rows not removed'),
    },
  );
}

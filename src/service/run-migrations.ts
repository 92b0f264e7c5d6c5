import type { Config } from '../ops/config.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded-postgres.ts';
import { migrate } from '../store/migrate.ts';
import { lockDataDirectory } from './data-lock.ts';

/** Migrates the configured database, or the embedded one, which is started for it when no server runs. @returns what was applied */
export async function runMigrations(config: Config): Promise<string[]> {
  const url = config.databaseUrl ?? findEmbeddedPostgres({ dataDir: config.dataDir })?.url;
  if (url) return (await migrate({ url })).applied;
  const lock = lockDataDirectory({ dataDir: config.dataDir, now: new Date() });
  try {
    const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir });
    try {
      return (await migrate({ url: embedded.url })).applied;
    } finally {
      await embedded.stop();
    }
  } finally {
    lock.release();
  }
}

import { Logger, run, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { atOnce, counter, type Drive } from './drive.ts';

/** The library that is nearest to our PostgreSQL engine, as its documentation starts it; its jobs are durable as ours are. */
export async function bareGraphileWorker(url: string): Promise<{ drive: Drive; close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: url, max: 33 });
  // A connection may still be closing while the server is stopped; without both listeners the library warns.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const logger = new Logger(() => (level, message) => {
    if (level === 'error') throw new Error(`graphile-worker: ${message}`);
  });
  await runMigrations({ pgPool: pool, logger });

  const drive: Drive = async ({ jobs, inFlight }) => {
    const { finished, count } = counter(jobs);
    const runner = await run({
      pgPool: pool,
      logger,
      concurrency: inFlight,
      noHandleSignals: true,
      pollInterval: 500,
      taskList: { nothing: async () => {} },
    });
    runner.events.on('job:complete', count);
    const begin = performance.now();
    await atOnce(inFlight, jobs, () => runner.addJob('nothing', {}));
    await finished;
    const seconds = (performance.now() - begin) / 1000;
    await runner.stop();
    return jobs / seconds;
  };
  return { drive, close: () => pool.end() };
}

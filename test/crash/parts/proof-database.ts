import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { isConnectionFault } from '../../../src/store/db.ts';
import { startEmbeddedPostgres } from '../../../src/store/embedded-postgres.ts';
import type { Query } from './job-ledger.ts';

/** The platform's PostgreSQL in the hands of the proof, which starts it again when it dies. */
export interface ProofDatabase {
  url: string;
  /** Waits while the server is away; rejects when it does not come back. Only for statements that may run twice. */
  query: Query;
  /** Kills the whole server. */
  kill(): void;
  /** Ends some of the platform's sessions. @param which 0 up to 1: how many of them @returns how many */
  endSessions(which: number): Promise<number>;
  /** Kills the process of one of the platform's sessions; the server then ends all others. @returns how many: 0 or 1 */
  killSession(which: number): Promise<number>;
  stop(): Promise<void>;
}

const outageSecondsMax = 90;
const applicationName = 'crash-proof';

/**
 * Starts it as the platform would: durable, on a free port of 127.0.0.1.
 *
 * @param options.processes how many processes of the platform will connect
 */
export async function startProofDatabase(options: {
  dataDir: string;
  processes: number;
  note(message: string): void;
}): Promise<ProofDatabase> {
  const server = await startEmbeddedPostgres({
    dataDir: options.dataDir,
    settings: { max_connections: String(40 + 30 * options.processes) },
    log: {
      info: () => {},
      warn: (facts, message) => {
        if (facts['err']) options.note(`${message}: ${facts['err']}`);
      },
    },
  });
  const pool = new pg.Pool({
    connectionString: server.url,
    application_name: applicationName,
    connectionTimeoutMillis: 2_000,
    max: 4,
  });
  // A connection that breaks while it is idle, or between two statements: the next statement finds out.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  const query: Query = async (text, values) => {
    const end = performance.now() + outageSecondsMax * 1000;
    for (;;) {
      try {
        return (await pool.query(text, values)).rows;
      } catch (error) {
        if (!isConnectionFault(error) || performance.now() > end) throw error;
        await wait(20);
      }
    }
  };

  /** @returns process ids of the platform's sessions, those at work first */
  async function sessions(): Promise<number[]> {
    const rows = await query<{ pid: number }>(
      `select pid from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and application_name <> $1
      order by state = 'active' desc, pid`,
      [applicationName],
    );
    return rows.map(({ pid }) => pid);
  }

  return {
    url: server.url,
    query,
    kill: () => process.kill(server.pid, 'SIGKILL'),
    async endSessions(which) {
      const all = await sessions();
      const some = all.slice(0, Math.ceil(which * all.length));
      await query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [some]);
      return some.length;
    },
    async killSession(which) {
      const all = await sessions();
      const pid = all[Math.floor(which * all.length)];
      if (pid === undefined) return 0;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself meanwhile.
        return 0;
      }
      return 1;
    },
    async stop() {
      await pool.end().catch(() => {});
      await server.stop();
    },
  };
}

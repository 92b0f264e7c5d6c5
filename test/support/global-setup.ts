import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { makeTestRoot, type TestRoot } from './test-root.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Socket that answers with the address of the shared server; see `testDatabase`. */
    databaseSocket: string;
  }
}

/** Name of the migrated database that every test database is a copy of. */
const templateName = 'slipway_template';

/**
 * Vitest's global set-up: one directory for the whole run, and one PostgreSQL server for all test files, started
 * when the first of them asks for a database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Under `npm test` the runner made the directory, because it looks for left processes when Vitest has ended.
  const ownRoot: TestRoot | null = process.env['TEST_RUN_ROOT'] ? null : makeTestRoot();
  const dir = ownRoot?.dir ?? process.env['TEST_RUN_ROOT'] ?? '';
  process.env['TMPDIR'] = dir;

  let server: Promise<EmbeddedPostgres> | null = null;
  const socketPath = join(dir, 'database.sock');
  const socket = await listen(socketPath, async () => {
    server ??= startServer(join(dir, 'database'));
    const { url } = await server;
    return { url, template: templateName };
  });
  project.provide('databaseSocket', socketPath);

  return async () => {
    await new Promise((resolve) => socket.close(resolve));
    await (await server?.catch(() => null))?.stop();
    await ownRoot?.release();
  };
}

async function startServer(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir,
    // Nothing here outlives the run, so nothing needs to reach the disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateName}`);
  await client.end();
  const url = new URL(server.url);
  url.pathname = `/${templateName}`;
  await migrate({ url: url.href });
  return server;
}

/** Answers each connection with one line of JSON: the reply, or `{ error }`. */
function listen(path: string, reply: () => Promise<unknown>): Promise<Server> {
  const server = createServer((connection) => {
    connection.on('error', () => {});
    reply()
      .catch((error: unknown) => ({
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }))
      .then((value) => connection.end(`${JSON.stringify(value)}\n`));
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

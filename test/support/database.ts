import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of one test file's own. */
export interface TestDatabase {
  /** Address as the owner of everything in it. */
  url: string;
  /** Removes the database, ending whatever is still connected. */
  drop(): Promise<void>;
}

/**
 * Gives a fresh database with the newest schema: a copy of a migrated template on the run's own PostgreSQL server,
 * which takes some tens of milliseconds. Call it in `beforeAll`, and `drop` in `afterAll`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const shared = await sharedServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(shared.url, `CREATE DATABASE ${name} TEMPLATE ${shared.template} STRATEGY FILE_COPY`);
  const url = new URL(shared.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => execute(shared.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function sharedServer(): Promise<{ url: string; template: string }> {
  const reply = JSON.parse(await text(createConnection(inject('databaseSocket'))));
  if (reply.error) throw new Error(`the shared test database did not start: ${reply.error}`);
  return reply;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

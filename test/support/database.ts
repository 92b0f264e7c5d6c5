import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
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
    drop: () => drop(shared.url, name),
  };
}

async function sharedServer(): Promise<{ url: string; template: string }> {
  const reply = JSON.parse(await text(createConnection(inject('databaseSocket'))));
  if (reply.error) throw new Error(`the shared test database did not start: ${reply.error}`);
  return reply;
}

/**
 * A pool says that it has ended before the server knows: a session that is just going would be told that it is
 * terminated, and its client has nobody left who listens. So sessions get a moment to go by themselves.
 */
async function drop(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    for (let tries = 0; tries < 30; tries += 1) {
      const { rowCount } = await client.query('select from pg_stat_activity where datname = $1', [name]);
      if (rowCount === 0) break;
      await wait(10);
    }
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

async function execute(url: string, statement: string): Promise<void> {
  await withClient(url, (client) => client.query(statement));
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

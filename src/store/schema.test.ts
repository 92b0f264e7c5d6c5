import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import { generateSchema } from './generate-schema.ts';
import { migrate, pendingMigrations } from './migrate.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function asApplication<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: database.url, options: '-c role=slipway_app' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('a fresh migration equals the committed schema', async () => {
  const committed = readFileSync(new URL('./schema.ts', import.meta.url), 'utf8');
  expect(await generateSchema(database.url)).toBe(committed);
});

test('migrating again does nothing, and nothing is pending', async () => {
  expect(await migrate({ url: database.url })).toEqual({ applied: [] });
  expect(await asApplication((client) => pendingMigrations(client))).toEqual([]);
});

test.each(['audit_log', 'deployment_journal', 'transactions', 'events'])(
  'the application cannot rewrite or remove rows of %s',
  async (table) => {
    for (const statement of [`delete from ${table}`, `truncate ${table}`]) {
      await expect(asApplication((client) => client.query(statement))).rejects.toThrow(/permission denied/);
    }
  },
);

import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { sha256Hex } from '../lib/hash.ts';
import { invariant } from '../lib/invariant.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Any number that nobody else in the database uses: two servers that start at once migrate one after the other. */
const lockKey = 4_280_001;

/**
 * Brings the database to the newest schema. Each numbered file runs once, in order, in a transaction of its own.
 *
 * @param options.url of a role that may create tables and roles
 * @returns the names of the migrations that were applied now
 * @throws InvariantError when a migration that ran was edited afterwards
 */
export async function migrate(options: { url: string }): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(`create table if not exists migrations (
      name text primary key, hash text not null, applied_at timestamptz not null default now())`);
    const done = new Map<string, string>();
    for (const row of (await client.query('select name, hash from migrations')).rows)
      done.set(row.name, row.hash);
    const applied: string[] = [];
    for (const name of migrationNames()) {
      const sql = readFileSync(new URL(name, folder), 'utf8');
      const hash = sha256Hex(sql);
      const before = done.get(name);
      invariant(
        !before || before === hash,
        `migration ${name} was edited after it ran; add a new one instead`,
      );
      if (before) continue;
      await applyOne(client, { name, sql, hash });
      applied.push(name);
    }
    return { applied };
  } finally {
    await client.end();
  }
}

/** @returns the migrations that the database lacks: the server is not ready while there are any. */
export async function pendingMigrations(client: {
  query(sql: string): Promise<{ rows: { name: string }[] }>;
}) {
  const done = new Set((await client.query('select name from migrations')).rows.map((row) => row.name));
  return migrationNames().filter((name) => !done.has(name));
}

function migrationNames(): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort();
}

async function applyOne(client: pg.Client, migration: { name: string; sql: string; hash: string }) {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into migrations (name, hash) values ($1, $2)', [
      migration.name,
      migration.hash,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

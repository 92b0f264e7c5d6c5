import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';

test('a connection that breaks inside a transaction is an error of that transaction and of nothing else', async () => {
  const { store, url, close } = await testStore();
  const administrator = new pg.Client({ connectionString: url });
  await administrator.connect();
  try {
    const broken = store.transaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.sql);
      await administrator.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      // The news comes while no statement is under way.
      await wait(100);
      await sql`select 1`.execute(tx.sql);
    });
    await expect(broken).rejects.toMatchObject({ code: 'database-unavailable', retryable: true });
    await store.ping();
  } finally {
    await administrator.end();
    await close();
  }
});

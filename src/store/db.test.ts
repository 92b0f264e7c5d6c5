import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';
import { json } from './db.ts';

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

test('text that jsonb does not take is stored with a mark in its place, and all other text as it is', async () => {
  const { store, close } = await testStore();
  try {
    const given = {
      nul: 'a\0b',
      half: '\ud800 \udc00',
      text: 'a\\u0000b \u0001 \ud83d\ude80 "\\\\"',
      'k\0': null,
    };
    const { rows } = await sql<{ value: unknown }>`select ${json(given)}::jsonb as value`.execute(store.read);
    expect(rows[0]?.value).toEqual({
      ...given,
      nul: 'a\ufffdb',
      half: '\ufffd \ufffd',
      'k\0': undefined,
      'k\ufffd': null,
    });
  } finally {
    await close();
  }
});

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';
import type { Store, Tx } from './db.ts';

let store: Store;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
});

afterAll(() => close());

async function preparedTexts(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
    tx.sql,
  );
  return rows.map((row) => row.statement);
}

test('what comes often is prepared, what is rare is not, and both give the same', async () => {
  await store.transaction(async (tx) => {
    for (let at = 0; at < 8; at += 1) {
      const { rows } = await sql<{ sum: number }>`select ${at}::int + 1 as sum`.execute(tx.sql);
      expect(rows).toEqual([{ sum: at + 1 }]);
    }
    await sql`select ${1}::int + 2 as rare`.execute(tx.sql);
    expect(await preparedTexts(tx)).toEqual(['select $1::int + 1 as sum']);
  });
});

test('a statement that gives every column goes on after a column was added', async () => {
  await store.transaction(async (tx) => {
    await sql`create temporary table shelf (id int)`.execute(tx.sql);
    const read = () => sql`select * from shelf where id > ${0}`.execute(tx.sql);
    for (let at = 0; at < 5; at += 1) await read();
    await sql`alter table shelf add column name text default 'new'`.execute(tx.sql);
    await sql`insert into shelf values (1)`.execute(tx.sql);
    expect((await read()).rows).toEqual([{ id: 1, name: 'new' }]);
  });
});

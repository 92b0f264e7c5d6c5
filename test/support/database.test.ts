import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from './database.ts';

test('test databases are migrated, apart from each other, and gone when dropped', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  const client = new pg.Client({ connectionString: one.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('create table only_here (n int)');
  expect((await client.query('select count(*)::int as n from migrations')).rows).toHaveLength(1);

  const other = new pg.Client({ connectionString: two.url });
  await other.connect();
  await expect(other.query('select * from only_here')).rejects.toMatchObject({ code: '42P01' });
  await other.end();

  await Promise.all([one.drop(), two.drop()]);
  await expect(new pg.Client({ connectionString: one.url }).connect()).rejects.toMatchObject({
    code: '3D000',
  });
});

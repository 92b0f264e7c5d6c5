import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';
import { bound, json, type Store, type Tx } from './db.ts';

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

describe('a transaction whose statements leave together', () => {
  let store: Store;
  let url: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, url, close } = await testStore());
  });
  afterAll(() => close());

  const put = (key: string, value: unknown = 1) =>
    bound('insert into service_settings (key, value) values ($1, $2)', [key, value]);
  const keys = async () =>
    (await store.read.selectFrom('service_settings').select('key').where('key', 'like', 'pipe %').execute())
      .map((row) => row.key)
      .sort();
  afterEach(() => store.read.deleteFrom('service_settings').where('key', 'like', 'pipe %').execute());

  test('keeps all of them, one alone as well', async () => {
    await store.transaction(async (tx) => void tx.send(put('pipe a')));
    await store.transaction(async (tx) => {
      tx.send(put('pipe b'));
      tx.send(put('pipe c'));
    });
    expect(await keys()).toEqual(['pipe a', 'pipe b', 'pipe c']);
  });

  test('keeps none when one fails, wherever it stands, and tells the first reason', async () => {
    const twice = store.transaction(async (tx) => {
      tx.send(put('pipe a'));
      tx.send(put('pipe a'), () => new Error('twice'));
      tx.send(put('pipe b'));
      await tx.sql.selectFrom('service_settings').select('key').execute();
    });
    await expect(twice).rejects.toThrow('twice');
    await expect(store.transaction(async (tx) => void tx.send(put('pipe c', 'no json')))).rejects.toThrow(
      /json/,
    );
    expect(await keys()).toEqual([]);
    await store.ping();
  });

  test('keeps none when the work fails, sent and held back alike', async () => {
    const one = store.transaction(async (tx) => {
      tx.send(put('pipe a'));
      throw new Error('changed my mind');
    });
    await expect(one).rejects.toThrow('changed my mind');
    const two = store.transaction(async (tx) => {
      tx.send(put('pipe b'));
      tx.send(put('pipe c'));
      throw new Error('changed my mind');
    });
    await expect(two).rejects.toThrow('changed my mind');
    expect(await keys()).toEqual([]);
  });

  test('does not wait for ever for the answer of its first statement', async () => {
    const rows = await store.transaction((tx) =>
      tx.send<{ key: string }>(
        bound('insert into service_settings (key, value) values ($1, $2) returning key', ['pipe a', 1]),
      ),
    );
    expect(rows).toEqual([{ key: 'pipe a' }]);
  });

  test('does nothing any more when it is over', async () => {
    let late: Tx | undefined;
    await store.transaction(async (tx) => {
      late = tx;
      tx.send(put('pipe a'));
    });
    expect(() => late?.send(put('pipe b'))).toThrow('over');
    await expect(late?.sql.selectFrom('service_settings').select('key').execute()).rejects.toThrow('over');
    expect(await keys()).toEqual(['pipe a']);
  });

  test('knows nothing of others that share its write: one that fails keeps none of them', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, at) =>
        store.transaction(async (tx) => {
          tx.send(put(`pipe ${String(at).padStart(2, '0')}`));
          if (at % 3 === 0) tx.send(put('pipe same'));
          if (at % 3 === 1) tx.send(put(`pipe more ${at}`));
        }),
      ),
    );
    const failed = all.filter((one) => one.status === 'rejected');
    expect(failed).toHaveLength(9);
    expect(String(failed[0]?.reason)).toMatch(/duplicate key/);
    const kept = await keys();
    expect(kept.filter((key) => key.startsWith('pipe more'))).toHaveLength(10);
    expect(kept.filter((key) => key === 'pipe same')).toHaveLength(1);
    expect(kept).toHaveLength(10 + 10 + 1 + 1 + 10);
  });

  test('is on the disk when it is told to be, however many share the way there', async () => {
    for (let round = 0; round < 5; round += 1) {
      // Where in the log each stands just before its end.
      const places = await Promise.all(
        Array.from({ length: 12 }, async (_, at) => {
          const sent = await store.transaction(async (tx) => {
            tx.send(put(`pipe ${round} ${at}`));
            const place = tx.send<{ at: string }>(
              bound('select pg_current_wal_insert_lsn()::text as at', []),
            );
            return { place };
          });
          const flushed = sql<{
            done: boolean;
          }>`select pg_current_wal_flush_lsn() > ${(await sent.place)[0]?.at}::pg_lsn
            as done`.execute(store.read);
          return (await flushed).rows[0]?.done;
        }),
      );
      expect(places).toEqual(places.map(() => true));
    }
  });

  test('is told that it failed when its way to the disk breaks, though every statement was answered', async () => {
    const ends = Promise.allSettled([
      store.transaction(async (tx) => void tx.send(put('pipe a'))),
      store.transaction(async (tx) => void tx.send(bound('select pg_sleep(1.5)', []))),
    ]);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const ended = await untilSome(() =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(1.5%' and datname = current_database()",
      ),
    );
    await client.end();
    expect(ended).toBe(1);
    for (const end of await ends) {
      expect(end).toMatchObject({ status: 'rejected', reason: { code: 'database-unavailable' } });
    }
  });

  async function untilSome(query: () => Promise<pg.QueryResult>): Promise<number> {
    for (let tries = 0; tries < 200; tries += 1) {
      const { rows } = await query();
      if (rows.length > 0) return rows.length;
      await wait(5);
    }
    return 0;
  }

  test('takes no value that only this process would find out to be none', async () => {
    const wrong = store.transaction(async (tx) => {
      tx.send(put('pipe a'));
      tx.send(put('pipe b', { amount: 1n }));
    });
    await expect(wrong).rejects.toThrow(/plain object/);
    expect(await keys()).toEqual([]);
  });
});

import { setTimeout as wait } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testStore } from '../../test/support/store.ts';
import { limits } from '../lib/limits.ts';
import { contentOf, keepContents, packMissing, readContents } from './contents.ts';
import type { Store } from './db.ts';
import { keepSources, readSources, sourceSet } from './source-sets.ts';

let store: Store;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
});
afterAll(() => close());

const keep = (sources: Record<string, string>) => store.transaction((tx) => keepSources(tx, sources));
const textOfSize = (bytes: number, mark: string) => mark.padEnd(bytes, '0123456789');

async function storedBytes(hash: string) {
  return store.read.selectFrom('contents').selectAll().where('hash', '=', hash).executeTakeFirstOrThrow();
}

test('a text is stored once, compressed, and comes back as it was', async () => {
  const text = `${'contract Coin {}\n'.repeat(2_000)}// 你好 \u0000 🚀`;
  const content = contentOf(text);
  await store.transaction((tx) => keepContents(tx, [content, contentOf(text)]));
  await store.transaction((tx) => keepContents(tx, [contentOf(text)]));
  const row = await storedBytes(content.hash);
  expect(row).toMatchObject({ size: Buffer.byteLength(text), compression: 'zstd' });
  expect(row.bytes.length).toBeLessThan(row.size / 50);
  expect(zstdDecompressSync(row.bytes).toString('utf8')).toBe(text);
  expect((await readContents(store.read, [content.hash])).get(content.hash)).toBe(text);
});

test('a source whose text is the list of others is not taken for it', async () => {
  const sources = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`src/File${at}.sol`, textOfSize(2_000, `// list ${at}`)]),
  );
  await keep({ 'List.sol': sourceSet(sources).whole.bytes.toString('utf8') });
  const hash = await keep(sources);
  expect(await readSources(store.read, hash)).toEqual(sources);
});

test('what does not get smaller is stored as it is', async () => {
  const content = contentOf('a');
  await store.transaction((tx) => keepContents(tx, [content]));
  expect(await storedBytes(content.hash)).toMatchObject({ size: 1, compression: 'none' });
  expect((await readContents(store.read, [content.hash])).get(content.hash)).toBe('a');
});

test('many at once, large ones among them, each come back as themselves', async () => {
  const texts = Array.from({ length: 150 }, (_, at) => textOfSize(at === 7 ? 300_000 : 2_000 + at, `${at} `));
  const contents = texts.map((text) => contentOf(text));
  await packMissing(store.read, contents);
  await store.transaction((tx) => keepContents(tx, contents));
  const back = await readContents(
    store.read,
    contents.map(({ hash }) => hash),
  );
  expect(contents.map(({ hash }) => back.get(hash))).toEqual(texts);
});

test('sets of sources share their large texts; an equal set is the same row, in whatever order it is given', async () => {
  const library = textOfSize(20_000, '// library');
  const [first, second] = [
    { 'A.sol': textOfSize(3_000, '// one'), 'lib/L.sol': library },
    { 'A.sol': textOfSize(3_000, '// two'), 'lib/L.sol': library },
  ];
  const count = async () => (await store.read.selectFrom('contents').select('hash').execute()).length;
  const before = await count();
  const hash = await keep(first);
  expect((await count()) - before).toBe(3);
  expect(await keep({ 'lib/L.sol': library, 'A.sol': first['A.sol'] })).toBe(hash);
  expect((await count()) - before).toBe(3);
  const other = await keep(second);
  expect((await count()) - before).toBe(5);
  expect(await readSources(store.read, hash)).toEqual(first);
  expect(await readSources(store.read, other)).toEqual(second);
});

test('a text is a content of its own from the limit on', () => {
  const parts = (bytes: number) => sourceSet({ 'A.sol': textOfSize(bytes, '/') }).parts.length;
  expect(limits.contentBytesMin).toBe(1_024);
  expect([parts(1_023), parts(1_024)]).toEqual([0, 1]);
});

test('sets with odd names and no files come back too', async () => {
  for (const sources of [
    {},
    { '1': 'one', '0': 'zero', constructor: 'c', 'a b.sol': textOfSize(2_000, 'é') },
  ])
    expect(await readSources(store.read, await keep(sources))).toEqual(sources);
});

test('transactions that store the same at once wait for each other and store it once', async () => {
  const texts = Array.from({ length: 40 }, (_, at) => textOfSize(1_500, `at once ${at} `));
  const orders = [texts, texts.toReversed(), texts.slice(10), texts.slice(0, 30).toReversed()];
  await Promise.all(
    orders.map((order) =>
      store.transaction((tx) =>
        keepContents(
          tx,
          order.map((text) => contentOf(text)),
        ),
      ),
    ),
  );
  const hashes = texts.map((text) => contentOf(text).hash);
  expect((await readContents(store.read, hashes)).size).toBe(40);
});

test('a transaction that is undone while another waits for its row: the other stores it', async () => {
  const content = contentOf(textOfSize(2_000, 'undone'));
  const stored = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const undone = store.transaction(async (tx) => {
    await keepContents(tx, [content]);
    stored.resolve();
    await release.promise;
    throw new Error('undone');
  });
  await stored.promise;
  const other = store.transaction((tx) => keepContents(tx, [contentOf(textOfSize(2_000, 'undone'))]));
  await untilWaiting();
  release.resolve();
  await expect(undone).rejects.toThrow('undone');
  await other;
  expect((await readContents(store.read, [content.hash])).size).toBe(1);
});

test('a row that was changed by other hands is noticed, and so is one that is gone', async () => {
  const content = contentOf(textOfSize(5_000, 'honest'));
  await store.transaction((tx) => keepContents(tx, [content]));
  const read = () => readContents(store.read, [content.hash]);
  const change = (bytes: Buffer) =>
    store.read.updateTable('contents').set({ bytes }).where('hash', '=', content.hash).execute();
  const forged = await contentOf(textOfSize(5_000, 'forged')).pack();
  await change(forged.bytes);
  await expect(read()).rejects.toMatchObject({ code: 'stored-content-damaged', status: 500 });
  await change(Buffer.from('no zstd'));
  await expect(read()).rejects.toMatchObject({ code: 'stored-content-damaged' });
  await store.read.deleteFrom('contents').where('hash', '=', content.hash).execute();
  await expect(read()).rejects.toMatchObject({ code: 'stored-content-damaged' });
});

/** Until some session of this database waits for a lock. */
async function untilWaiting(): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select from pg_locks join pg_stat_activity using (pid) where datname = current_database() and not granted`.execute(
      store.read,
    );
    if (rows.length > 0) return;
    await wait(5);
  }
}

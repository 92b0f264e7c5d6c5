import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { pruneHistory } from '../actions/prune-history.ts';
import { newId } from '../lib/ids.ts';
import type { Artifact, CompileOutcome } from '../solidity/types.ts';
import { completeBuild, getBuild, getBuildRequest, newBuild } from './builds.ts';
import { findCompilation, insertCompilation, packCompilation } from './compilations.ts';
import type { Store } from './db.ts';
import type { Ownership } from './generations.ts';
import { insertRow } from './new-row.ts';
import { keepSources } from './source-sets.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});
afterAll(() => close());
beforeEach(async () => {
  await store.read.deleteFrom('builds').execute();
  await prune();
  expect(await rows()).toEqual({ contents: 0, compilations: 0, candidates: 0 });
});

const prune = () => pruneHistory(store, { retentionDays: 90 });
const library = `library L {}${' '.repeat(9_000)}`;
const sourcesOf = (mark: string) => ({ 'A.sol': `// ${mark}${' '.repeat(2_000)}`, 'lib/L.sol': library });

/** A build of these sources, as the compile job writes it; what the compiler said is made up. */
async function insertBuild(mark: string): Promise<string> {
  const id = newId();
  const sources = sourcesOf(mark);
  const outcome = outcomeOf(mark, sources);
  const packed = await packCompilation(store.read, outcome);
  await store.transaction(async (tx) => {
    const sourcesHash = await keepSources(tx, { 'A.sol': sources['A.sol'] });
    insertRow(tx, newBuild({ ...owner, id, request: { sources: {}, contract: 'A' }, sourcesHash }));
    await insertCompilation(tx, packed);
    const { inputHash } = outcome.prepared;
    completeBuild(tx, { id, ok: true, inputHash, cached: false, entry: 'A.sol', chosen: null, error: null });
  });
  return id;
}

function outcomeOf(mark: string, sources: Record<string, string>): CompileOutcome {
  const files = Object.entries(sources).map(([file, content]) => [file, { content }]);
  return {
    ok: true,
    prepared: {
      compiler: '0.8.37',
      entry: 'A.sol',
      ownFiles: ['A.sol'],
      input: {
        language: 'Solidity',
        sources: Object.fromEntries(files),
        settings: { optimizer: { enabled: true, runs: 200 } },
      },
      inputHash: `input ${mark}`,
      libraries: [],
    },
    compilerLong: '0.8.37+commit.00000000',
    artifacts: [artifactOf(mark)],
    diagnostics: [],
    candidates: ['A.sol:A'],
    compileMs: 1,
  };
}

function artifactOf(mark: string): Artifact {
  return {
    file: 'A.sol',
    contract: 'A',
    abi: [],
    creationBytecode: '0x6000',
    runtimeBytecode: '0x00',
    immutableReferences: {},
    creationLinkReferences: {},
    storageLayout: null,
    methodIdentifiers: {},
    gasEstimates: null,
    userdoc: null,
    devdoc: null,
    metadata: JSON.stringify({ mark, padding: ' '.repeat(2_000) }),
    creationBytes: 2,
    runtimeBytes: 1,
  };
}

async function rows() {
  const { rows: counts } = await sql<Record<'contents' | 'compilations' | 'candidates', number>>`
    select (select count(*) from contents) as contents, (select count(*) from compilations) as compilations,
      (select count(*) from prune_candidates) as candidates`.execute(store.read);
  return counts[0];
}

const remove = (id: string) => store.read.deleteFrom('builds').where('id', '=', id).execute();

test('two builds that share a library store it once, and what only one of them had goes with it', async () => {
  const first = await insertBuild('first');
  // Two sets (request and input), two texts, one artifact.
  expect(await rows()).toEqual({ contents: 5, compilations: 1, candidates: 0 });
  const second = await insertBuild('second');
  expect(await rows()).toEqual({ contents: 9, compilations: 2, candidates: 0 });
  await remove(first);
  const pruned = await prune();
  expect([pruned.compilations, pruned.contents]).toEqual([1, 4]);
  expect(await rows()).toEqual({ contents: 5, compilations: 1, candidates: 0 });
  const { artifacts } = await getBuild(store.read, owner.ownerId, second);
  expect(artifacts).toEqual([artifactOf('second')]);
  expect((await getBuildRequest(store.read, second)).sources).toEqual({
    'A.sol': sourcesOf('second')['A.sol'],
  });
});

test('what a second build refers to stays when the first one goes', async () => {
  const first = await insertBuild('same');
  const second = await insertBuild('same');
  await remove(first);
  const pruned = await prune();
  expect([pruned.compilations, pruned.contents]).toEqual([0, 0]);
  expect(await rows()).toEqual({ contents: 5, compilations: 1, candidates: 0 });
  expect((await getBuild(store.read, owner.ownerId, second)).artifacts).toHaveLength(1);
});

test('batches of any size come to the same end', async () => {
  for (const mark of ['a', 'b', 'c', 'd', 'e']) await insertBuild(mark);
  await store.read.deleteFrom('builds').execute();
  for (let round = 0; round < 30; round += 1)
    await pruneHistory(store, { retentionDays: 90, batchRows: 2, pauseMs: 1 });
  expect(await rows()).toEqual({ contents: 0, compilations: 0, candidates: 0 });
});

test('what a transaction is about to refer to is passed over, and looked at again', async () => {
  await remove(await insertBuild('held'));
  const id = newId();
  await store.transaction(async (tx) => {
    const [sourcesHash, known] = await Promise.all([
      keepSources(tx, { 'A.sol': sourcesOf('held')['A.sol'] }),
      findCompilation(tx.sql, 'input held', { hold: true }),
    ]);
    const pruned = await prune();
    // Held are the set of the request and the compilation, which hold everything else.
    expect([pruned.compilations, pruned.contents]).toEqual([0, 0]);
    insertRow(tx, newBuild({ ...owner, id, request: { sources: {} }, sourcesHash }));
    const inputHash = known?.inputHash ?? '';
    completeBuild(tx, { id, ok: true, inputHash, cached: true, entry: 'A.sol', chosen: null, error: null });
  });
  const pruned = await prune();
  expect([pruned.compilations, pruned.contents]).toEqual([0, 0]);
  expect((await getBuild(store.read, owner.ownerId, id)).artifacts).toEqual([artifactOf('held')]);
  expect(await rows()).toMatchObject({ candidates: 0 });
});

test('what the pruner is just removing is stored anew by whoever needs it', async () => {
  await remove(await insertBuild('anew'));
  const removed = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const pruner = store.transaction(async (tx) => {
    await sql`delete from compilations`.execute(tx.sql);
    await sql`delete from contents where not exists (select from content_parts where part = hash)`.execute(
      tx.sql,
    );
    await sql`delete from contents`.execute(tx.sql);
    removed.resolve();
    await release.promise;
  });
  await removed.promise;
  const again = insertBuild('anew');
  await wait(50);
  release.resolve();
  await pruner;
  expect((await getBuild(store.read, owner.ownerId, await again)).artifacts).toEqual([artifactOf('anew')]);
});

test('the database itself refuses to remove what is referred to, and to refer to what is not there', async () => {
  const id = await insertBuild('kept');
  await expect(sql`delete from contents`.execute(store.read)).rejects.toMatchObject({ code: '23503' });
  await expect(sql`delete from compilations`.execute(store.read)).rejects.toMatchObject({ code: '23503' });
  const nowhere = store.read.updateTable('builds').set({ sources_hash: 'none' }).where('id', '=', id);
  await expect(nowhere.execute()).rejects.toMatchObject({ code: '23503' });
});

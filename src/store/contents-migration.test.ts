import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import { testOwner } from '../../test/support/store.ts';
import { sha256Hex } from '../lib/hash.ts';
import { newId } from '../lib/ids.ts';
import { getAuditRequest } from './audits.ts';
import { getBuild, getBuildArtifact, getBuildInput, getBuildRequest } from './builds.ts';
import { openStore, type Store } from './db.ts';
import { findGenerationOfBuild, getGeneration, type Ownership } from './generations.ts';
import { migrate } from './migrate.ts';
import { lockPipeline } from './pipelines.ts';
import { readSources } from './source-sets.ts';

/** A database as it was before contents had a table of their own, with rows in it. */
let database: TestDatabase;
let store: Store;
let owner: Ownership;
const ids = { build: newId(), failed: newId(), generation: newId(), audit: newId(), pipeline: newId() };

const own = { 'Coin.sol': `contract Coin {} // 硬币 "quoted" \\ \t${'x'.repeat(2_000)}` };
const sources = {
  ...own,
  'lib/Small.sol': 'library Small {}',
  'lib/Big.sol': `library Big {}${' '.repeat(5_000)}`,
};
const settings = { optimizer: { enabled: true, runs: 200 }, remappings: ['z=y', 'a=b'] };
const request = { contract: 'Coin', settings, sources: own };
const artifact = {
  file: 'Coin.sol',
  contract: 'Coin',
  abi: [{ type: 'function', name: 'a', inputs: [], outputs: [], stateMutability: 'view' }],
  creationBytecode: `0x60${'ab'.repeat(900)}`,
  runtimeBytecode: '0x6000',
  immutableReferences: { '12': [{ start: 3, length: 32 }] },
  creationLinkReferences: {},
  storageLayout: null,
  methodIdentifiers: { 'a()': '0dbe671f' },
  gasEstimates: { creation: { codeDepositCost: '12' } },
  userdoc: { kind: 'user' },
  devdoc: null,
  metadata: '{"compiler": {"version":"0.8.37"},  "z":1}',
  creationBytes: 901,
  runtimeBytes: 2,
};
const generated = { template: 'erc20', contract: 'Coin', entry: 'Coin.sol', options: { name: 'Coin' } };

beforeAll(async () => {
  database = await testDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
  await client.query(
    'create table migrations (name text primary key, hash text not null, applied_at timestamptz)',
  );
  const folder = new URL('./migrations/', import.meta.url);
  for (const name of readdirSync(folder).sort().slice(0, 6)) {
    const sql = readFileSync(new URL(name, folder), 'utf8');
    await client.query(sql);
    await client.query('insert into migrations (name, hash) values ($1, $2)', [name, sha256Hex(sql)]);
  }
  store = openStore({ url: database.url, connectionsMax: 4 });
  owner = await testOwner(store);
  await insertOldRows(client);
  const { applied } = await migrate({ url: database.url });
  expect(applied[0]).toBe('0007-contents.sql');
  await client.end();
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

async function insertOldRows(client: pg.Client): Promise<void> {
  const insert = (table: string, row: Record<string, unknown>) => {
    const values = Object.values(row).map((value) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    );
    const places = values.map((_, at) => `$${at + 1}`).join(', ');
    return client.query(`insert into ${table} (${Object.keys(row).join(', ')}) values (${places})`, values);
  };
  const owned = { owner_id: owner.ownerId, created_by: owner.userId, project_id: owner.projectId };
  const files = Object.entries(sources).map(([file, content]) => [file, { content }]);
  await insert('compilations', {
    ...{ input_hash: 'one', compiler: '0.8.37', compiler_long: '0.8.37+commit.00000000', ok: true },
    input: { language: 'Solidity', sources: Object.fromEntries(files), settings },
    ...{ diagnostics: [], candidates: ['Coin.sol:Coin'], libraries: [], compile_ms: 12.5 },
    ...{ chosen: { file: 'Coin.sol', contract: 'Coin' }, own_files: ['Coin.sol'] },
  });
  await insert('artifacts', {
    ...{
      id: newId(),
      input_hash: 'one',
      file: artifact.file,
      contract: artifact.contract,
      abi: artifact.abi,
    },
    ...{ creation_bytecode: artifact.creationBytecode, runtime_bytecode: artifact.runtimeBytecode },
    immutable_references: artifact.immutableReferences,
    creation_link_references: artifact.creationLinkReferences,
    storage_layout: artifact.storageLayout,
    method_identifiers: artifact.methodIdentifiers,
    gas_estimates: artifact.gasEstimates,
    ...{ userdoc: artifact.userdoc, devdoc: artifact.devdoc, metadata: artifact.metadata },
    ...{ creation_bytes: artifact.creationBytes, runtime_bytes: artifact.runtimeBytes },
  });
  await insert('builds', {
    ...{ id: ids.build, ...owned, request, status: 'succeeded', input_hash: 'one', entry: 'Coin.sol' },
    ...{ contract_file: 'Coin.sol', contract_name: 'Coin' },
  });
  await insert('builds', {
    id: ids.failed,
    ...owned,
    request: { sources: { 'A.sol': 'no' } },
    status: 'failed',
  });
  await insert('generations', {
    ...{
      id: ids.generation,
      ...owned,
      request: { prompt: 'a coin' },
      status: 'succeeded',
      template: 'erc20',
    },
    result: { ...generated, sources: own },
  });
  await insert('audits', { id: ids.audit, ...owned, request: { sources, entry: 'Coin.sol' } });
  await insert('audits', { id: newId(), ...owned, request: { buildId: ids.build } });
  await insert('pipelines', {
    id: ids.pipeline,
    ...owned,
    request: { compile: request, gate: { a: 1 } },
    stages: [],
  });
}

test('builds come back as they were', async () => {
  const { read } = store;
  const { ownerId } = owner;
  expect(await getBuildRequest(read, ids.build)).toEqual(request);
  expect(await getBuildRequest(read, ids.failed)).toEqual({ sources: { 'A.sol': 'no' } });
  const build = await getBuild(read, ownerId, ids.build);
  expect(build.artifacts).toEqual([artifact]);
  expect(await getBuildInput(read, ownerId, ids.build)).toMatchObject({
    ...{
      compiler: '0.8.37',
      compilerLong: '0.8.37+commit.00000000',
      contract: 'Coin',
      ownFiles: ['Coin.sol'],
    },
    input: {
      language: 'Solidity',
      sources: Object.fromEntries(Object.entries(sources).map(([file, content]) => [file, { content }])),
      settings,
    },
  });
  const one = await getBuildArtifact(read, ownerId, { id: ids.build, name: 'Coin.sol:Coin' });
  expect(one.artifact).toEqual(artifact);
});

test('so do generations, audits and pipelines, with their sources stored once', async () => {
  const { read } = store;
  const { result } = await getGeneration(read, owner.ownerId, ids.generation);
  expect(result).toEqual({ ...generated, sources: own });
  expect((await findGenerationOfBuild(read, owner.ownerId, ids.build))?.id).toBe(ids.generation);
  expect(await findGenerationOfBuild(read, owner.ownerId, ids.failed)).toBeNull();
  expect(await getAuditRequest(read, ids.audit)).toEqual({ sources, entry: 'Coin.sol' });
  const pipeline = await store.transaction((tx) => lockPipeline(tx, ids.pipeline));
  expect(pipeline.request).toEqual({ compile: { contract: 'Coin', settings }, gate: { a: 1 } });
  expect(await readSources(read, pipeline.sourcesHash ?? '')).toEqual(own);
  // Sets: own, all, the failed one's. Texts over 1 KB: two. One artifact.
  expect(await read.selectFrom('contents').select('hash').execute()).toHaveLength(6);
});

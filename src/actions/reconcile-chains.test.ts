import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertTestDeployment } from '../../test/support/deployment-rows.ts';
import { testOwner, testStore } from '../../test/support/store.ts';
import type { ChainClient, Hex } from '../chain/types.ts';
import { toStoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { claim } from '../queue/claim.ts';
import { enqueue } from '../queue/enqueue.ts';
import { fail } from '../queue/errors.ts';
import { finish } from '../queue/finish.ts';
import { laneOf } from '../queue/kinds.ts';
import { recordChain } from '../store/chains.ts';
import type { Store } from '../store/db.ts';
import { getDeployment, insertTransaction } from '../store/deployments.ts';
import { readEvents } from '../store/events.ts';
import type { Ownership } from '../store/generations.ts';
import { insertPipeline } from '../store/pipelines.ts';
import { endJob } from './end-job.ts';
import type { Chains, Platform } from './platform.ts';
import { reconcileChains } from './reconcile-chains.ts';
import { type Anchors, inReplacedBlocks } from './replaced-blocks.ts';

let store: Store;
let close: () => Promise<void>;
let platform: Platform;
let owner: Ownership;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
  // No chain can be asked: what needs a job is seen in the rows.
  const chains = { list: () => [] } as Partial<Chains>;
  platform = { store, chains } as Platform;
});

afterAll(() => close());

async function jobsOf(id: string): Promise<string[]> {
  const rows = await store.read.selectFrom('jobs').select('state').where('subject_id', '=', id).execute();
  return rows.map((row) => row.state);
}

/** Resolves when so many connections wait for rows that another one has locked. */
async function wait(count: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_locks
      where not granted and locktype in ('transactionid', 'tuple')`.execute(store.read);
    if ((rows[0]?.count ?? 0) >= count) return;
  }
}

test('two servers that find a deployment without a job at the same moment give it one job', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'broadcast' });
  let both: Promise<number[]> = Promise.resolve([]);
  await store.transaction(async (tx) => {
    await tx.sql.selectFrom('deployments').select('id').where('id', '=', id).forUpdate().execute();
    both = Promise.all([reconcileChains(platform), reconcileChains(platform)]);
    await wait(2);
  });
  expect((await both).toSorted()).toEqual([0, 1]);
  expect(await jobsOf(id)).toEqual(['queued']);
  expect(await reconcileChains(platform)).toBe(0);
});

test('the job that takes a deployment up belongs to the pipeline of the deployment', async () => {
  const other = await testOwner(store);
  const id = await insertTestDeployment(store, other, { state: 'broadcast' });
  const pipelineId = newId();
  await store.transaction((tx) =>
    insertPipeline(tx, {
      ...owner,
      id: pipelineId,
      request: { via: { kind: 'system', id: newId() } },
      stages: [],
      requestId: 'test',
    }),
  );
  await store.read.updateTable('deployments').set({ pipeline_id: pipelineId }).where('id', '=', id).execute();
  expect(await reconcileChains(platform)).toBe(1);
  const job = await store.read
    .selectFrom('jobs')
    .select('pipeline_id')
    .where('subject_id', '=', id)
    .executeTakeFirstOrThrow();
  expect(job.pipeline_id).toBe(pipelineId);
});

test('a deployment that is closed before anything was signed tells those who follow it', async () => {
  const id = await insertTestDeployment(store, owner, { state: 'preparing' });
  await store.transaction((tx) =>
    enqueue(tx, { ...owner, kind: 'deploy', subjectId: id, requestId: 'test' }),
  );
  const { jobs } = await claim(store, {
    lane: laneOf('deploy'),
    kinds: ['deploy'],
    worker: 'test',
    leaseSeconds: 30,
    limit: 10,
  });
  const job = jobs.find((one) => one.subjectId === id);
  if (!job) throw new Error('nothing to claim');
  const error = toStoredError(fail('job-crashed', { kind: 'deploy' }));
  await store.transaction((tx) => finish(tx, job, { state: 'failed', error }, endJob(platform)));
  const { ownerId } = owner;
  expect(await getDeployment(store.read, ownerId, id)).toMatchObject({ status: 'failed', seq: 1, error });
  expect(await readEvents(store.read, { ownerId, subjectId: id, since: 0 })).toMatchObject([
    { seq: 1, type: 'failed', data: { status: 'failed', error: { code: 'job-crashed' } } },
  ]);
});

test('what was found in a replaced block is found again until it is taken up', async () => {
  const chainId = 31_337;
  const hashOf = (digit: string): Hex => `0x${digit.repeat(64)}`;
  const id = await insertTestDeployment(store, owner, { state: 'confirmed' });
  const { from_address: address } = await store.read
    .selectFrom('deployments')
    .select('from_address')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const seenIn = (digit: string) =>
    store.read
      .updateTable('deployments')
      .set({ block_number: 7, block_hash: hashOf(digit) })
      .where('id', '=', id)
      .execute();
  await seenIn('a');
  await store.transaction(async (tx) => {
    await recordChain(tx, chainId, hashOf('0'));
    const account = { chain_id: chainId, epoch: 0, address, next_nonce: 1 };
    await tx.sql.insertInto('nonce_accounts').values(account).execute();
    const bytes = { hash: hashOf('c'), raw: '0x00' as const, costMax: 0n };
    insertTransaction(tx, {
      ...bytes,
      chainId,
      epoch: 0,
      address,
      nonce: 0,
      deploymentId: id,
      kind: 'create',
    });
  });
  // The block of the deployment is another one now; the newest block stays as it is.
  const block = async (which: unknown) => ({ number: which === 7n ? 7n : 9n, hash: hashOf('b') });
  const chain = { network: { name: 'local', chainId, kind: 'local' }, block } as unknown as ChainClient;
  const anchors: Anchors = new Map();
  const find = () => inReplacedBlocks(platform, chain, anchors);
  expect(await find()).toEqual([id]);
  // Whoever asked was stopped before it could act on it.
  expect(await find()).toEqual([id]);
  await seenIn('b');
  expect(await find()).toEqual([]);
  expect(anchors.get('local')).toEqual({ number: 9n, hash: hashOf('b') });
});

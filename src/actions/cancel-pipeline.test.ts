import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { generateContract } from '../generate/generate-contract.ts';
import { createAdmission } from '../queue/admit.ts';
import { type ClaimedJob, claim } from '../queue/claim.ts';
import { finish } from '../queue/finish.ts';
import type { Store, Tx } from '../store/db.ts';
import { readEvents } from '../store/events.ts';
import { completeGeneration } from '../store/generations.ts';
import { getPipeline } from '../store/pipelines.ts';
import { cancelPipeline } from './cancel-pipeline.ts';
import { endJob } from './end-job.ts';
import type { ActionContext, Platform } from './platform.ts';
import { requestPipeline } from './request-pipeline.ts';

let store: Store;
let close: () => Promise<void>;
let platform: Platform;
let context: ActionContext;

beforeAll(async () => {
  ({ store, close } = await testStore());
  // A pipeline that only generates and compiles needs neither chains nor, before its job runs, the compiler.
  platform = { store, admission: createAdmission({ queuedMax: 1_000 }) } as Platform;
  const owner = await testOwner(store);
  const via = { kind: 'session' as const, id: owner.userId };
  const actor = { ...owner, roles: ['user' as const], scopes: ['*' as const], tier: 'free' as const, via };
  context = { actor, requestId: 'test', idempotency: null };
});

afterAll(() => close());

const generate = { template: 'storage', options: { name: 'Notes' } };

/** A pipeline whose first job is in the hands of a worker. */
async function startPipeline(): Promise<{ id: string; job: ClaimedJob }> {
  const { id } = await requestPipeline(platform, context, {
    generate,
    stages: { from: 'generate', to: 'compile' },
    gate: { acknowledgements: [], confirmed: false },
  });
  const {
    jobs: [job],
  } = await claim(store, { lane: 0, kinds: ['generate'], worker: 'test', leaseSeconds: 30, limit: 1 });
  if (!job) throw new Error('nothing to claim');
  return { id, job };
}

/** Resolves when a connection waits for a row that another one has locked. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waits: boolean }>`
      select exists (select from pg_locks where not granted and locktype = 'transactionid') as waits`.execute(
      store.read,
    );
    if (rows[0]?.waits) return;
  }
}

test('a cancel that was accepted while a stage ran ends the pipeline, though the stage still succeeds', async () => {
  const { id, job } = await startPipeline();
  await cancelPipeline(platform, context, id);
  await store.transaction((tx) => finish(tx, job, { state: 'succeeded' }, endJob(platform)));
  const pipeline = await getPipeline(store.read, context.actor.ownerId, id);
  expect(pipeline.state).toBe('cancelled');
  expect(pipeline.stages.map((stage) => stage.state)).toEqual(['cancelled', 'pending']);
});

test('a cancel that meets the end of a stage takes the next one, and neither waits for the other for ever', async () => {
  const { id, job } = await startPipeline();
  let cancelled: Promise<unknown> = Promise.resolve();
  const write = (tx: Tx) => completeGeneration(tx, job.subjectId, generateContract(generate));
  await store.transaction((tx) =>
    finish(tx, job, { state: 'succeeded', write }, async (inner, ended) => {
      // The worker has the job's row by now, and will want the pipeline's.
      cancelled = cancelPipeline(platform, context, id);
      await somebodyWaits();
      await endJob(platform)(inner, ended);
    }),
  );
  await cancelled;
  const pipeline = await getPipeline(store.read, context.actor.ownerId, id);
  expect(pipeline.state).toBe('cancelled');
  expect(pipeline.stages.map((stage) => stage.state)).toEqual(['succeeded', 'cancelled']);
  const { ownerId } = context.actor;
  const events = await readEvents(store.read, { ownerId, subjectId: id, since: 0 });
  expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
});

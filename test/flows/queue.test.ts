import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/lib/ids.ts';
import { limits } from '../../src/lib/limits.ts';
import { sleep } from '../../src/lib/retry.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { jobKinds } from '../../src/queue/kinds.ts';
import type { Ownership } from '../../src/store/generations.ts';
import { getJob } from '../../src/store/jobs.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

const smallJob = { template: 'storage', options: {} };

async function ownershipOf(platform: TestPlatform, { ownerId }: TestUser): Promise<Ownership> {
  const { read } = platform.store;
  const user = await read
    .selectFrom('users')
    .select('id')
    .where('owner_id', '=', ownerId)
    .executeTakeFirstOrThrow();
  const project = await read
    .selectFrom('projects')
    .select('id')
    .where('owner_id', '=', ownerId)
    .executeTakeFirstOrThrow();
  return { ownerId, userId: user.id, projectId: project.id };
}

describe('with workers', () => {
  let platform: TestPlatform;
  let user: TestUser;
  beforeAll(async () => {
    platform = await startPlatform();
    user = await platform.register();
  });
  afterAll(() => platform.stop());

  test.each(jobKinds)('a %s job about something that is no longer there fails and says so', async (kind) => {
    const owner = await ownershipOf(platform, user);
    const id = await platform.store.transaction((tx) =>
      enqueue(tx, { ...owner, kind, subjectId: newId(), requestId: 'test' }),
    );
    // The store of the test wakes nobody: the worker finds it at its next look.
    for (let tries = 0; ; tries += 1) {
      const job = await getJob(platform.store.read, owner.ownerId, id);
      if (job.state === 'failed') {
        expect(job.error).toMatchObject({ code: 'not-found', retryable: false });
        expect(job.error?.hint).toBeTruthy();
        break;
      }
      if (tries > 300) throw new Error(`the job is ${job.state}`);
      await sleep(20);
    }
  });

  test('a job keeps the lines that were written about it, and its owner alone reads them', async () => {
    const job = await user.client.call('POST /api/v1/contracts/generate', {
      body: { template: 'storage', options: {} },
      waitSeconds: 30,
    });
    expect(job.state).toBe('succeeded');
    const { items } = await user.client.call('GET /api/v1/jobs/:id/log', { params: { id: job.id } });
    expect(items).toMatchObject([{ level: 'info', message: 'generated', data: { template: 'storage' } }]);
    const stranger = await platform.register();
    const refused = await platform.send(`GET /api/v1/jobs/${job.id}/log`, { token: stranger.accessToken });
    expect(refused.status).toBe(404);
  });

  test('health and metrics tell how the queue is', async () => {
    const health = await platform.send('GET /health');
    expect(JSON.stringify(health.body)).toMatch(/"name":"queue","essential":false,"status":"ok"/);
    expect(health.text).toMatch(/0 queued, 0 running, 0 waiting; 1 process works on jobs/);
    expect(health.text).toMatch(/PostgreSQL wakes the workers/);
    const { text } = await platform.send('GET /metrics');
    for (const line of [
      /^slipway_queue_readable 1$/m,
      /^slipway_jobs_started_total\{kind="generate",how="started"\} \d+$/m,
      /^slipway_jobs_ended_total\{kind="generate",outcome="succeeded"\} \d+$/m,
      /^slipway_jobs_ended_total\{kind="compile",outcome="failed"\} 1$/m,
      /^slipway_job_state_seconds_count\{kind="generate",state="queued"\} \d+$/m,
      /^slipway_job_state_seconds_count\{kind="generate",state="running"\} \d+$/m,
      /^slipway_job_lease_losses_total 0$/m,
    ]) {
      expect(text).toMatch(line);
    }
  });
});

describe('without workers', () => {
  let platform: TestPlatform;
  let user: TestUser;
  const serviceMax = limits.jobsQueuedMax.free + 5;
  beforeAll(async () => {
    platform = await startPlatform({ worker: false, env: { SLIPWAY_QUEUED_MAX: String(serviceMax) } });
    user = await platform.register();
  });
  afterAll(() => platform.stop());

  const ask = (of: TestUser) =>
    platform.send('POST /api/v1/contracts/generate', { token: of.accessToken, body: smallJob });

  test('an owner whose queue is full is told when to come back, others are not held up, then the service is full', async () => {
    const free = await platform.register();
    const first = await ask(free);
    await platform.store.read
      .updateTable('owners')
      .set({ tier: 'free' })
      .where('id', '=', free.ownerId)
      .execute();
    const owner = await ownershipOf(platform, free);
    await platform.store.transaction(async (tx) => {
      for (let at = 2; at < limits.jobsQueuedMax.free; at += 1)
        await enqueue(tx, { ...owner, kind: 'generate', subjectId: newId(), requestId: 'test' });
    });
    const [last, over] = [await ask(free), await ask(free)];
    expect([first.status, last.status, over.status]).toEqual([202, 202, 429]);
    expect([over.body.code, over.headers.get('retry-after')]).toEqual(['owner-queue-full', '5']);
    // The service looks once a second.
    await sleep(1_100);
    for (let at = 0; at < 5; at += 1) expect((await ask(user)).status).toBe(202);
    const full = await ask(user);
    expect([full.status, full.body.code, full.headers.get('retry-after')]).toEqual([
      503,
      'service-queue-full',
      '5',
    ]);
  });

  test('the queue that nobody works on is told of', async () => {
    const { text } = await platform.send('GET /health');
    expect(text).toMatch(/No worker takes generate: start `slipway worker`/);
    const metrics = await platform.send('GET /metrics');
    expect(metrics.text).toMatch(
      new RegExp(`^slipway_queue_jobs\\{kind="generate",state="queued"\\} ${serviceMax}$`, 'm'),
    );
    expect(metrics.text).toMatch(/^slipway_queue_oldest_seconds\{kind="generate",state="queued"\} [\d.]+$/m);
  });
});

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newId } from '../../src/lib/ids.ts';
import { appendJobLog } from '../../src/store/job-logs.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

let platform: TestPlatform;
let user: TestUser;

beforeAll(async () => {
  // A network whose own policy is the strictest. Nothing answers there, and nothing is sent there.
  const earnest = { rpcUrls: ['http://127.0.0.1:9'], chainId: 4243, kind: 'mainnet' };
  platform = await startPlatform({ env: { SLIPWAY_NETWORKS: JSON.stringify({ earnest }) } });
  user = await platform.register();
});
afterAll(() => platform.stop());

const box = (name: string) => ({
  sources: { 'Box.sol': `pragma solidity ^0.8.20; contract ${name} { uint256 public value = 7; }` },
});
const broken = { sources: { 'Broken.sol': 'pragma solidity ^0.8.20; contract Broken {' } };

const retry = (id: string, options: { key?: string; wait?: boolean; token?: string; body?: object } = {}) =>
  platform.send(`POST /api/v1/jobs/${id}/retry`, {
    token: options.token ?? user.accessToken,
    ...(options.body ? { body: options.body } : {}),
    headers: {
      ...(options.key ? { 'idempotency-key': options.key } : {}),
      ...(options.wait ? { prefer: 'wait=30' } : {}),
    },
  });

const read = (id: string) => user.client.call('GET /api/v1/jobs/:id', { params: { id } });

/** Ends a job as it would have ended under other circumstances. Its state is final in SQL, so the row is made anew. */
async function rewrite(id: string, state: 'failed' | 'cancelled'): Promise<void> {
  const job = await platform.store.read
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await platform.store.read.deleteFrom('jobs').where('id', '=', id).execute();
  const error = job.error === null ? null : JSON.stringify(job.error);
  await platform.store.read
    .insertInto('jobs')
    .values({ ...job, state, error })
    .execute();
}

/** Another job of the same subject, as the queue makes when bytes may be under way. @returns its id */
async function copyJob(
  of: string,
  change: { state: 'failed' | 'waiting'; run_at?: Date; pipeline_id?: null },
): Promise<string> {
  const job = await platform.store.read
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', of)
    .executeTakeFirstOrThrow();
  const id = newId();
  await platform.store.read
    .insertInto('jobs')
    .values({ ...job, ...change, id, error: null })
    .execute();
  return id;
}

const setDeployment = (id: string, change: { state: string } | { network: string }) =>
  platform.store.read.updateTable('deployments').set(change).where('id', '=', id).execute();

/** A deployment that reverted on its chain, as far as the rows say. @returns its job */
async function reverted(name: string) {
  const build = await compile(box(name));
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId: build.subjectId, network: 'local' },
    waitSeconds: 30,
  });
  await rewrite(job.id, 'failed');
  await setDeployment(job.subjectId, { state: 'reverted' });
  return job;
}

const deploymentsOf = async (buildId: string) =>
  (await platform.store.read.selectFrom('deployments').select('id').where('build_id', '=', buildId).execute())
    .length;

const compile = async (body: { sources: Record<string, string> }) =>
  user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 });

test('a job that failed is tried anew from what was asked, once', async () => {
  const old = await compile(broken);
  expect(old).toMatchObject({ state: 'failed', retryOf: null });
  const first = await retry(old.id, { key: 'again' });
  expect(first.status).toBe(202);
  expect(first.headers.get('location')).toBe(`/api/v1/jobs/${first.body.id}`);
  expect(first.body).toMatchObject({ kind: 'compile', retryOf: old.id, pipelineId: null });
  expect(first.body).not.toMatchObject({ subjectId: old.subjectId });
  const repeated = await retry(old.id, { key: 'again' });
  expect([repeated.status, repeated.text]).toEqual([202, first.text]);

  const second = await retry(old.id);
  expect([second.status, second.body.code]).toEqual([409, 'job-retried']);
  expect(second.body.detail).toContain(first.body.id);
  const waited = await retry(old.id, { key: 'again', wait: true });
  expect([waited.status, waited.body.id, waited.body.state]).toEqual([200, first.body.id, 'failed']);
  const chained = await retry(first.body.id, { wait: true });
  expect(chained.body).toMatchObject({ state: 'failed', retryOf: first.body.id });
  expect(await read(old.id)).toEqual(old);

  const log = await user.client.call('GET /api/v1/audit-log', { query: { action: 'job.retried' } });
  expect(log.items.map(({ objectId, data }) => [objectId, data])).toEqual([
    [first.body.id, { kind: 'compile', retriedAs: chained.body.id }],
    [old.id, { kind: 'compile', retriedAs: first.body.id }],
  ]);
});

test('two retries at once make one job', async () => {
  const old = await compile(broken);
  const replies = await Promise.all([retry(old.id), retry(old.id), retry(old.id)]);
  expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
});

test('a generation and an audit that were cancelled succeed when they are tried anew', async () => {
  const { client } = user;
  const generated = await client.call('POST /api/v1/contracts/generate', {
    body: { template: 'storage', options: { name: 'Notes' } },
    waitSeconds: 30,
  });
  const build = await compile(box('Audited'));
  const audited = await client.call('POST /api/v1/contracts/audit', {
    body: { buildId: build.subjectId },
    waitSeconds: 30,
  });
  for (const old of [generated, audited]) {
    await rewrite(old.id, 'cancelled');
    const { status, body } = await retry(old.id, { wait: true });
    expect([status, body.state]).toEqual([200, 'succeeded']);
    const anew = await read(body.id);
    expect(anew).toMatchObject({ kind: old.kind, retryOf: old.id });
    expect(anew.result.generation?.result).toEqual(old.result.generation?.result);
    expect(anew.result.audit?.findings).toEqual(old.result.audit?.findings);
    expect(anew.result.audit?.buildId).toBe(old.result.audit?.buildId);
  }
});

test('a build that is known by now is finished at once', async () => {
  const old = await compile(box('Known'));
  await rewrite(old.id, 'failed');
  const { status, body } = await retry(old.id);
  expect([status, body.state]).toEqual([202, 'succeeded']);
  expect((await read(body.id)).retryOf).toBe(old.id);
});

test('a deployment is planned anew, with its gate', async () => {
  const build = await compile(box('Gated'));
  const audit = () =>
    user.client.call('POST /api/v1/contracts/audit', {
      body: { buildId: build.subjectId },
      waitSeconds: 30,
    });
  await audit();
  const old = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId: build.subjectId, network: 'local', policy: 'testnet', feePolicy: 'fast' },
    waitSeconds: 30,
  });
  expect(old.result.deployment?.status).toBe('confirmed');
  await rewrite(old.id, 'failed');
  const refused = await retry(old.id);
  expect([refused.status, refused.body.code]).toEqual([409, 'job-not-retryable']);
  expect(refused.body.detail).toContain('its deployment is confirmed');

  await platform.store.read
    .updateTable('deployments')
    .set({ state: 'failed' })
    .where('id', '=', old.subjectId)
    .execute();
  const newest = await audit();
  const again = await retry(old.id, { wait: true });
  expect(again.status).toBe(200);
  const { result } = await read(again.body.id);
  expect(result.deployment).toMatchObject({
    status: 'confirmed',
    buildId: build.subjectId,
    auditId: newest.subjectId,
    network: 'local',
    contract: old.result.deployment?.contract,
    signerId: old.result.deployment?.signerId,
    gate: { decision: 'pass', policy: 'testnet' },
  });
  expect(result.deployment?.id).not.toBe(old.subjectId);
  expect(result.deployment?.address).not.toBe(old.result.deployment?.address);
});

test('a deployment that reverted is made once more and no oftener, whichever of its jobs is tried anew', async () => {
  const first = await reverted('Once');
  const others = [await copyJob(first.id, { state: 'failed' }), await copyJob(first.id, { state: 'failed' })];
  const all = [first.id, ...others];
  const replies = await Promise.all([...all, ...all].map((id) => retry(id)));
  expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409]);
  const codes = replies.filter(({ status }) => status === 409).map(({ body }) => body.code);
  expect([...new Set(codes)].sort()).toEqual(['deployment-retried', 'job-retried']);
  const made = replies.find(({ status }) => status === 202)?.body.id ?? '';
  const { result, retryOf } = await read(made);
  expect(await deploymentsOf(result.deployment?.buildId ?? '')).toBe(2);

  // A job that ends writes its row twice, and the second time looks at the one that it repeats: let it be over.
  await vi.waitFor(async () => expect((await read(made)).completedAt).not.toBeNull(), { timeout: 20_000 });
  // The job that was retried goes with its age, and with it what the new job knows of it; the deployments stay.
  await platform.store.read.deleteFrom('jobs').where('id', '=', retryOf).execute();
  for (const id of all.filter((one) => one !== retryOf)) {
    const refused = await retry(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'deployment-retried']);
    expect(refused.body.detail).toContain(result.deployment?.id);
  }
});

test('nothing is tried anew while a job works on its deployment', async () => {
  const old = await reverted('Busy');
  const run_at = new Date(Date.now() + 3_600_000);
  const busy = await copyJob(old.id, { state: 'waiting', run_at });
  const refused = await retry(old.id);
  expect([refused.status, refused.body.code]).toEqual([409, 'job-not-retryable']);
  expect(refused.body.detail).toContain(`job ${busy} works on its deployment`);
  await platform.store.read.deleteFrom('jobs').where('id', '=', busy).execute();
  expect((await retry(old.id)).status).toBe(202);
});

test('a deployment of a pipeline is tried anew by the pipeline alone, once', async () => {
  const build = await compile(box('Staged'));
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: {
      buildId: build.subjectId,
      stages: { from: 'deploy', to: 'deploy' },
      deploy: { network: 'local' },
    },
    waitSeconds: 30,
  });
  const [stage] = pipeline.stages;
  const { jobId, subjectId } = { jobId: stage?.jobId ?? '', subjectId: stage?.subjectId ?? '' };
  await rewrite(jobId, 'failed');
  await setDeployment(subjectId, { state: 'reverted' });
  await platform.store.read
    .updateTable('pipelines')
    .set({ state: 'failed', stages: JSON.stringify([{ ...stage, state: 'failed' }]) })
    .where('id', '=', pipeline.id)
    .execute();
  // One of a server that did not note the pipeline.
  const stray = await copyJob(jobId, { state: 'failed', pipeline_id: null });
  for (const id of [jobId, stray]) {
    const refused = await retry(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'job-of-pipeline']);
    expect(refused.body.hint).toContain('/retry');
  }

  const again = () =>
    platform.send(`POST /api/v1/pipelines/${pipeline.id}/retry`, { token: user.accessToken, body: {} });
  const run_at = new Date(Date.now() + 3_600_000);
  const busy = await copyJob(jobId, { state: 'waiting', run_at });
  const early = await again();
  expect([early.status, early.body.code]).toEqual([409, 'pipeline-not-retryable']);
  expect(early.body.detail).toContain(`job ${busy} works on its deployment`);
  await platform.store.read.deleteFrom('jobs').where('id', '=', busy).execute();
  const replies = await Promise.all([again(), again(), again()]);
  expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  expect(await deploymentsOf(build.subjectId)).toBe(2);
});

const wallet = {
  sources: {
    'Wallet.sol': `pragma solidity ^0.8.20;
contract Wallet {
    address owner = msg.sender;
    uint256 public value;
    function set(uint256 next) external { require(tx.origin == owner); value = next; }
}`,
  },
};

test('what was acknowledged and confirmed for the old deployment is not for the new one', async () => {
  const build = await compile(wallet);
  const audit = await user.client.call('POST /api/v1/contracts/audit', {
    body: { buildId: build.subjectId },
    waitSeconds: 30,
  });
  const fingerprint = audit.result.audit?.findings.find(
    ({ detector }) => detector === 'tx-origin',
  )?.fingerprint;
  const acknowledgements = [{ fingerprint: fingerprint ?? '', reason: 'an old test' }];
  const old = await user.client.call('POST /api/v1/contracts/deploy', {
    body: {
      buildId: build.subjectId,
      network: 'local',
      policy: 'mainnet',
      acknowledgements,
      confirm: true,
    },
    waitSeconds: 30,
  });
  expect(old.result.deployment?.gate).toMatchObject({ policy: 'mainnet', acknowledged: acknowledgements });
  await rewrite(old.id, 'failed');
  await setDeployment(old.subjectId, { state: 'failed' });
  for (const body of [undefined, {}, { confirm: true }]) {
    const refused = await retry(old.id, body ? { body } : {});
    expect([refused.status, refused.body.code]).toEqual([409, 'policy-blocked']);
    expect(refused.text).toContain(fingerprint);
  }

  await setDeployment(old.subjectId, { network: 'earnest' });
  const unsure = await retry(old.id, { body: { acknowledgements } });
  expect([unsure.status, unsure.body.code]).toEqual([409, 'policy-blocked']);
  expect(unsure.body.detail).toContain('must be confirmed explicitly');
  // The gate lets it pass; the development signer works on local chains only.
  const sure = await retry(old.id, { body: { acknowledgements, confirm: true } });
  expect([sure.status, sure.body.code]).toEqual([422, 'signer-needed']);

  await setDeployment(old.subjectId, { network: 'local' });
  const reason = 'looked at once more';
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const words = ['--acknowledge', fingerprint ?? '', '--reason', reason, '--json'];
  const again = await runSlipway(['jobs', 'retry', old.id, ...words], { env });
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect((await read(JSON.parse(again.stdout).id)).result.deployment?.gate).toMatchObject({
    policy: 'mainnet',
    acknowledged: [{ fingerprint, reason }],
  });
});

test('a gate that would not open today stays shut', async () => {
  const build = await compile(box('Shut'));
  const body = { buildId: build.subjectId, network: 'local' };
  const old = await user.client.call('POST /api/v1/contracts/deploy', { body, waitSeconds: 30 });
  await rewrite(old.id, 'failed');
  const gate = { ...old.result.deployment?.gate, policy: 'testnet' };
  await platform.store.read
    .updateTable('deployments')
    .set({ state: 'failed', gate: JSON.stringify(gate) })
    .where('id', '=', old.subjectId)
    .execute();
  const refused = await retry(old.id);
  expect([refused.status, refused.body.code]).toEqual([409, 'policy-blocked']);
});

test('a key that may start jobs but not deploy does not deploy this way', async () => {
  const build = await compile(box('Scoped'));
  const old = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId: build.subjectId, network: 'local', dryRun: true },
    waitSeconds: 30,
  });
  await rewrite(old.id, 'failed');
  const { key } = await user.client.call('POST /api/v1/api-keys', {
    body: { name: 'jobs only', scopes: ['contracts:write'] },
  });
  const refused = await retry(old.id, { token: key });
  expect([refused.status, refused.body.code]).toEqual([403, 'scope-missing']);
  expect((await retry(old.id)).status).toBe(202);
});

test('what cannot be retried says what to do instead', async () => {
  const succeeded = await compile(box('Fine'));
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: { compile: broken },
    waitSeconds: 30,
  });
  const stage = pipeline.stages[0]?.jobId ?? '';
  const open = newId();
  const hook = newId();
  const { owner_id, created_by, project_id } = await platform.store.read
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', succeeded.id)
    .executeTakeFirstOrThrow();
  const row = { owner_id, created_by, project_id, subject_id: newId(), attempts_max: 3 };
  const far = new Date(Date.now() + 3_600_000);
  await platform.store.read
    .insertInto('jobs')
    .values([
      { ...row, id: open, kind: 'generate', state: 'waiting', run_at: far },
      { ...row, id: hook, kind: 'webhook', state: 'failed', completed_at: new Date() },
    ])
    .execute();
  const cases: [id: string, code: string, text: string][] = [
    [succeeded.id, 'job-not-retryable', 'The job is succeeded.'],
    [open, 'job-not-retryable', 'The job is waiting.'],
    [stage, 'job-of-pipeline', `/api/v1/pipelines/${pipeline.id}/retry`],
    [hook, 'job-kind-not-retryable', 'redeliver'],
  ];
  for (const [id, code, text] of cases) {
    const { status, body } = await retry(id);
    expect([status, body.code]).toEqual([409, code]);
    expect(`${body.detail} ${body.hint}`).toContain(text);
  }
});

test('the command line retries, and shows what a job said', async () => {
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const old = await compile(broken);
  const at = new Date('2026-01-02T03:04:05.678Z');
  const lines = Array.from({ length: 150 }, (_, index) => ({
    at,
    level: 'info' as const,
    message: `line ${index + 1}`,
    data: { index },
  }));
  await platform.store.transaction((tx) => appendJobLog(tx, { id: old.id, ownerId: user.ownerId }, lines));
  const shown = await runSlipway(['jobs', 'show', old.id], { env });
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('2026-01-02T03:04:05.678Z info  line 1 {"index":0}\n');
  expect(shown.stdout).toContain('info  line 150 {"index":149}\n');
  const asJson = await runSlipway(['jobs', 'show', old.id, '--json'], { env });
  // After what the job itself said.
  expect(JSON.parse(asJson.stdout).log).toHaveLength(151);
  expect(JSON.parse(asJson.stdout).log[1]).toEqual({
    seq: 2,
    at: at.toISOString(),
    level: 'info',
    message: 'line 1',
    data: { index: 0 },
  });
  const retried = await runSlipway(['jobs', 'retry', old.id, '--json'], { env });
  expect(retried.code).toBe(0);
  expect(JSON.parse(retried.stdout)).toMatchObject({ retryOf: old.id });
  const again = await runSlipway(['jobs', 'retry', old.id], { env });
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain('tried anew already');
});

test('the log is paged by number, and refuses what is no number', async () => {
  const job = await compile(box('Logged'));
  const target = { id: job.id, ownerId: user.ownerId };
  const line = (message: string) => ({ at: new Date(), level: 'warn' as const, message });
  await platform.store.transaction((tx) =>
    appendJobLog(tx, target, [line('one'), line('two'), line('three')]),
  );
  const page = await user.client.call('GET /api/v1/jobs/:id/log', {
    params: { id: job.id },
    query: { since: 2, limit: 1 },
  });
  expect(page).toMatchObject({ items: [{ seq: 3, level: 'warn', message: 'two' }], nextSince: 3 });
  for (const query of ['since=-1', 'since=x', 'limit=0', 'limit=501', 'since=1e30']) {
    const { status } = await platform.send(`GET /api/v1/jobs/${job.id}/log?${query}`, {
      token: user.accessToken,
    });
    expect([query, status]).toEqual([query, 422]);
  }
});

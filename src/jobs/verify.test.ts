import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runSlipway } from '../../test/support/cli.ts';
import { testPlatform } from '../../test/support/http-server.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../../test/support/platform.ts';
import {
  goodKey,
  startVerifierServer,
  type VerifierKind,
  type VerifierServer,
} from '../../test/support/verifier-servers.ts';
import { endJob } from '../actions/end-job.ts';
import type { Platform } from '../actions/platform.ts';
import { verifyConfirmed } from '../actions/request-verification.ts';
import type { NetworkKind } from '../chain/types.ts';
import type { ReplyOf } from '../client/route-types.ts';
import { engines } from '../queue/engines/index.ts';
import { startWorker, type Worker } from '../queue/worker.ts';
import { appendJobLog } from '../store/job-logs.ts';
import { type VerifyOptions, verify } from './verify.ts';

/** Real deployments on a real chain, verified at three servers of this machine that speak the real protocols. */
const kinds: VerifierKind[] = ['sourcify', 'etherscan', 'blockscout'];
const source =
  'pragma solidity ^0.8.20; contract Box { uint256 public v; string public s; constructor(uint256 given, string memory t) { v = given; s = t; } }';
let servers: Record<VerifierKind, VerifierServer>;
let platform: TestPlatform;
let user: TestUser;
let buildId: string;
let given = 0;
let mine: Platform;
let worker: Worker | undefined;

beforeAll(async () => {
  const [sourcify, etherscan, blockscout] = await Promise.all(kinds.map(startVerifierServer));
  servers = { sourcify, etherscan, blockscout } as typeof servers;
  const verifiers = kinds.map((kind) => ({ kind, apiUrl: servers[kind].apiUrl }));
  platform = await startPlatform({
    env: {
      SLIPWAY_NETWORKS: JSON.stringify({ local: { verifiers } }),
      SLIPWAY_ETHERSCAN_API_KEY: goodKey,
    },
    // What verifies is the test's own, with shorter pauses.
    worker: ['compile', 'deploy'],
  });
  user = await platform.register();
  const body = { sources: { 'src/Box.sol': source } };
  const job = await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 60 });
  buildId = job.subjectId;
}, 60_000);
beforeEach(() => {
  mine = testPlatform(platform.store);
  mine.settings.etherscan = { apiKey: goodKey, requestsPerSecond: 1_000, submissionsPerDay: 100_000 };
  for (const kind of kinds) {
    Object.assign(servers[kind], { requests: [], next: [], sees: 'code', polls: 0, verdict: 'exact' });
  }
});
afterEach(async () => {
  await worker?.stop(5_000);
  worker = undefined;
});
afterAll(async () => {
  await platform.stop();
  await Promise.all(kinds.map((kind) => servers[kind].close()));
});

function work(options: VerifyOptions = {}): void {
  const { store } = platform;
  worker = startWorker({
    store,
    engine: engines.postgres({ store, url: null, onError() {} }),
    name: 'verifier',
    lane: 'delivery',
    handlers: { verify: verify(mine, { pauseMs: () => 10, ...options }) },
    onEnded: endJob(mine),
    leaseSeconds: 30,
    concurrency: 8,
    pollMs: 20,
    keepLog: appendJobLog,
  });
}

async function deploy(extra: { verify?: boolean; dryRun?: boolean; salt?: string } = {}): Promise<string> {
  const body = { buildId, network: 'local', constructorArgs: [++given, 'a text'], ...extra };
  const job = await user.client.call('POST /api/v1/contracts/deploy', { body, waitSeconds: 30 });
  expect(job.state).toBe('succeeded');
  return job.subjectId;
}

type Shown = ReplyOf<'GET /api/v1/deployments/:id/verifications'>;
const ask = (id: string): Promise<Shown> =>
  user.client.call('POST /api/v1/deployments/:id/verify', { params: { id } });
const show = (id: string): Promise<Shown> =>
  user.client.call('GET /api/v1/deployments/:id/verifications', { params: { id } });

function untilEnded(id: string): Promise<Shown> {
  const look = async () => {
    const shown = await show(id);
    const open = shown.verifiers.filter(({ status }) => status === 'pending');
    if (open.length > 0) throw new Error(`still open: ${JSON.stringify(open)}`);
    return shown;
  };
  return vi.waitFor(look, { timeout: 10_000, interval: 30 });
}
const statuses = (shown: Shown) => shown.verifiers.map(({ kind, status, match }) => [kind, status, match]);
const jobOf = (id: string) => user.client.call('GET /api/v1/jobs/:id', { params: { id } });

test('what is confirmed is verified everywhere, with the stored input of its build', async () => {
  work();
  const id = await deploy({ verify: true });
  const shown = await untilEnded(id);
  expect(shown.status).toBe('verified');
  expect(statuses(shown)).toEqual([
    ['sourcify', 'verified', 'exact'],
    ['etherscan', 'verified', null],
    ['blockscout', 'verified', 'exact'],
  ]);
  expect(shown.verifiers[1]).toMatchObject({ words: 'Pass - Verified', submissions: 1, error: null });

  const deployment = await user.client.call('GET /api/v1/deployments/:id', { params: { id } });
  const stored = await user.client.call('GET /api/v1/builds/:id/input', { params: { id: buildId } });
  const release = stored.compilerLong.split('.').slice(0, 4).join('.');
  const word = (value: number) => value.toString(16).padStart(64, '0');
  const text = Buffer.from('a text').toString('hex').padEnd(64, '0');
  const args = word(given) + word(64) + word(6) + text;
  const [toSourcify, toEtherscan, toBlockscout] = kinds.map((kind) =>
    servers[kind].requests.find(({ method }) => method === 'POST'),
  );
  expect(toSourcify?.path).toBe(`/v2/verify/31337/${deployment.address}`);
  expect(toSourcify?.fields).toEqual({
    stdJsonInput: stored.input,
    compilerVersion: release,
    contractIdentifier: 'src/Box.sol:Box',
    creationTransactionHash: deployment.transactionHash,
  });
  expect(toEtherscan?.query).toMatchObject({ chainid: '31337', action: 'verifysourcecode' });
  expect(toEtherscan?.fields).toMatchObject({
    contractaddress: deployment.address,
    contractname: 'src/Box.sol:Box',
    compilerversion: `v${release}`,
    constructorArguements: args,
  });
  const sent = JSON.parse(String(toEtherscan?.fields['sourceCode']));
  delete sent.settings.outputSelection;
  expect(sent).toEqual(stored.input);
  const file = toBlockscout?.fields['files[0]'] as { text: string };
  expect(JSON.parse(file.text)).toEqual(stored.input);
  expect(toBlockscout?.fields).toMatchObject({ compiler_version: `v${release}`, constructor_args: args });
});

test('what a deployer contract made is handed in without the transaction, with its arguments', async () => {
  work();
  const id = await deploy({ verify: true, salt: `0x${'07'.repeat(32)}` });
  expect((await untilEnded(id)).status).toBe('verified');
  const [toSourcify] = servers.sourcify.requests;
  expect(toSourcify?.method).toBe('POST');
  expect(toSourcify?.fields).not.toHaveProperty('creationTransactionHash');
  const toEtherscan = servers.etherscan.requests[0]?.fields['constructorArguements'];
  expect(String(toEtherscan).slice(0, 64)).toBe(given.toString(16).padStart(64, '0'));
});

describe('asked for', () => {
  test('what waits, is refused for a while or is not seen yet is verified in the end', async () => {
    const id = await deploy();
    for (const kind of kinds) servers[kind].polls = 2;
    const busy = { status: '0', message: 'NOTOK', result: 'Max calls per sec rate limit reached (3/sec)' };
    servers.sourcify.next = [{ status: 429, body: {} }, { status: 503, body: 'away' }, null];
    servers.etherscan.next = [{ body: busy }, { body: '<html>' }];
    servers.etherscan.sees = 'nothing';
    servers.blockscout.sees = 'nothing';
    expect((await ask(id)).status).toBe('pending');
    work();
    await vi.waitFor(() => expect(servers.etherscan.requests.length).toBeGreaterThan(4), 10_000);
    expect((await show(id)).verifiers[1]?.words).toMatch(/^Unable to locate ContractCode/);
    servers.etherscan.sees = 'code';
    servers.blockscout.sees = 'code';
    const shown = await untilEnded(id);
    expect(shown.verifiers.map(({ status }) => status)).toEqual(['verified', 'verified', 'verified']);
    expect(shown.verifiers.map(({ submissions }) => submissions)).toEqual([1, 1, 1]);
    const job = await jobOf(shown.verifiers[0]?.jobId ?? '');
    expect(job).toMatchObject({ kind: 'verify', state: 'succeeded', attempts: 1 });
  });

  test('as long as the server asks for is waited', async () => {
    const id = await deploy();
    servers.sourcify.next = [{ status: 429, body: {}, headers: { 'retry-after': '3600' } }];
    await ask(id);
    work();
    const job = await vi.waitFor(async () => {
      const shown = await jobOf((await show(id)).verifiers[0]?.jobId ?? '');
      expect(shown.state).toBe('waiting');
      return shown;
    }, 10_000);
    const { rows } = await sql<{
      seconds: number;
    }>`select extract(epoch from run_at - now())::float8 as seconds
      from jobs where id = ${job.id}`.execute(platform.store.read);
    expect(rows[0]?.seconds).toBeGreaterThan(3_500);
  });

  test('what is verified already counts as verified, and is not handed in again when it is asked for twice', async () => {
    const id = await deploy();
    for (const kind of kinds) Object.assign(servers[kind], { sees: 'verified', verdict: 'partial' });
    await ask(id);
    work();
    const shown = await untilEnded(id);
    expect(statuses(shown)).toEqual([
      ['sourcify', 'verified', 'partial'],
      ['etherscan', 'verified', null],
      ['blockscout', 'verified', 'partial'],
    ]);
    const asked = kinds.map((kind) => servers[kind].requests.length);
    expect(await ask(id)).toEqual(shown);
    expect(kinds.map((kind) => servers[kind].requests.length)).toEqual(asked);
  });

  test('a mismatch is a failure, also where nobody says so, and can be tried anew', async () => {
    const id = await deploy();
    for (const kind of kinds) servers[kind].verdict = 'mismatch';
    await ask(id);
    work({ silenceMs: 50 });
    const shown = await untilEnded(id);
    expect(shown.status).toBe('failed');
    expect(shown.verifiers).toMatchObject([
      { status: 'failed', words: 'no_match: no', error: { code: 'verification-failed' } },
      { status: 'failed', words: 'Fail - Unable to verify' },
      { status: 'failed', words: 'not verified yet' },
    ]);
    const job = await jobOf(shown.verifiers[1]?.jobId ?? '');
    expect(job).toMatchObject({ state: 'failed', error: { code: 'verification-failed' } });
    for (const kind of kinds) servers[kind].verdict = 'exact';
    expect((await ask(id)).status).toBe('pending');
    expect((await untilEnded(id)).verifiers.map(({ status, error }) => [status, error])).toEqual(
      kinds.map(() => ['verified', null]),
    );
  });

  test('one that gives no verdict is unavailable once patience has run out', async () => {
    const id = await deploy();
    for (const kind of kinds) servers[kind].next = Array.from({ length: 1_000 }, () => ({ body: '<html>' }));
    await ask(id);
    work({ patienceMs: 300 });
    const shown = await untilEnded(id);
    expect(shown.status).toBe('unavailable');
    for (const verifier of shown.verifiers) {
      const error = { code: 'verifier-unavailable', retryable: true };
      expect(verifier).toMatchObject({ status: 'unavailable', words: 'HTTP 200: not a JSON object', error });
    }
  });

  test('one that does not know the chain is not asked again', async () => {
    const id = await deploy();
    const unsupported = { customCode: 'unsupported_chain', message: 'Chain 31337', errorId: 'e' };
    servers.sourcify.next = [{ status: 404, body: unsupported }];
    await ask(id);
    work();
    const shown = await untilEnded(id);
    expect(shown.verifiers.map(({ status }) => status)).toEqual(['unavailable', 'verified', 'verified']);
    expect(shown.status).toBe('verified');
    expect(servers.sourcify.requests).toHaveLength(1);
  });

  test.each([
    ['refused', 'WRONGKEY99', 'verifier-key-refused'],
    ['missing', null, 'verifier-not-configured'],
  ])('a key that is %s is the operator’s to mend, and stands nowhere', async (_, apiKey, code) => {
    mine.settings.etherscan.apiKey = apiKey;
    const id = await deploy();
    await ask(id);
    work();
    const shown = await untilEnded(id);
    expect(shown.verifiers[1]).toMatchObject({ status: 'not_configured', error: { code } });
    expect(shown.verifiers[1]?.error?.hint).toContain('SLIPWAY_ETHERSCAN_API_KEY');
    const { rows } = await sql`select (select json_agg(verifications) from verifications),
      (select json_agg(jobs) from jobs), (select json_agg(events) from events),
      (select json_agg(job_logs) from job_logs),
      (select json_agg(verifier_quotas) from verifier_quotas)`.execute(platform.store.read);
    expect(JSON.stringify(rows)).not.toMatch(/WRONGKEY99|GOODKEY123/);
  });

  test('the quota of the key is waited for', async () => {
    mine.settings.etherscan = { apiKey: goodKey, requestsPerSecond: 1_000, submissionsPerDay: 1 };
    await sql`update verifier_quotas set submissions = 0`.execute(platform.store.read);
    const ids = [await deploy(), await deploy()];
    // What is not accepted does not count.
    servers.etherscan.next = [
      { body: { status: '0', message: 'NOTOK', result: 'Unable to locate ContractCode at 0x00' } },
    ];
    for (const id of ids) await ask(id);
    work();
    const ended = await vi.waitFor(async () => {
      const all = await Promise.all(ids.map(show));
      const [one, other] = all.map(({ verifiers }) => verifiers[1]);
      expect([one?.status, other?.status].sort()).toEqual(['pending', 'verified']);
      const waiting = one?.status === 'pending' ? one : other;
      const job = await jobOf(waiting?.jobId ?? '');
      expect(job).toMatchObject({ state: 'waiting', attempts: 0 });
      return job;
    }, 10_000);
    expect(ended.stage).toBe('Etherscan: waiting for the quota of the key');
    expect(servers.etherscan.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });
});

test('another worker goes on where one stopped, and hands nothing in twice', async () => {
  const id = await deploy();
  for (const kind of kinds) servers[kind].polls = 1_000;
  await ask(id);
  work();
  await vi.waitFor(async () => {
    const { verifiers } = await show(id);
    expect(verifiers.map(({ submissions }) => submissions)).toEqual([1, 1, 1]);
  }, 10_000);
  await worker?.stop(5_000);
  for (const kind of kinds) servers[kind].polls = 0;
  work();
  const shown = await untilEnded(id);
  expect(shown.verifiers.map(({ status, submissions }) => [status, submissions])).toEqual(
    kinds.map(() => ['verified', 1]),
  );
});

test('a deployment that the chain took back ends the verification as cancelled, with the reason', async () => {
  const id = await deploy();
  await ask(id);
  await sql`update deployments set state = 'broadcast' where id = ${id}`.execute(platform.store.read);
  work();
  const shown = await untilEnded(id);
  for (const verifier of shown.verifiers) {
    expect(verifier).toMatchObject({ status: 'unavailable', error: { code: 'deployment-taken-back' } });
    const params = { id: verifier.jobId ?? '' };
    await vi.waitFor(async () => {
      expect((await jobOf(params.id)).state).toBe('cancelled');
      const { items } = await user.client.call('GET /api/v1/jobs/:id/log', { params });
      expect(items.map(({ message }) => message)).toEqual([
        'The chain took the deployment back: it is broadcast again.',
      ]);
    });
  }
  expect(kinds.map((kind) => servers[kind].requests.length)).toEqual([0, 0, 0]);
  const refused = user.client.call('POST /api/v1/deployments/:id/verify', { params: { id } });
  await expect(refused).rejects.toMatchObject({ status: 409, code: 'deployment-not-confirmed' });
});

test('a job that is cancelled leaves nothing pending', async () => {
  const id = await deploy();
  const jobId = (await ask(id)).verifiers[0]?.jobId ?? '';
  await user.client.call('POST /api/v1/jobs/:id/cancel', { params: { id: jobId } });
  expect((await show(id)).verifiers[0]).toMatchObject({
    status: 'unavailable',
    error: { code: 'verification-cancelled' },
  });
  work();
  await untilEnded(id);
  expect(servers.sourcify.requests).toEqual([]);
});

test('only what is confirmed can be verified, and only by its owner', async () => {
  const id = await deploy({ dryRun: true, verify: true });
  const params = { id };
  const early = user.client.call('POST /api/v1/deployments/:id/verify', { params });
  await expect(early).rejects.toMatchObject({ status: 409, code: 'deployment-not-confirmed' });
  expect(await show(id)).toEqual({ deploymentId: id, status: 'not_configured', verifiers: [] });
  const stranger = await platform.register();
  for (const route of [
    'POST /api/v1/deployments/:id/verify',
    'GET /api/v1/deployments/:id/verifications',
  ] as const) {
    await expect(stranger.client.call(route, { params })).rejects.toMatchObject({ status: 404 });
  }
});

test.each<[NetworkKind, boolean | undefined, boolean]>([
  ['local', undefined, false],
  ['local', true, true],
  ['testnet', undefined, true],
  ['testnet', false, false],
  ['mainnet', undefined, true],
])('on a %s network, with verify: %s, confirmation starts it: %s', async (networkKind, wanted, starts) => {
  const id = await deploy();
  const { store } = platform;
  const { rows } = await sql<{ ownerId: string; userId: string; projectId: string }>`
    select owner_id as "ownerId", created_by as "userId", project_id as "projectId" from deployments
    where id = ${id}`.execute(store.read);
  const [owner] = rows;
  if (!owner) throw new Error('the deployment has a row');
  const { apiUrl } = servers.sourcify;
  const network = { verifiers: [{ kind: 'sourcify', apiUrl }] };
  const chains = { network: () => network } as unknown as Platform['chains'];
  const plan = { networkKind, ...(wanted === undefined ? {} : { verify: wanted }) };
  await store.transaction((tx) =>
    verifyConfirmed({ ...mine, chains }, tx, {
      job: { ...owner, id, requestId: null },
      work: { id, network: 'there', plan },
    }),
  );
  expect((await show(id)).verifiers.map(({ kind }) => kind)).toEqual(starts ? ['sourcify'] : []);
});

test('from the command line', async () => {
  const id = await deploy();
  work();
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const asked = await runSlipway(['deployments', 'verify', id, '--json'], { env });
  expect(asked.stderr).toBe('');
  expect(JSON.parse(asked.stdout)).toMatchObject({ deploymentId: id, verifiers: [{}, {}, {}] });
  await untilEnded(id);
  const shown = await runSlipway(['deployments', 'verifications', id], { env });
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/^Source {2}verified\n/);
  expect(shown.stdout).toMatch(/sourcify\s+verified\s+exact\s+(exact_match|already verified)/);
});

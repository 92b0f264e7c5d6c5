import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { issueAccessToken } from '../../src/actions/access-tokens.ts';
import { ApiProblem } from '../../src/client/errors.ts';
import { newId } from '../../src/lib/ids.ts';
import { startAnvil } from '../support/anvil.ts';
import { countRows, findHalfWritten } from '../support/half-written.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';
import { startDatabaseDoor, type TcpProxy } from '../support/tcp-proxy.ts';
import { deployShop, refusedRequests, shop, sources } from './refused-requests.ts';

let platform: TestPlatform;
let user: TestUser;
let door: TcpProxy;
let awayPort: number;

beforeAll(async () => {
  awayPort = await freePort();
  platform = await startPlatform({
    env: {
      // What a worker held when the database went away is taken back soon.
      SLIPWAY_LEASE_SECONDS: '3',
      SLIPWAY_NETWORKS: JSON.stringify({
        away: { rpcUrls: [`http://127.0.0.1:${awayPort}`], chainId: 4242, kind: 'local', confirmations: 1 },
      }),
    },
    async between(url) {
      const between = await startDatabaseDoor(url);
      door = between.door;
      return between.url;
    },
  });
  user = await platform.register();
});
afterAll(async () => {
  await platform.stop();
  await door.shut();
});
afterEach(async () => {
  expect(await findHalfWritten(platform.store)).toEqual([]);
});

const unknownId = newId();

/** Sends as it is what the typed client would not let us write. */
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  platform.send(`POST /api/v1/${path}`, {
    token: user.accessToken,
    body,
    headers: { prefer: 'wait=20', ...headers },
  });

const ship = (text: string, deploy: object = {}, more: object = {}) =>
  user.client.call('POST /api/v1/pipelines', {
    body: { compile: { ...sources(text), ...more }, deploy: { network: 'local', ...deploy } },
    waitSeconds: 20,
  });

async function expectWell(): Promise<void> {
  const { state, error, result } = await ship(`contract Well { uint256 public id = ${Date.now()}; }`);
  expect({ state, error, status: result.deployment?.status }).toEqual({
    state: 'succeeded',
    error: null,
    status: 'confirmed',
  });
}

describe('a request that is wrong in itself', () => {
  let buildId = '';
  beforeAll(async () => {
    const job = await user.client.call('POST /api/v1/contracts/compile', {
      body: sources(shop),
      waitSeconds: 20,
    });
    buildId = job.result.build?.id ?? '';
  });

  test.each(refusedRequests)('%s', async (_, path, body, status, code, where) => {
    const before = await countRows(platform.store);
    const reply = await post(path, body(buildId));
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code });
    const { errors, ...place } = where;
    expect(reply.body).toMatchObject({ ...place, status, type: `/docs/errors#${code}` });
    if (errors)
      expect([...new Set(reply.body.errors.map((one) => one.pointer))].sort()).toEqual(errors.sort());
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    for (const text of [reply.body.hint, reply.body.detail]) {
      expect(text.length).toBeGreaterThan(15);
      expect(text).not.toMatch(/\{\w+\}|undefined|\[object/);
    }
    expect(reply.body.requestId).toBe(reply.headers.get('x-request-id'));
    expect(await countRows(platform.store)).toEqual(before);
  });

  test('hints name what would be right', async () => {
    const hintOf = async (path: string, body: unknown) => {
      const { body: problem } = await post(path, body);
      return `${problem.detail} ${problem.hint}`;
    };
    expect(await hintOf('contracts/deploy', { ...deployShop(buildId), network: 'nowhere' })).toContain(
      'local, away',
    );
    expect(await hintOf('contracts/deploy', { ...deployShop(buildId), network: 'sepolia' })).toContain(
      'SLIPWAY_RPC_SEPOLIA',
    );
    expect(await hintOf('contracts/deploy', { ...deployShop(buildId), contract: 'Shed' })).toContain(
      'A.sol:Shop',
    );
    expect(await hintOf('contracts/deploy', { ...deployShop(buildId), constructorArgs: [1] })).toContain(
      'constructor(uint256 price, address owner, bool open)',
    );
    expect(await hintOf('contracts/generate', { template: 'erc2' })).toContain('Did you mean "erc20"?');
    expect(
      await hintOf('contracts/compile', sources('import "@openzeppelin/contracts/token/ERC20/ERC2.sol";')),
    ).toContain('Did you mean @openzeppelin/contracts/token/ERC20/ERC20.sol?');
  });

  test('a body of another type than JSON', async () => {
    const reply = await post('contracts/compile', '{}', { 'content-type': 'text/plain' });
    expect([reply.status, reply.body.code]).toEqual([415, 'unsupported-media-type']);
    expect(reply.body.hint).toContain('application/json');
  });

  test('all of it later, the server still does the main job', expectWell);
});

describe('work that cannot succeed ends with its reason', () => {
  test('a syntax error: place, excerpt, and the build keeps every diagnostic', async () => {
    const body = sources('contract A {\n  function f( }\n}');
    const job = await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 20 });
    expect(job).toMatchObject({
      state: 'failed',
      error: {
        code: 'source-not-compilable',
        place: { file: 'A.sol', line: 4, column: 15, excerpt: expect.stringContaining('^') },
        hint: expect.stringContaining('diagnostics'),
      },
      result: { build: { status: 'failed', diagnostics: [{ severity: 'error', place: { line: 4 } }] } },
    });
    const audit = await user.client.call('POST /api/v1/contracts/audit', { body, waitSeconds: 20 });
    expect(audit).toMatchObject({
      state: 'failed',
      error: { code: 'audit-incomplete', place: { file: 'A.sol', line: 4 } },
      result: { audit: { status: 'failed', overall: null, tools: [{ status: 'failed' }] } },
    });
    const pipeline = await user.client.call('POST /api/v1/pipelines', {
      body: { compile: body, deploy: { network: 'local' } },
      waitSeconds: 20,
    });
    expect(pipeline).toMatchObject({
      state: 'failed',
      error: { code: 'source-not-compilable', place: { file: 'A.sol', line: 4 } },
    });
    expect(pipeline.stages.map((stage) => stage.state)).toEqual(['failed', 'pending', 'pending', 'pending']);
  });

  test('an audit looks at what can be looked at, and says what it left out', async () => {
    const body = sources(`import {Ownable} from "./lib/Ownable.sol";
contract A is Ownable {
  function broken() external { unknown = 1; }
  function guarded(address payable to) external onlyOwner { selfdestruct(to); }
  function open(address payable to) external { selfdestruct(to); }
}`);
    const job = await user.client.call('POST /api/v1/contracts/audit', { body, waitSeconds: 20 });
    expect(job).toMatchObject({
      state: 'succeeded',
      error: null,
      result: { audit: { status: 'succeeded', overall: 'critical', tools: [{ status: 'partial' }] } },
    });
    const found = job.result.audit;
    expect(found?.findings.map(({ detector, function: name }) => `${detector} ${name}`)).toEqual([
      'unprotected-selfdestruct open(address payable)',
    ]);
    expect(found?.tools[0]?.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          file: 'A.sol',
          line: 3,
          message: expect.stringContaining('lib/Ownable.sol'),
        }),
        {
          ...{ file: 'A.sol', line: 5, contract: 'A', function: 'broken' },
          message: 'the body of function broken was left out: Undeclared identifier.',
        },
      ]),
    );
  });

  test('a contract that is not in the sources', async () => {
    const pipeline = await ship('contract Shop {}', {}, { contract: 'Shob' });
    expect(pipeline).toMatchObject({
      state: 'failed',
      error: {
        code: 'contract-not-found',
        place: { pointer: '/compile/contract' },
        message: expect.stringContaining('Did you mean Shop?'),
        hint: expect.stringContaining('A.sol:Shop'),
      },
    });
  });

  test('nothing that could be deployed', async () => {
    const { state, error } = await ship('abstract contract A { function f() external virtual; }');
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'nothing-deployable' });
    expect(error?.hint).toContain('implements every function');
  });

  test('arguments that do not fit, found in a pipeline', async () => {
    const { error, stages } = await ship(shop, { constructorArgs: [1, 2, true] });
    expect(error).toMatchObject({
      code: 'constructor-arguments-invalid',
      issues: [{ pointer: '/deploy/constructorArgs/1', code: 'argument-type-wrong' }],
    });
    expect(stages.at(-1)).toMatchObject({ name: 'deploy', state: 'failed', error: { code: error?.code } });
  });

  test.each([
    ['a require', 'constructor() { require(false, "closed on Sundays"); }', 'closed on Sundays'],
    [
      'a custom error',
      'error TooLow(uint256 given, uint256 least); constructor() { revert TooLow(1, 7); }',
      'TooLow(1, 7)',
    ],
    ['a panic', 'constructor() { assert(false); }', 'Panic 0x01: an assert failed'],
    ['no reason at all', 'constructor() { revert(); }', 'no reason given'],
  ])('a constructor that reverts with %s costs nothing', async (_, body, reason) => {
    const { state, error, result } = await ship(`contract A { ${body} }`);
    expect({ state, code: error?.code, message: error?.message }).toEqual({
      state: 'failed',
      code: 'constructor-reverted',
      message: `Creating the contract fails: ${reason}`,
    });
    expect(error?.hint).toContain('Nothing was spent');
    expect(result.deployment).toMatchObject({ status: 'failed', transactionHash: null, address: null });
    const { rows } = await transactionsOf(result.deployment?.id ?? '');
    expect(rows).toEqual(0);
  });
});

describe('credentials', () => {
  const forged = (token: string) => {
    const [head, payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: unknownId })).toString('base64url');
    return `${head}.${changed}.${signature}`;
  };
  const sessionOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sub: string;
      sid: string;
    };

  test('expired, forged, unsigned, of the wrong kind or missing: each has its code and says what to do', async () => {
    const { sub: userId, sid: sessionId } = sessionOf(user.accessToken);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    const expired = await issueAccessToken(platform.keys, { userId, sessionId }).finally(() =>
      vi.useRealTimers(),
    );
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    const cases: [token: string | undefined, code: string, hint: string][] = [
      [undefined, 'credentials-missing', 'Authorization: Bearer'],
      [expired, 'token-expired', '/api/v1/auth/refresh'],
      [forged(user.accessToken), 'token-signature-invalid', 'Log in again'],
      [`${none}.${user.accessToken.split('.')[1]}.`, 'token-algorithm-refused', 'unchanged'],
      [user.refreshToken, 'refresh-token-as-access', '/api/v1/auth/refresh'],
      ['nonsense', 'credentials-malformed', 'Bearer'],
    ];
    for (const [token, code, hint] of cases) {
      const reply = await platform.send('GET /api/v1/jobs', token ? { token } : {});
      expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 401, code });
      expect(reply.body.hint).toContain(hint);
      expect(reply.headers.get('www-authenticate')).toContain('Bearer realm="slipway"');
    }
    expect((await platform.send('GET /api/v1/jobs', { token: user.accessToken })).status).toBe(200);
  });
});

test('a chain that is down: the job says so and waits, and goes on when it is back', async () => {
  const { id } = await user.client.call('POST /api/v1/pipelines', {
    body: { compile: sources('contract Patient {}'), deploy: { network: 'away' } },
  });
  const deployJob = async () => {
    const pipeline = await user.client.call('GET /api/v1/pipelines/:id', { params: { id } });
    const jobId = pipeline.stages.at(-1)?.jobId;
    return jobId ? user.client.call('GET /api/v1/jobs/:id', { params: { id: jobId } }) : null;
  };
  await expect
    .poll(async () => (await deployJob())?.error, { timeout: 20_000, interval: 100 })
    .toMatchObject({
      code: 'chain-unreachable',
      retryable: true,
      message: expect.stringContaining(`http://127.0.0.1:${awayPort} failed with ECONNREFUSED`),
      hint: expect.stringContaining('Nothing was lost'),
    });
  expect(['queued', 'running']).toContain((await deployJob())?.state);

  const anvil = await startAnvil({ port: awayPort, args: ['--chain-id', '4242'] });
  try {
    await expect
      .poll(async () => (await deployJob())?.state, { timeout: 25_000, interval: 200 })
      .toBe('succeeded');
    expect((await deployJob())?.result.deployment).toMatchObject({ status: 'confirmed', codeMatches: true });
  } finally {
    await anvil.stop();
  }
}, 60_000);

test('a database that goes away: refused with 503, nothing lost, nothing twice, the process lives', async () => {
  const numbers = Array.from({ length: 6 }, (_, index) => index + 1);
  const start = (number: number) =>
    user.client.call('POST /api/v1/pipelines', {
      body: {
        compile: sources(`contract Numbered { uint256 public constant ID = ${number}; }`),
        deploy: { network: 'local' },
      },
      idempotencyKey: `away-${number}`,
    });
  const before = await countRows(platform.store);
  const accepted = await Promise.all(numbers.slice(0, 4).map(start));
  await expect
    .poll(async () => (await countRows(platform.store))['audits'], { interval: 20 })
    .toBeGreaterThan(before['audits'] ?? 0);
  await door.shut();

  const fault = await start(5).catch((error) => error);
  expect(fault).toBeInstanceOf(ApiProblem);
  expect(fault).toMatchObject({ status: 503, code: 'database-unavailable', retryable: true });
  expect(fault.retryAfterSeconds).toBeGreaterThan(0);
  expect(fault.hint).toContain('slipway doctor');
  expect((await platform.send('GET /healthz')).status).toBe(200);
  await expect.poll(async () => (await platform.send('GET /readyz')).status, { timeout: 10_000 }).toBe(503);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await door.open();

  await expect.poll(async () => (await platform.send('GET /readyz')).status, { timeout: 15_000 }).toBe(200);
  // The caller who was refused, and one who does not know, repeat their requests with the same key.
  const repeated = await Promise.all([start(5), start(5), start(6), start(1)]);
  expect(repeated[0]?.id).toBe(repeated[1]?.id);
  expect(repeated[3]?.id).toBe(accepted[0]?.id);
  const ids = [...accepted, ...repeated.slice(1, 3)].map((pipeline) => pipeline.id);
  const finished = await Promise.all(ids.map(untilFinished));
  expect(finished.map(({ state, error }) => ({ state, error }))).toEqual(
    ids.map(() => ({ state: 'succeeded', error: null })),
  );
  const addresses = finished.map(({ result }) => result.deployment?.address);
  expect(new Set(addresses).size).toBe(numbers.length);
  const after = await countRows(platform.store);
  expect((after['deployments'] ?? 0) - (before['deployments'] ?? 0)).toBe(numbers.length);
  expect((after['transactions'] ?? 0) - (before['transactions'] ?? 0)).toBe(numbers.length);
  await expectWell();
}, 60_000);

async function untilFinished(id: string) {
  for await (const _ of user.client.follow('pipelines', id)) {
    // Followed to its end.
  }
  return user.client.call('GET /api/v1/pipelines/:id', { params: { id } });
}

async function transactionsOf(deploymentId: string): Promise<{ rows: number }> {
  const found = await platform.store.read
    .selectFrom('transactions')
    .select('id')
    .where('deployment_id', '=', deploymentId)
    .execute();
  return { rows: found.length };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

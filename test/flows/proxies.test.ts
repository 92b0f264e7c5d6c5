import { encodeFunctionData, parseAbi } from 'viem';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Contracts behind proxies: deployed with their initialiser, called, upgraded, and refused where that would do harm. */
const head = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;
import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
`;
const lock = 'constructor() { _disableInitializers(); }';
const initialize =
  'function initialize(uint256 given) external initializer { __Ownable_init(msg.sender); value = given; }';
const authorize = 'function _authorizeUpgrade(address) internal override onlyOwner {}';
const box = (body: string) => `${head}contract Box is OwnableUpgradeable, UUPSUpgradeable {\n${body}\n}`;
const first = box(`uint256 public value; ${lock} ${initialize} ${authorize}`);
const second = box(
  `uint256 public value; uint256 public added; ${lock} ${initialize} ${authorize}
  function migrate(uint256 given) external reinitializer(2) { added = given; }
  function sum() external view returns (uint256) { return value + added; }`,
);
let anvil: Anvil;
let platform: TestPlatform;
let user: TestUser;

beforeAll(async () => {
  anvil = await startAnvil();
  platform = await startPlatform({ env: { SLIPWAY_RPC_LOCAL: anvil.url } });
  user = await platform.register();
});
afterAll(async () => {
  await platform.stop();
  await anvil.stop();
});

async function build(source: string): Promise<string> {
  const job = await user.client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    waitSeconds: 60,
  });
  expect(job.error).toBeNull();
  return job.subjectId;
}

const deploy = async (kind: 'uups' | 'transparent' | 'beacon', source = first, more: object = {}) =>
  user.client.call('POST /api/v1/contracts/deploy', {
    body: {
      ...{ buildId: await build(source), network: 'local' },
      proxy: { kind, initialize: { function: 'initialize', args: [41] } },
      ...more,
    },
    waitSeconds: 60,
  });

const upgrade = async (id: string, source: string, more: object = {}) =>
  user.client.call('POST /api/v1/deployments/:id/upgrade', {
    params: { id },
    body: { buildId: await build(source), ...more },
    waitSeconds: 60,
  });

const read = async (id: string, name: string) =>
  (await user.client.call('POST /api/v1/deployments/:id/call', { params: { id }, body: { function: name } }))
    .result;

describe.each(['uups', 'transparent', 'beacon'] as const)('%s', (kind) => {
  test('the proxy is initialised when it is created, called by the ABI of its code, and keeps its values in an upgrade', async () => {
    const job = await deploy(kind);
    expect(job.error).toBeNull();
    const proxy = job.result.deployment;
    expect(proxy).toMatchObject({ status: 'confirmed', codeMatches: true, proxy: { kind }, warnings: [] });
    const id = proxy?.id ?? '';
    expect(await read(id, 'value')).toEqual({ 0: '41' });
    expect(await read(id, 'owner')).toEqual({ 0: kind === 'uups' ? proxy?.from : proxy?.from });
    const code = await user.client.call('GET /api/v1/deployments/:id', {
      params: { id: proxy?.implementationId ?? '' },
    });
    expect(code).toMatchObject({ status: 'confirmed', contract: { name: 'Box' } });

    const call = kind === 'beacon' ? {} : { call: { function: 'migrate', args: [1] } };
    const done = await upgrade(id, second, call);
    expect(done.error).toBeNull();
    expect(done.result.deployment).toMatchObject({
      status: 'confirmed',
      call: { events: { list: expect.arrayContaining([expect.objectContaining({ event: 'Upgraded' })]) } },
    });
    expect(await read(id, 'value')).toEqual({ 0: '41' });
    expect(await read(id, 'sum')).toEqual({ 0: kind === 'beacon' ? '41' : '42' });
    // What follows is compared with what stands there now.
    const back = upgrade(id, first);
    await expect(back).rejects.toMatchObject({
      code: 'upgrade-unsafe',
      issues: [{ code: 'storage-deleted', message: expect.stringContaining('added is gone') }],
    });
  });
});

test('an equal implementation is not deployed twice, and a proxy with a salt stands at its address', async () => {
  const salt = `0x${'7'.repeat(64)}`;
  const [one, two] = [await deploy('uups'), await deploy('uups', first, { salt })];
  const code = async (job: typeof one) =>
    user.client.call('GET /api/v1/deployments/:id', {
      params: { id: job.result.deployment?.implementationId ?? '' },
    });
  expect((await code(one)).address).toBe((await code(two)).address);
  expect((await code(two)).source).toBe('existing');
  expect(one.result.deployment?.address).not.toBe(two.result.deployment?.address);
  expect(two.result.deployment?.predictedAddress).toBe(two.result.deployment?.address);
});

describe('what would do harm is refused before anything is sent, with the place', () => {
  const unsafe: [string, string, string][] = [
    [
      'constructor-has-effects',
      box(`uint256 public value; constructor() { value = 1; } ${initialize} ${authorize}`),
      'Box.sol:',
    ],
    [
      'initial-value',
      box(`uint256 public value = 5; ${lock} ${initialize} ${authorize}`),
      'value gets its value',
    ],
    [
      'immutable-variable',
      box(`uint256 public value; uint256 immutable rate = 2; ${lock} ${initialize} ${authorize}`),
      'rate is immutable',
    ],
    [
      'delegates',
      box(
        `uint256 public value; ${lock} ${initialize} ${authorize} function run(address a) external onlyOwner { (bool ok,) = a.delegatecall(""); require(ok); }`,
      ),
      'Box.run runs code',
    ],
    [
      'delegates',
      box(
        `uint256 public value; ${lock} ${initialize} ${authorize} function run(address a) external onlyOwner { assembly { pop(delegatecall(gas(), a, 0, 0, 0, 0)) } }`,
      ),
      'Box.run runs code',
    ],
    [
      'destroys-itself',
      box(
        `uint256 public value; ${lock} ${initialize} ${authorize} function end() external onlyOwner { _end(); } function _end() private { selfdestruct(payable(msg.sender)); }`,
      ),
      'Box._end can destroy',
    ],
    [
      'delegates',
      `${head}abstract contract Hooked { function run(address a) external { _hook(a); } function _hook(address) internal virtual; }
      contract Box is OwnableUpgradeable, UUPSUpgradeable, Hooked { uint256 public value; ${lock} ${initialize} ${authorize}
      function _hook(address a) internal override { (bool ok,) = a.delegatecall(""); require(ok); } }`,
      'Box._hook runs code',
    ],
    [
      'upgrade-function-missing',
      `${head}contract Box is OwnableUpgradeable { uint256 public value; ${lock} ${initialize} }`,
      'no public upgradeToAndCall',
    ],
  ];
  test.each(unsafe)('%s', async (code, source, words) => {
    const refused = deploy('uups', source);
    await expect(refused).rejects.toMatchObject({
      code: 'upgrade-unsafe',
      issues: expect.arrayContaining([
        expect.objectContaining({ code, message: expect.stringContaining(words) }),
      ]),
    });
  });

  test('unless a comment lets it pass; one that anybody can initialise is warned of', async () => {
    const allowed = box(
      `uint256 public value; /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
      uint256 immutable rate = 2; ${initialize} ${authorize}`,
    );
    const job = await deploy('uups', allowed);
    expect(job.error).toBeNull();
    expect(job.result.deployment?.warnings).toEqual([expect.stringContaining('_disableInitializers()')]);
  });

  test('a compiler that does not say how it stores is no pass', async () => {
    const old =
      'pragma solidity ^0.4.24; contract Box { uint256 public value; function initialize(uint256 v) public { value = v; } }';
    await expect(deploy('transparent', old)).rejects.toMatchObject({
      code: 'storage-layout-missing',
    });
  });

  test('values of immutables and the older lock may stand in a constructor', async () => {
    const set = box(
      `uint256 public value; /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
      uint256 immutable rate; constructor(uint256 given) initializer { rate = given; } ${initialize} ${authorize}`,
    );
    const job = await deploy('uups', set, { constructorArgs: [3] });
    expect(job.error).toBeNull();
    expect(job.result.deployment?.warnings).toEqual([]);
  });

  test('an upgrade that moves what is stored', async () => {
    const { result } = await deploy('uups');
    const moved = box(`uint256 public added; uint256 public value; ${lock} ${initialize} ${authorize}`);
    await expect(upgrade(result.deployment?.id ?? '', moved)).rejects.toMatchObject({
      code: 'upgrade-unsafe',
      issues: [
        {
          code: 'storage-moved',
          message: expect.stringContaining('value was at slot 0 and is at slot 1 now'),
        },
      ],
    });
  });

  test('a dry run, what is no proxy, and a call by a beacon', async () => {
    await expect(deploy('uups', first, { dryRun: true })).rejects.toMatchObject({
      code: 'proxy-not-simulated',
    });
    const plain = await user.client.call('POST /api/v1/contracts/deploy', {
      body: { buildId: await build(first), network: 'local' },
      waitSeconds: 60,
    });
    await expect(upgrade(plain.subjectId, second)).rejects.toMatchObject({ code: 'not-a-proxy' });
    const { subjectId } = await deploy('beacon');
    const call = { function: 'migrate', args: [1] };
    await expect(upgrade(subjectId, second, { call })).rejects.toMatchObject({
      code: 'beacon-calls-nothing',
    });
  });
});

test('an initialiser that reverts spends nothing on the proxy, and says why by the errors of the implementation', async () => {
  const picky = box(`error TooMuch(uint256 given); uint256 public value; ${lock} ${authorize}
    function initialize(uint256 given) external initializer { if (given > 40) revert TooMuch(given); value = given; }`);
  const job = await deploy('uups', picky);
  expect(job).toMatchObject({ state: 'failed', error: { code: 'constructor-reverted' } });
  expect(job.error?.message).toContain('TooMuch(41)');
});

test('who may not upgrade spends nothing, and the proxy stays as it is', async () => {
  const other = `0x${'5'.repeat(40)}`;
  const proxy = { kind: 'transparent', initialize: { function: 'initialize', args: [41] }, owner: other };
  const job = await deploy('transparent', first, { proxy });
  expect(job.error).toBeNull();
  const done = await upgrade(job.subjectId, second);
  expect(done).toMatchObject({ state: 'failed', error: { code: 'call-would-revert' } });
  expect(done.error?.message).toContain('OwnableUnauthorizedAccount');
  await expect(read(job.subjectId, 'sum')).rejects.toMatchObject({ code: 'function-unknown' });
});

test('what needs an implementation that failed is not begun', async () => {
  const large = box(
    `uint256 public value; ${initialize} ${authorize} ${lock} function f() external pure { revert(); }`,
  );
  const job = await deploy('uups', large, { feeCaps: { maxFeePerGas: '1' } });
  expect(job).toMatchObject({ state: 'failed', error: { code: 'needed-deployment-failed' } });
  expect(job.result.deployment).toMatchObject({ status: 'failed', transactionHash: null });
});

test('the command line deploys and upgrades; the job of a proxy is asked for anew, not retried', async () => {
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const words = [
    'deploy',
    await build(first),
    '--network',
    'local',
    '--proxy',
    'uups',
    '--init-args',
    '[40]',
    '--json',
  ];
  const deployed = await runSlipway(words, { env });
  expect(deployed.stderr).toBe('');
  const { deployment } = JSON.parse(deployed.stdout);
  expect(deployment).toMatchObject({ status: 'confirmed', proxy: { kind: 'uups' } });
  const more = ['--call', 'migrate', '--call-args', '[2]', '--json'];
  const upgraded = await runSlipway(['upgrade', deployment.id, await build(second), ...more], { env });
  expect(upgraded.stderr).toBe('');
  expect(await read(deployment.id, 'sum')).toEqual({ 0: '42' });
  const none = await runSlipway([...words.slice(0, 6), '--no-initialize', '--json'], { env });
  expect(none.code).toBe(0);
  const failed = await deploy('uups', first, {
    proxy: { kind: 'uups', initialize: { function: 'initialize', args: [1] } },
    feeCaps: { maxFeePerGas: '1' },
  });
  const retry = user.client.call('POST /api/v1/jobs/:id/retry', { params: { id: failed.id } });
  expect(failed.state).toBe('failed');
  await expect(retry).rejects.toMatchObject({ code: 'job-kind-not-retryable' });
});

describe('a proxy that was upgraded elsewhere', () => {
  const third = box(
    `uint256 public value; uint256 public added; uint256 public more; ${lock} ${initialize} ${authorize}`,
  );

  /** @returns the proxy's deployment, behind which somebody has put the second implementation */
  async function upgradedElsewhere(kind: 'uups' | 'beacon'): Promise<{ id: string; code: string }> {
    const { subjectId: id } = await deploy(kind);
    const other = await deploy(kind, second);
    const there = await user.client.call('GET /api/v1/deployments/:id', {
      params: { id: other.result.deployment?.implementationId ?? '' },
    });
    const code = there.address ?? '';
    const { from, address, proxy } = await user.client.call('GET /api/v1/deployments/:id', {
      params: { id },
    });
    const beacon = await user.client.call('GET /api/v1/deployments/:id', {
      params: { id: proxy?.beaconId ?? id },
    });
    const data =
      kind === 'uups'
        ? encodeFunctionData({
            abi: parseAbi(['function upgradeToAndCall(address, bytes)']),
            args: [code as `0x${string}`, '0x'],
          })
        : encodeFunctionData({
            abi: parseAbi(['function upgradeTo(address)']),
            args: [code as `0x${string}`],
          });
    await anvil.rpc('anvil_impersonateAccount', [from]);
    const to = kind === 'uups' ? address : beacon.address;
    const hash = await anvil.rpc('eth_sendTransaction', [{ from, to, data }]);
    const receipt = () => anvil.rpc('eth_getTransactionReceipt', [hash]);
    await vi.waitFor(async () => expect(await receipt()).toMatchObject({ status: '0x1' }));
    // The signer's next nonce is taken over, as it is when the reconciler comes by.
    const { signerId } = await user.client.call('GET /api/v1/deployments/:id', { params: { id } });
    await user.client.call('POST /api/v1/signers/:id/reconcile', { params: { id: signerId } });
    return { id, code };
  }

  test.each(['uups', 'beacon'] as const)('is compared with what stands there now: %s', async (kind) => {
    const { id, code } = await upgradedElsewhere(kind);
    // Compared with the first implementation, this one would pass and lose what the second one has stored.
    await expect(upgrade(id, first)).rejects.toMatchObject({
      code: 'implementation-changed',
      place: { pointer: '/current' },
      data: { actual: code },
    });
    const current = { buildId: await build(first) };
    await expect(upgrade(id, third, { current })).rejects.toMatchObject({ code: 'current-differs' });
    current.buildId = await build(second);
    await expect(upgrade(id, first, { current })).rejects.toMatchObject({ code: 'upgrade-unsafe' });
    const done = await upgrade(id, third, { current });
    expect(done.error).toBeNull();
    expect(await read(id, 'more')).toEqual({ 0: '0' });
  });
});

test('two upgrades at once: one is made', async () => {
  const { subjectId } = await deploy('uups');
  const buildId = await build(second);
  const ask = () =>
    user.client.call('POST /api/v1/deployments/:id/upgrade', {
      params: { id: subjectId },
      body: { buildId },
    });
  const asked = await Promise.allSettled([ask(), ask(), ask()]);
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of asked)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'upgrade-under-way' });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Calls that change something, by transactions of the same machine as deployments, on a chain that does as it is told. */
const source = `pragma solidity ^0.8.20;
contract Bell { event Rung(uint256 times); function ring() external { emit Rung(1); } }
contract Pot {
  struct Note { uint256 id; string text; }
  event Filled(address indexed by, uint256 amount, Note note);
  error NotBefore(uint256 block);
  Bell public bell = new Bell();
  uint256 public filled;
  uint256 public opens;
  function fill(Note calldata note) external payable { filled += msg.value; emit Filled(msg.sender, msg.value, note); }
  function ring() external { bell.ring(); }
  function open() external { if (opens > 0) revert NotBefore(opens); opens = block.number; }
  function loud(uint256 times) external { for (uint256 i; i < times; i++) bell.ring(); }
}`;
let anvil: Anvil;
let platform: TestPlatform;
let user: TestUser;
let id: string;
let pot: string;
let from: string;
let chainLevel: string;

beforeAll(async () => {
  anvil = await startAnvil();
  platform = await startPlatform({ env: { SLIPWAY_RPC_LOCAL: anvil.url } });
  user = await platform.register();
  const { result } = await user.client.call('POST /api/v1/pipelines', {
    body: {
      compile: { sources: { 'Pot.sol': source } },
      deploy: { network: 'local', commit: '0123abcd' },
    },
    waitSeconds: 60,
  });
  expect(result.deployment).toMatchObject({ status: 'confirmed', call: null, commit: '0123abcd' });
  id = result.deployment?.id ?? '';
  pot = result.deployment?.address ?? '';
  from = result.deployment?.from ?? '';
});
afterAll(async () => {
  await platform.stop();
  await anvil.stop();
});

const send = (name: string, args?: unknown[], more: object = {}) =>
  user.client.call('POST /api/v1/deployments/:id/transactions', {
    params: { id },
    body: { function: name, ...(args ? { args } : {}), ...more },
    waitSeconds: 60,
  });

/** Writes the slot of `opens`. */
const setOpens = (value: number) =>
  anvil.rpc('anvil_setStorageAt', [pot, `0x${'0'.repeat(63)}2`, `0x${value.toString(16).padStart(64, '0')}`]);

const read = async (name: string) =>
  (await user.client.call('POST /api/v1/deployments/:id/call', { params: { id }, body: { function: name } }))
    .result;

describe('a call that is sent', () => {
  test('is confirmed with its events, and changed what it was to change', async () => {
    const job = await send('fill', [{ id: 7, text: 'rent' }], { value: '250' });
    expect(job).toMatchObject({ kind: 'deploy', state: 'succeeded' });
    const { deployment } = job.result;
    expect(deployment).toMatchObject({
      ...{ status: 'confirmed', address: null, predictedAddress: null, source: null, codeMatches: null },
      contract: { name: 'Pot' },
      call: {
        ...{ deploymentId: id, to: pot, function: 'fill((uint256,string))', value: '250' },
        args: [{ id: 7, text: 'rent' }],
        events: {
          list: [
            {
              ...{ address: pot, event: 'Filled' },
              args: { by: from, amount: '250', note: { id: '7', text: 'rent' } },
            },
          ],
          leftOut: 0,
        },
      },
    });
    expect(await read('filled')).toEqual({ 0: '250' });
    const mined = await anvil.rpc<{ to: string }>('eth_getTransactionByHash', [deployment?.transactionHash]);
    expect(mined.to.toLowerCase()).toBe(pot.toLowerCase());
  });

  test('shows what other contracts logged as it stands in the block', async () => {
    const { result } = await send('ring');
    const [event] = result.deployment?.call?.events?.list ?? [];
    expect(event).toMatchObject({ event: null, args: {}, data: `0x${'0'.repeat(63)}1` });
    expect(event?.address).not.toBe(pot);
    expect(event?.topics).toHaveLength(1);
  });

  test('keeps 200 events and says how many more there were', async () => {
    const { result } = await send('loud', [203]);
    const events = result.deployment?.call?.events;
    expect([events?.list.length, events?.leftOut]).toEqual([200, 3]);
  });

  test('is estimated only, where that is asked for', async () => {
    const before = await read('filled');
    const { state, result } = await send('fill', [[1, 'dry']], { value: '9', dryRun: true });
    expect(state).toBe('succeeded');
    expect(result.deployment).toMatchObject({ status: 'estimated', transactionHash: null, nonce: null });
    expect(await read('filled')).toEqual(before);
  });
});

test('it is found under its contract, newest first, and not among the deployments', async () => {
  const list = (given: string) =>
    user.client.call('GET /api/v1/deployments/:id/transactions', { params: { id: given }, query: {} });
  const { items } = await list(id);
  expect(items.map(({ call }) => call?.function)).toEqual([
    ...['fill((uint256,string))', 'loud(uint256)', 'ring()', 'fill((uint256,string))'],
  ]);
  expect((await list(items[0]?.id ?? '')).items).toEqual([]);
  const deployments = await user.client.call('GET /api/v1/deployments', { query: {} });
  expect(deployments.items.map((item) => item.id)).toEqual([id]);
  const one = await user.client.call('GET /api/v1/deployments/:id', { params: { id: items[0]?.id ?? '' } });
  expect(one).toEqual(items[0]);
});

describe('before anything is spent', () => {
  test('a revert ends it, with the reason by the errors of the contract', async () => {
    expect(await send('open')).toMatchObject({ state: 'succeeded' });
    const { 0: opened } = await read('opens');
    const job = await send('open');
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'call-would-revert', message: `open() would revert: NotBefore(${opened})` },
      result: { deployment: { status: 'failed', transactionHash: null, costWei: null } },
    });
    // Tried anew it is the same call, and one line of retries.
    const again = await user.client.call('POST /api/v1/jobs/:id/retry', {
      params: { id: job.id },
      waitSeconds: 60,
    });
    expect(again).toMatchObject({ state: 'failed', error: { code: 'call-would-revert' } });
    expect(again.result.deployment?.call).toMatchObject({ deploymentId: id, function: 'open()' });
  });

  test('what cannot be sent is refused at once', async () => {
    await expect(send('filled')).rejects.toMatchObject({ code: 'function-reads-only' });
    await expect(send('ring', [], { value: '1' })).rejects.toMatchObject({ code: 'function-not-payable' });
    await expect(send('ring', [1])).rejects.toMatchObject({ code: 'function-arguments-invalid' });
    await expect(send('rign')).rejects.toMatchObject({ code: 'function-unknown' });
    await expect(send('ring', [], { signer: 'nobody' })).rejects.toMatchObject({ code: 'unknown-signer' });
    expect(await send('ring', [], { value: '0', dryRun: true })).toMatchObject({ state: 'succeeded' });
  });

  test('more than the signer may spend is refused, and nothing is sent', async () => {
    const { items } = await user.client.call('GET /api/v1/signers');
    const params = { id: items[0]?.id ?? '' };
    const body = { spendPerDay: '1' };
    await user.client.call('PUT /api/v1/signers/:id/policy', { params, body });
    const job = await send('ring');
    expect(job).toMatchObject({ state: 'failed', error: { code: 'signer-spend-limit' } });
    await user.client.call('PUT /api/v1/signers/:id/policy', { params, body: {} });
  });

  test('a contract that is gone gets nothing', async () => {
    const code = await anvil.rpc<string>('eth_getCode', [pot, 'latest']);
    await anvil.rpc('anvil_setCode', [pot, '0x']);
    expect(await send('fill', [[1, 'lost']], { value: '5' })).toMatchObject({
      state: 'failed',
      error: { code: 'contract-not-there' },
    });
    await anvil.rpc('anvil_setCode', [pot, code]);
    expect(await anvil.rpc('eth_getBalance', [pot, 'latest'])).toBe('0xfa');
  });
});

describe('on the chain', () => {
  test('a revert that nobody saw coming is told with its reason and cost', async () => {
    await setOpens(0);
    await anvil.rpc('evm_setAutomine', [false]);
    const id = await begin('open');
    await untilSent([id]);
    await setOpens(7);
    await anvil.rpc('evm_setAutomine', [true]);
    await anvil.rpc('evm_mine', []);
    const reverted = await untilEnded(id);
    expect(reverted).toMatchObject({ status: 'reverted', error: { code: 'call-reverted-on-chain' } });
    expect(reverted.error?.message).toContain('NotBefore(7)');
    expect(BigInt(reverted.costWei ?? 0)).toBeGreaterThan(0n);
  });

  test('it is cancelled by an empty transaction while nothing is mined', async () => {
    const before = await read('filled');
    await anvil.rpc('evm_setAutomine', [false]);
    const job = await begin('fill', [[2, 'late']], { value: '1000' });
    await untilSent([job]);
    await user.client.call('POST /api/v1/deployments/:id/cancel', { params: { id: job } });
    await expect
      .poll(async () => (await show(job)).attempts.length, { timeout: 20_000, interval: 100 })
      .toBe(2);
    await anvil.rpc('evm_setAutomine', [true]);
    await anvil.rpc('evm_mine', []);
    expect(await untilEnded(job)).toMatchObject({ status: 'cancelled', call: { events: null } });
    expect(await read('filled')).toEqual(before);
  });

  test('a block that is taken back takes its events along, and the same bytes are mined again', async () => {
    chainLevel = await anvil.rpc<string>('evm_snapshot', []);
    const { result } = await send('fill', [[3, 'twice']], { value: '11' });
    const first = result.deployment;
    await anvil.rpc('evm_revert', [chainLevel]);
    await anvil.rpc('evm_mine', []);
    await expect
      .poll(async () => (await show(first?.id ?? '')).blockHash, { timeout: 30_000, interval: 200 })
      .not.toBe(first?.blockHash);
    const again = await untilEnded(first?.id ?? '');
    expect(again).toMatchObject({ status: 'confirmed', transactionHash: first?.transactionHash });
    expect(again.call?.events?.list).toMatchObject([{ event: 'Filled', args: { amount: '11' } }]);
  });
});

test('what only a contract has is refused for a call, by name', async () => {
  const { items } = await user.client.call('GET /api/v1/deployments/:id/transactions', {
    params: { id },
    query: {},
  });
  const params = { id: items[0]?.id ?? '' };
  const refusal = { code: 'not-a-creation', hint: expect.stringContaining(id) };
  await expect(user.client.call('POST /api/v1/deployments/:id/verify', { params })).rejects.toMatchObject(
    refusal,
  );
  await expect(user.client.call('GET /api/v1/deployments/:id/provenance', { params })).rejects.toMatchObject(
    refusal,
  );
  await expect(
    user.client.call('POST /api/v1/deployments/:id/transactions', { params, body: { function: 'ring' } }),
  ).rejects.toMatchObject({ code: 'deployment-not-there' });
});

test('the command line sends it, prints its events and lists it', async () => {
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const words = ['send', id, 'fill', '--args', '[[4, "from a shell"]]', '--value', '3'];
  const { code, stdout, stderr } = await runSlipway(words, { env });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain(`fill((uint256,string)) of ${pot}  confirmed on local`);
  expect(stdout).toMatch(/ {2}event {8}Filled \{"by":"0x\w+",.*"text":"from a shell"/);
  const list = await runSlipway(['deployments', 'transactions', id, '--limit', '1'], { env });
  expect(list.stdout).toMatch(/fill\(\(uint256,string\)\)\s+confirmed\s+0x/);
  const refused = await runSlipway(['send', id, 'filled'], { env });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('function-reads-only');
});

async function begin(name: string, args: unknown[] = [], more: object = {}): Promise<string> {
  const job = await user.client.call('POST /api/v1/deployments/:id/transactions', {
    params: { id },
    body: { function: name, args, ...more },
  });
  return job.subjectId;
}

const show = (given: string) => user.client.call('GET /api/v1/deployments/:id', { params: { id: given } });

async function untilSent(ids: string[]): Promise<void> {
  await expect
    .poll(async () => (await Promise.all(ids.map(show))).map(({ status }) => status), { timeout: 20_000 })
    .toEqual(ids.map(() => 'broadcast'));
}

async function untilEnded(given: string) {
  const open = ['queued', 'preparing', 'signed', 'broadcast', 'mined'];
  await expect.poll(async () => open.includes((await show(given)).status), { timeout: 30_000 }).toBe(false);
  return show(given);
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Reading from a contract that the platform deployed. */
const source = `pragma solidity ^0.8.20;
contract Ledger {
  struct Entry { address who; uint256 amount; string[] notes; }
  error TooMuch(uint256 asked, uint256 most);
  uint256 public total = 2 ** 255;
  int32 public small = -7;
  mapping(address => uint256) public balanceOf;
  constructor() { balanceOf[msg.sender] = 10 ** 24; }
  function entry(uint256 id) external view returns (Entry memory found, bool known) {
    found.who = msg.sender; found.amount = id; found.notes = new string[](1); found.notes[0] = "first"; known = id > 1;
  }
  function take(uint256 amount) external returns (uint256 left) {
    if (amount > 5) revert TooMuch(amount, 5);
    total -= amount; return total;
  }
  function sum(uint8[] calldata all) external pure returns (uint256 s) { for (uint i = 0; i < all.length; i++) s += all[i]; }
  function sum(uint256 a, uint256 b) external pure returns (uint256) { return a + b; }
  function fails() external pure { require(false, "never"); }
}`;
let platform: TestPlatform;
let user: TestUser;
let id: string;
let from: string;

beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: { compile: { sources: { 'Ledger.sol': source } }, deploy: { network: 'local' } },
    waitSeconds: 60,
  });
  id = pipeline.result.deployment?.id ?? '';
  from = pipeline.result.deployment?.from ?? '';
  expect(pipeline.state).toBe('succeeded');
});
afterAll(() => platform.stop());

const call = (name: string, args?: unknown[] | Record<string, unknown>, more: object = {}) =>
  user.client.call('POST /api/v1/deployments/:id/call', {
    params: { id },
    body: { function: name, ...(args ? { args } : {}), ...more },
  });

describe('results', () => {
  test('are plain JSON: integers of any size as decimal strings', async () => {
    expect(await call('total')).toEqual({
      function: 'total()',
      readsOnly: true,
      result: { 0: (2n ** 255n).toString() },
      raw: `0x8${'0'.repeat(63)}`,
    });
    expect((await call('small')).result).toEqual({ 0: '-7' });
    expect((await call('balanceOf', [from])).result).toEqual({ 0: (10n ** 24n).toString() });
  });

  test('are named, tuples and arrays inside too; the caller is the signer unless another is named', async () => {
    expect((await call('entry', { id: 3 })).result).toEqual({
      found: { who: from, amount: '3', notes: ['first'] },
      known: true,
    });
    const other = `0x${'ab'.repeat(20)}`;
    const { result } = await call('entry', ['1'], { from: other });
    expect(result).toMatchObject({ known: false });
    expect(String((result['found'] as { who: string }).who).toLowerCase()).toBe(other);
  });

  test('of a function that would change something change nothing', async () => {
    expect(await call('take', [5])).toMatchObject({
      readsOnly: false,
      result: { left: (2n ** 255n - 5n).toString() },
    });
    expect((await call('total')).result).toEqual({ 0: (2n ** 255n).toString() });
  });

  test('are those of the block that is asked for', async () => {
    await expect(call('total', [], { block: 0 })).rejects.toMatchObject({ code: 'call-unreadable' });
  });
});

describe('what is refused', () => {
  test('a revert says why, by the errors of the contract', async () => {
    await expect(call('take', [6])).rejects.toMatchObject({
      code: 'call-reverted',
      message: 'take(uint256) reverts: TooMuch(6, 5)',
    });
    await expect(call('fails')).rejects.toMatchObject({ message: 'fails() reverts: never' });
  });

  test('an unknown function, one of several, and arguments that do not fit', async () => {
    await expect(call('totl')).rejects.toMatchObject({
      code: 'function-unknown',
      message: 'The contract has no function totl. Did you mean total?',
    });
    await expect(call('sum', [1, 2])).rejects.toMatchObject({
      code: 'function-ambiguous',
      hint: 'Name one by its signature: sum(uint8[]), sum(uint256,uint256).',
    });
    expect((await call('sum(uint256, uint256)', [1, 2])).result).toEqual({ 0: '3' });
    expect((await call('sum(uint8[])', [[1, 2, 3]])).result).toEqual({ s: '6' });
    await expect(call('sum(uint8[])', [[1, 300]])).rejects.toMatchObject({
      code: 'function-arguments-invalid',
      issues: [{ pointer: '/args/0/1', code: 'integer-out-of-range' }],
    });
  });

  test("a stranger's contract", async () => {
    const stranger = await platform.register();
    await expect(
      stranger.client.call('POST /api/v1/deployments/:id/call', {
        params: { id },
        body: { function: 'total' },
      }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('the command line prints it', async () => {
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const { code, stdout, stderr } = await runSlipway(['call', id, 'entry', '--args', '[2]'], { env });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toBe(`found  {"who":"${from}","amount":"2","notes":["first"]}\nknown  true\n`);
});

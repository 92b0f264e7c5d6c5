import {
  type AbiFunction,
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
} from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../../test/support/anvil.ts';
import { startCompiler } from '../start-compiler.ts';
import type { Compiler } from '../types.ts';

let anvil: Anvil;
let compiler: Compiler;
beforeAll(async () => {
  [anvil, compiler] = await Promise.all([
    startAnvil({ args: ['--disable-code-size-limit'] }),
    startCompiler(),
  ]);
});
afterAll(async () => {
  await Promise.all([anvil.stop(), compiler.close()]);
});

interface Reply {
  result?: Hex | { contractAddress: Hex };
  error?: { message: string; data?: Hex };
}

async function rpc(method: string, params: unknown[]): Promise<Reply> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  return (await fetch(anvil.url, { method: 'POST', headers, body })).json() as Promise<Reply>;
}

/** Compiles and deploys a contract, and returns how to call it: the answer, or the message of a revert. */
async function deploy(source: string) {
  const outcome = await compiler.compile(compiler.prepare({ sources: { 'A.sol': source }, contract: 'A' }));
  expect(outcome.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const artifact = outcome.artifacts.find(({ contract }) => contract === 'A');
  const { result: accounts } = await rpc('eth_accounts', []);
  const from = (accounts as unknown as Hex[])[0];
  const data = artifact?.creationBytecode;
  const sent = await rpc('eth_sendTransaction', [{ from, data, gas: '0x1c9c380' }]);
  let to: Hex | undefined;
  while (to === undefined) {
    const { result } = await rpc('eth_getTransactionReceipt', [sent.result]);
    to = (result as { contractAddress: Hex } | null)?.contractAddress;
  }
  const abi = (artifact?.abi ?? []) as unknown as AbiFunction[];

  return async (functionName: string, args: unknown[] = []): Promise<unknown> => {
    const call = { to, data: encodeFunctionData({ abi, functionName, args }), gas: '0x1c9c380' };
    const reply = await rpc('eth_call', [call, 'latest']);
    if (reply.error?.data) return decodeErrorResult({ data: reply.error.data }).args?.[0];
    return decodeFunctionResult({ abi, functionName, data: reply.result as Hex });
  };
}

describe('assertions of forge-std', () => {
  /** Statement → the message with which it ends; nothing where it holds. */
  const statements: [string, string | undefined][] = [
    ['assertTrue(true)', undefined],
    ['assertTrue(false)', 'assertion failed'],
    ['assertFalse(true, "why")', 'why'],
    ['assertEq(uint256(1), 1)', undefined],
    ['assertEq(uint256(1), 2)', 'assertion failed: 1 != 2'],
    ['assertEq(uint256(1), 2, "sum")', 'sum: 1 != 2'],
    ['assertEq(int256(-1), 1)', 'assertion failed: -1 != 1'],
    [
      'assertEq(type(int256).min, 0)',
      'assertion failed: -57896044618658097711785492504343953926634992332820282019728792003956564819968 != 0',
    ],
    ['assertEq(true, false)', 'assertion failed: true != false'],
    [
      'assertEq(address(1), address(0xabc))',
      'assertion failed: 0x0000000000000000000000000000000000000001 != 0x0000000000000000000000000000000000000abc',
    ],
    [
      'assertEq(bytes32(uint256(1)), bytes32(0))',
      `assertion failed: 0x${'0'.repeat(63)}1 != 0x${'0'.repeat(64)}`,
    ],
    ['assertEq(string("a"), string("b"))', 'assertion failed: a != b'],
    ['assertEq(string("a"), string("a"))', undefined],
    ['assertEq(bytes(hex"01ff"), bytes(hex""))', 'assertion failed: 0x01ff != 0x'],
    ['assertEq(list(1, 2), list(1, 2))', undefined],
    ['assertEq(list(1, 2), list(1, 3))', 'assertion failed: [1, 2] != [1, 3]'],
    ['assertEq(new string[](1), new string[](0), "lists")', 'lists: [] != []'],
    ['assertNotEq(uint256(3), 3)', 'assertion failed: 3 == 3'],
    ['assertNotEq(uint256(3), 4)', undefined],
    ['assertEqDecimal(uint256(1500), 1501, 3)', 'assertion failed: 1.500 != 1.501'],
    ['assertEqDecimal(int256(-5), 5, 2, "cents")', 'cents: -0.05 != 0.05'],
    ['assertEqDecimal(uint256(7), 8, 0)', 'assertion failed: 7 != 8'],
    ['assertLt(uint256(2), 1)', 'assertion failed: 2 >= 1'],
    ['assertLt(int256(-2), -1)', undefined],
    ['assertGt(uint256(1), 1)', 'assertion failed: 1 <= 1'],
    ['assertLe(uint256(2), 1)', 'assertion failed: 2 > 1'],
    ['assertGe(int256(-2), -1)', 'assertion failed: -2 < -1'],
    ['assertGeDecimal(uint256(1), 10, 1)', 'assertion failed: 0.1 < 1.0'],
    ['assertApproxEqAbs(uint256(10), 13, 3)', undefined],
    ['assertApproxEqAbs(uint256(10), 13, 2)', 'assertion failed: 10 !~= 13 (max delta: 2, real delta: 3)'],
    ['assertApproxEqAbs(int256(-1), 2, 2)', 'assertion failed: -1 !~= 2 (max delta: 2, real delta: 3)'],
    ['assertApproxEqRel(uint256(95), 100, 0.05e18)', undefined],
    [
      'assertApproxEqRel(uint256(94), 100, 0.05e18)',
      'assertion failed: 94 !~= 100 (max delta: 5.00%, real delta: 6.00%)',
    ],
    ['assertApproxEqRel(uint256(1), 0, 0.05e18)', 'assertion failed: 1 != 0'],
    ['fail()', 'assertion failed'],
    ['fail("here")', 'here'],
    ['console.log("a", 1, true, address(1))', undefined],
  ];

  test('end a pure function with what is wrong, and no cheatcode is needed', async () => {
    const functions = statements.map(([what], index) => `function f${index}() external pure { ${what}; }`);
    const call = await deploy(`pragma solidity ^0.8.20; import {Test, console} from "forge-std/Test.sol";
      contract A is Test {
        function list(uint256 a, uint256 b) private pure returns (uint256[] memory all) {
          all = new uint256[](2); (all[0], all[1]) = (a, b);
        }
        ${functions.join('\n')}
      }`);
    for (const [index, [what, message]] of statements.entries())
      expect([what, await call(`f${index}`)]).toEqual([what, message]);
  });
});

describe('helpers of forge-std', () => {
  const max = 2n ** 256n - 1n;

  test('bound keeps what is inside, meets the ends, and goes round outside', async () => {
    const call = await deploy(`pragma solidity ^0.8.20; import {StdUtils} from "forge-std/StdUtils.sol";
      contract A is StdUtils {
        function unsigned(uint256 x, uint256 a, uint256 b) external pure returns (uint256) { return bound(x, a, b); }
        function signed(int256 x, int256 a, int256 b) external pure returns (int256) { return _bound(x, a, b); }
      }`);
    const cases: [bigint, bigint, bigint, bigint][] = [
      [5n, 1n, 10n, 5n],
      [1n, 1n, 10n, 1n],
      [10n, 1n, 10n, 10n],
      [0n, 100n, 200n, 100n],
      [3n, 100n, 200n, 103n],
      [max, 100n, 200n, 200n],
      [max - 3n, 100n, 200n, 197n],
      [11n, 1n, 10n, 1n],
      [21n, 1n, 10n, 1n],
      [30n, 1n, 10n, 10n],
      [50n, 100n, 200n, 151n],
      [7n, 9n, 9n, 9n],
      [max, 0n, max, max],
    ];
    for (const [x, low, high, expected] of cases)
      expect([x, await call('unsigned', [x, low, high])]).toEqual([x, expected]);
    expect(await call('unsigned', [1n, 3n, 2n])).toBe('StdUtils bound: max is less than min');
    expect(await call('signed', [-5n, -10n, 10n])).toBe(-5n);
    expect(await call('signed', [11n, -10n, 10n])).toBe(-10n);
    const lowest = -(2n ** 255n);
    expect(await call('signed', [lowest, -10n, 10n])).toBe(-10n);
    expect(await call('signed', [lowest, lowest, 10n])).toBe(lowest);
  });

  test('distances, addresses and panics', async () => {
    const call = await deploy(`pragma solidity ^0.8.20; import "forge-std/Test.sol";
      contract A is Test {
        function abs(int256 x) external pure returns (uint256) { return stdMath.abs(x); }
        function delta(int256 x, int256 y) external pure returns (uint256) { return stdMath.delta(x, y); }
        function create2() external pure returns (address) {
          return computeCreate2Address(bytes32(0), keccak256(hex"00"), 0xdEADBEeF00000000000000000000000000000000);
        }
        function cheats() external pure returns (address) { return address(vm); }
        function sender() external pure returns (address) { return DEFAULT_SENDER; }
        function panic() external view returns (bool) {
          try this.divide(0) returns (uint256) { return false; }
          catch (bytes memory data) { return keccak256(data) == keccak256(stdError.divisionError); }
        }
        function divide(uint256 by) external pure returns (uint256) { return 1 / by; }
      }`);
    expect(await call('abs', [-(2n ** 255n)])).toBe(2n ** 255n);
    expect(await call('delta', [-(2n ** 255n), 2n ** 255n - 1n])).toBe(max);
    expect(await call('delta', [-7n, -2n])).toBe(5n);
    // An example of EIP-1014.
    expect(await call('create2')).toBe('0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3');
    expect(await call('cheats')).toBe('0x7109709ECfa91a80626fF3989D68f67F5b1DD12D');
    expect(await call('sender')).toBe('0x1804c8AB1F12E6bbf3894d4083f33e07309d1f38');
    expect(await call('panic')).toBe(true);
  });
});

test('a failed assertion of ds-test is remembered, and the test goes on', async () => {
  const call = await deploy(`pragma solidity ^0.8.20; import "ds-test/test.sol";
    contract A is DSTest {
      uint256 public steps;
      function bad() external returns (bool, uint256) {
        assertEq(uint256(1), 2, "sum"); steps++; assertTrue(false); steps++; assertEq(string("a"), "b"); steps++;
        return (failed(), steps);
      }
      function good() external returns (bool, bool) {
        assertEq(address(1), address(1)); assertNotEq(int256(1), -1); assertEq0(hex"01", hex"01");
        assertGeDecimal(uint256(2), 2, 18); assertEq32("a", "a");
        return (failed(), IS_TEST);
      }
    }`);
  expect(await call('bad')).toEqual([true, 3n]);
  expect(await call('good')).toEqual([false, true]);
});

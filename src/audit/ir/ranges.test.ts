import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { Compiler } from '../../solidity/types.ts';
import { exampleFile, unitOf } from '../test-support.ts';
import { buildProgram } from './program.ts';
import { runAll } from './runs.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

/** What `seen(value)` is given, each call as `min … max` in source order. */
async function seen(members: string, version = '^0.8.20'): Promise<string[]> {
  const source = `// SPDX-License-Identifier: MIT
pragma solidity ${version};
contract Probe {
${members}
function seen(uint256 value) internal {}
}
`;
  const unit = await unitOf(compiler, { [exampleFile]: source });
  const { entries, ranges } = runAll(buildProgram(unit));
  return entries
    .filter((entry) => entry.role === 'entry')
    .flatMap(({ visits }) => visits.calls)
    .flatMap(({ call, frame, state }) => {
      const value = call.kind === 'internal' && call.target.name === 'seen' ? call.arguments[0] : undefined;
      if (!value) return [];
      const { min, max } = ranges.of(value, frame, state.relations);
      return [`${min} … ${max >= 2n ** 256n - 1n ? 'all' : max}`];
    });
}

test('literals, constants, operations', async () => {
  const members = `uint256 constant BASE = 10_000; uint8 small;
    function f(uint8 a, uint256 b) external {
        seen(7); seen(BASE * 2 ** 100); seen(a); seen(uint256(a) * BASE); seen(b); seen(b % 10); seen(b & 255); seen(uint256(a) + 1);
        seen(b / 2 ** 250); seen(b >> 250); seen(a > 3 ? 5 : 9); seen(type(uint16).max); seen(msg.data.length % 4); seen(uint256(uint16(b)));
    }`;
  expect(await seen(members)).toEqual([
    '7 … 7',
    `${10_000n * 2n ** 100n} … ${10_000n * 2n ** 100n}`,
    '0 … 255',
    '0 … 2550000',
    '0 … all',
    '0 … 9',
    '0 … 255',
    '1 … 256',
    '0 … 63',
    '0 … 63',
    '5 … 9',
    '65535 … 65535',
    '0 … 3',
    '0 … 65535',
  ]);
});

test('comparisons on the way bound a value, in other functions and modifiers too, until it is written', async () => {
  const members = `uint256 limit; uint256 total;
    modifier below(uint256 v) { require(v < 100); _; }
    function check(uint256 v) internal pure { if (v < 5 || 50 <= v) revert(); }
    function f(uint256 a) external below(a) { seen(a); check(a); seen(a); }
    function g(uint256 a) external { if (a > 10) { seen(a); } else { seen(a); } seen(a); }
    function h(uint256 a) external { require(a <= 10); seen(a); a = a * 3; seen(a); a = msg.data.length; }
    function i(uint256 a) external { require(uint8(a) < 10); seen(a); seen(uint8(a)); }`;
  expect(await seen(members)).toEqual([
    '0 … 99',
    '5 … 49',
    '11 … all',
    '0 … 10',
    '0 … all',
    '0 … 10',
    '0 … all',
    '0 … all',
    '0 … 9',
  ]);
});

test('storage is bounded by all that is written to it', async () => {
  const members = `uint256 public fee = 30; uint256 public paid; uint256 public nothing; uint256 immutable most; uint256 open_;
    mapping(address => uint256) balances;
    constructor(uint256 m) { require(m <= 1 ether); most = m; }
    function setFee(uint256 f) external { require(f <= 500); fee = f; }
    function pay() external payable { paid += msg.value; }
    function set(uint256 o) external { open_ = o; }
    function give(address to, uint256 v) external { require(balances[msg.sender] >= v); balances[msg.sender] -= v; balances[to] += v; }
    function f() external { seen(fee); seen(paid / 2 ** 160); seen(nothing); seen(most); seen(open_); seen(balances[msg.sender]); }`;
  expect(await seen(members)).toEqual(['0 … 500', '0 … 1', '0 … 0', `0 … ${10n ** 18n}`, '0 … all', '0 … 0']);
});

test('what is counted one by one stays small; in a small type it does not', async () => {
  const members = `uint256 count; uint8 few;
    function f(uint256[] calldata list) external {
        count++; few += 1;
        for (uint256 i = 0; i < list.length; i++) { seen(i); }
        seen(count / 2 ** 65); seen(few);
    }`;
  expect(await seen(members)).toEqual([`0 … ${2n ** 40n - 1n}`, '0 … 0', '1 … 255']);
});

test('what is stored may be anything where assembly writes by slot', async () => {
  const members = `uint256 public fee = 30;
    function setSlot(uint256 v) external { assembly { sstore(0, v) } }
    function f() external { seen(fee); }`;
  expect(await seen(members)).toEqual(['0 … all']);
});

import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { isCompared } from '../ir/conditions.ts';
import { resolve } from '../ir/frames.ts';
import { rangeOfType } from '../ir/integers.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A conversion cuts off what the caller may have put there. */
export const unsafeDowncast: Detector = {
  id: 'unsafe-downcast',
  category: 'arithmetic',
  severity: 'medium',
  confidence: 'medium',
  title: 'A conversion to a smaller type cuts off digits',
  why: 'Solidity checks sums and products since 0.8, and not explicit conversions: `uint128(x)` silently keeps the lower half of x.',
  exploit:
    'The caller passes 2**128 + 1. The record says 1 while the full amount was checked or paid elsewhere, or the other way round.',
  fix: 'Use SafeCast of OpenZeppelin (`SafeCast.toUint128(x)`), or `require(x <= type(uint128).max)` before.',
  references: ['SWC-101', 'CWE-197', 'OWASP-SC08:2025', 'EEA-EthTrust: Safe Type Conversion'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Stake {
    mapping(address => uint128) public staked;
    mapping(address => int256) public change;
    function record(uint256 amount) external {
        _add(msg.sender, amount);
        change[msg.sender] += int256(amount); // <-- finding
    }
    function _add(address who, uint256 amount) private {
        staked[who] += uint128(amount); // <-- finding
    }
}
library Narrow {
    function to96(uint256 value) internal pure returns (uint96) {
        return uint96(value); // <-- finding
    }
}
contract Locker {
    using Narrow for uint256;
    mapping(address => uint96) public locked;
    function lock(uint256 amount) external {
        require(amount > 0, "nothing");
        locked[msg.sender] += amount.to96();
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Stake {
    mapping(address => uint128) public staked;
    uint64 public since;
    function record(uint256 amount) external payable {
        require(amount <= type(uint128).max, "too large");
        staked[msg.sender] += uint128(amount);
        since = uint64(block.timestamp);
        staked[msg.sender] += uint128(msg.value);
    }
    function low(uint256 word) external pure returns (uint128, uint128, uint8) {
        return (uint128(word & 0xffffffff), uint128(word >> 128), uint8(word % 10));
    }
    function toUint96(uint256 value) internal pure returns (uint96) {
        if (value > type(uint96).max) revert();
        return uint96(value);
    }
    function id(address who) external pure returns (uint160) { return uint160(who); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        if (call.kind !== 'conversion') continue;
        const value = call.arguments[0];
        if (!value || !loses(typeOf(value), typeOf(node))) continue;
        const range = runs.ranges.of(value, frame, state.relations);
        const target = rangeOfType(typeOf(node));
        if (!target || (range.min >= target.min && range.max <= target.max)) continue;
        const at = resolve(value, frame);
        const given = unwrap(value);
        if (given.nodeType === 'BinaryOperation' && /^(&|%|>>)$/.test(textOf(given, 'operator'))) continue;
        const taint = taintOf(value, frame);
        if (!hasBits(taint, from.parameter) || hasBits(taint, from.hash | from.time | from.external))
          continue;
        if (isCompared(value, frame, state) || isCompared(at.node, at.frame, state)) continue;
        // A limit keeps the privileged from large numbers, and is no help against negative ones.
        const isKnown = range.min < 0n && range.max !== rangeOfType(typeOf(value))?.max;
        if (runs.privileged(state) && !isKnown) continue;
        report({
          node,
          frame,
          ...(isKept(program, node) ? {} : { severity: 'low' as const }),
          message: `${run.entry.name} converts \`${codeOf(program, value, 40)}\`, which the caller chooses, to ${typeOf(node)} without a look at its size.`,
          note: range.min < 0n ? 'a negative number becomes a huge one here' : 'digits are cut off here',
        });
      }
    }
  },
};

/** What was cut off is counted or stored, not only used as a key or handed on. */
function isKept(program: Program, node: AstNode): boolean {
  for (let at = node, parent = program.parent(at); parent; at = parent, parent = program.parent(at)) {
    if (parent.nodeType === 'BinaryOperation') return /^[-+*/]$/.test(textOf(parent, 'operator'));
    if (parent.nodeType === 'Assignment') {
      const left = childOf(parent, 'leftHandSide');
      const names = left ? descendants(left, 'Identifier') : [];
      return names.some(
        (item) => program.stateVariable(referenceOf(item) ?? -1) || /storage/.test(typeOf(item)),
      );
    }
    if (parent.nodeType !== 'FunctionCall' && parent.nodeType !== 'TupleExpression') return false;
    if (
      parent.nodeType === 'FunctionCall' &&
      !/^(typeConversion|structConstructorCall)$/.test(textOf(parent, 'kind'))
    )
      return false;
  }
  return false;
}

/** @returns whether a value of one integer type may not fit the other */
function loses(fromType: string, toType: string): boolean {
  const [a, b] = [/^(u?)int(\d+)$/.exec(fromType), /^(u?)int(\d+)$/.exec(toType)];
  if (!a || !b) return false;
  const [wide, narrow] = [Number(a[2]), Number(b[2])];
  if (a[1] === b[1]) return narrow < wide;
  // uint256 → int256 turns large values negative; int → uint negative ones large.
  return a[1] === 'u' ? narrow <= wide : true;
}

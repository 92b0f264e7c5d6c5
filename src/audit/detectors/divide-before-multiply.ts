import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame, type Frame, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import type { Ranges } from '../ir/ranges.ts';
import { keyOf, literalValue } from '../ir/storage.ts';

/** A quotient is multiplied: what the division cut off is multiplied too. */
export const divideBeforeMultiply: Detector = {
  id: 'divide-before-multiply',
  category: 'arithmetic',
  severity: 'medium',
  confidence: 'medium',
  title: 'Division before multiplication',
  why: 'Integer division cuts off what is left over. A product of a quotient multiplies the loss, down to nothing for small amounts.',
  exploit:
    'Somebody splits what they owe into amounts so small that the division gives zero, and pays no fee; or loses interest that was earned.',
  fix: 'Multiply first and divide last: `amount * rate / base`, with `Math.mulDiv` where the product may not fit.',
  references: ['SWC-101', 'CWE-682', 'OWASP-SC08:2025', 'EEA-EthTrust: Handle Rounding'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fees {
    uint256 public rate = 25;
    function fee(uint256 amount) external view returns (uint256) {
        return amount / 10_000 * rate; // <-- finding
    }
    function share(uint256 amount, uint256 total, uint256 pot) external pure returns (uint256) {
        uint256 part = amount / total;
        return part * pot; // <-- finding
    }
}
`,
    `pragma solidity ^0.5.17;
library SafeMath {
    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) { if (a == 0) return 0; c = a * b; require(c / a == b); }
    function div(uint256 a, uint256 b) internal pure returns (uint256) { require(b > 0); return a / b; }
}
contract Interest {
    using SafeMath for uint256;
    function due(uint256 amount, uint256 since) public view returns (uint256) {
        uint256 points = uint256(500).mul(block.timestamp - since).div(365 days);
        return amount.mul(points).div(10000); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fees {
    uint256 public rate = 25;
    function fee(uint256 amount) external view returns (uint256) { return amount * rate / 10_000; }
    function roundDown(uint256 amount, uint256 step) external pure returns (uint256) { return amount / step * step; }
    function periods(uint256 since) external view returns (uint256) { return (block.timestamp - since) / 1 days * rate; }
    function worth(uint256 amount, uint256 price) external pure returns (uint256) { return amount * price / 1e18 * 95; }
    function limit(uint256 amount, uint256 price, uint8 decimals) external view returns (uint256) { return amount * price / 10 ** decimals * rate / 10_000; }
    uint256 constant FEE = 0.3 ether;
    function unearned(uint256 votes) external pure returns (uint256) { return FEE / 3 * (3 - votes); } // <-- guard: function unearned(uint256 votes) external pure returns (uint256) { return FEE / 7 * (3 - votes); }
    function half(uint256 amount) external pure returns (uint256) { return amount * (10 ether / 2); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation', 'FunctionCall')) {
        const [left, right] = operandsOf(program, node, '*') ?? [];
        if (!left || !right) continue;
        const { ranges } = runs;
        const loses =
          losesRemainder(ranges, left, right, frame) ?? losesRemainder(ranges, right, left, frame);
        if (!loses) continue;
        report({
          node,
          frame,
          message: `${callable.name} multiplies \`${codeOf(program, loses, 40)}\`, which was cut off by the division.`,
          steps: [{ node: loses, note: 'the remainder is lost here' }],
        });
      }
    }
  },
};

/** The operands of an operation, or of a library's function of that name (`a.mul(b)`). */
function operandsOf(program: Program, node: AstNode, operator: '*' | '/'): [AstNode, AstNode] | undefined {
  if (node.nodeType === 'BinaryOperation') {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return textOf(node, 'operator') === operator && left && right && !/const/.test(typeOf(node))
      ? [left, right]
      : undefined;
  }
  if (node.nodeType !== 'FunctionCall') return undefined;
  const call = classifyCall(program, node);
  if (call.kind !== 'internal' || call.target.name !== (operator === '*' ? 'mul' : 'div')) return undefined;
  const [left, right] = call.arguments;
  return left && right ? [left, right] : undefined;
}

/** @returns the division, unless it is meant: rounded to a multiple, whole periods of time, or scaled up before */
function losesRemainder(ranges: Ranges, side: AstNode, other: AstNode, frame: Frame): AstNode | undefined {
  const { program } = frame;
  const { node, frame: at } = resolve(side, frame);
  const division = unwrap(node);
  const [dividend, divisor] = operandsOf(program, division, '/') ?? [];
  if (!divisor || !dividend || keyOf(divisor, at) === keyOf(other, frame)) return undefined;
  if (isExact(program, dividend, divisor)) return undefined;
  if (isMeasured(dividend, at) || takesRemainder(dividend, divisor, at)) return undefined;
  const product = operandsOf(program, resolve(dividend, at).node, '*');
  if (product && [...product, divisor].some((part) => isScale(program, part))) return undefined;
  // Of a product of two large numbers, what is cut off is nothing.
  if (product?.every((part) => ranges.of(part, at).max >= 2n ** 64n)) return undefined;
  const isTime = /timestamp|time|now|block\.number|duration|elapsed/i.test(program.source.text(dividend));
  return isTime && !product && literalValue(divisor) !== undefined ? undefined : division;
}

/** Two constants, of which one divides the other. */
function isExact(program: Program, dividend: AstNode, divisor: AstNode): boolean {
  const [whole, parts] = [constantOf(program, dividend), constantOf(program, divisor)];
  return whole !== undefined && parts !== undefined && parts !== 0n && whole % parts === 0n;
}

/** A factor that only keeps digits: a large power of ten or two, under whatever name. */
function isScale(program: Program, node: AstNode): boolean {
  const at = unwrap(node);
  const id = at.nodeType === 'Identifier' ? referenceOf(at) : undefined;
  const variable = id === undefined ? undefined : program.stateVariable(id);
  const value = literalValue((variable && childOf(variable, 'value')) ?? at);
  if (value === undefined || value < 1_000_000n) return false;
  return /^10+$/.test(String(value)) || (value & (value - 1n)) === 0n;
}

/** A length of something: whole groups of it are counted. */
function isMeasured(dividend: AstNode, { program }: Frame): boolean {
  return /length|\blen\b/i.test(program.source.text(dividend));
}

/** The remainder is taken elsewhere in the function, so that nothing is lost. */
function takesRemainder(dividend: AstNode, divisor: AstNode, frame: Frame): boolean {
  const { body } = frame.callable;
  const keys = [keyOf(dividend, frame), keyOf(divisor, frame)];
  return (body ? descendants(body, 'BinaryOperation') : []).some((node) => {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    if (!left || !right || !/^[%*]$/.test(textOf(node, 'operator'))) return false;
    if (textOf(node, 'operator') === '%')
      return keyOf(left, frame) === keys[0] && keyOf(right, frame) === keys[1];
    // `a - b * (a / b)` is the remainder.
    const parent = frame.program.parent(node);
    const isSubtracted =
      parent && textOf(parent, 'operator') === '-' && childOf(parent, 'rightExpression') === node;
    return isSubtracted === true && (keyOf(left, frame) === keys[1] || keyOf(right, frame) === keys[1]);
  });
}

import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { assignmentsOf, entryFrame, type Frame, isThis, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';

/** A price is read off the reserves of a pool at this very moment. */
export const spotPrice: Detector = {
  id: 'spot-price',
  category: 'oracle-price',
  severity: 'high',
  confidence: 'medium',
  title: 'A price that one trade can move',
  why: 'The reserves or token balances of a pool give the price of the last trade in the same transaction. Whoever trades first sets it.',
  exploit:
    'With a flash loan an attacker buys most of one side of the pool, borrows or redeems here at the distorted price, and trades back, all in one transaction.',
  fix: 'Use a price feed, or a time-weighted average over many blocks, and compare two sources.',
  references: ['SWC-120', 'CWE-345', 'OWASP-SC02:2025', 'EEA-EthTrust: Protect Against Oracle Manipulation'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pair { function getReserves() external view returns (uint112, uint112, uint32); }
interface IERC20 { function balanceOf(address who) external view returns (uint256); }
contract Lender {
    Pair public pair;
    IERC20 public a;
    IERC20 public b;
    function price() public view returns (uint256) {
        (uint112 left, uint112 right, ) = pair.getReserves();
        return uint256(left) * 1e18 / uint256(right); // <-- finding
    }
    function other() public view returns (uint256) {
        return a.balanceOf(address(pair)) * 1e18 / b.balanceOf(address(pair)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pair {
    function getReserves() external view returns (uint112, uint112, uint32);
    function price0CumulativeLast() external view returns (uint256);
}
interface IERC20 { function balanceOf(address who) external view returns (uint256); }
contract Lender {
    Pair public pair;
    IERC20 public token;
    uint256 public last;
    uint32 public since;
    function average() external returns (uint256 price) {
        uint256 now_ = pair.price0CumulativeLast();
        price = (now_ - last) / (block.timestamp - since);
        last = now_;
        since = uint32(block.timestamp);
    }
    function share(uint256 part, uint256 total) external view returns (uint256) {
        return token.balanceOf(address(this)) * part / total;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context || isCumulative(program, callable.body)) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation', 'FunctionCall')) {
        const division = operandsOf(node);
        if (!division?.every((side) => readsPool(side, frame))) continue;
        report({
          node,
          frame,
          message: `${callable.name} takes a price from \`${codeOf(program, node, 60)}\`, which one trade in the same transaction can move.`,
        });
      }
    }
  },
};

/** Of a division, or of a function that multiplies and divides. */
function operandsOf(node: AstNode): [AstNode, AstNode] | undefined {
  if (node.nodeType === 'BinaryOperation') {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return textOf(node, 'operator') === '/' && left && right ? [left, right] : undefined;
  }
  const callee = childOf(node, 'expression');
  const name = textOf(callee, 'memberName') || textOf(callee, 'name');
  const given = Array.isArray(node['arguments']) ? (node['arguments'] as AstNode[]) : [];
  const [first, , last] = given;
  return /mulDiv/i.test(name) && first && last ? [first, last] : undefined;
}

/** Reserves, or the balance of an account other than this contract, by way of locals. */
function readsPool(node: AstNode, frame: Frame, depth = 0): boolean {
  const items = [node, ...descendants(node, 'FunctionCall', 'Identifier')];
  return items.some((item) => {
    if (item.nodeType === 'FunctionCall') {
      const call = classifyCall(frame.program, item);
      if (call.kind !== 'external') return false;
      if (/^(getReserves|reserve[01]?|slot0|get_balances|balances)$/.test(call.name)) return true;
      const [of] = call.arguments;
      return call.name === 'balanceOf' && of !== undefined && !isThis(of, frame) && isPool(of, frame);
    }
    if (item.nodeType !== 'Identifier' || depth > 4) return false;
    const assigned =
      assignmentsOf(frame.program, frame.callable).get(Number(item['referencedDeclaration'])) ?? [];
    return assigned.some((value) => value !== node && readsPool(value, frame, depth + 1));
  });
}

function isPool(node: AstNode, frame: Frame): boolean {
  const text = frame.program.source.text(resolve(node, frame).node);
  return /pair|pool|lp|amm|exchange|market/i.test(text);
}

/** What is added up over time is no price of the moment. */
function isCumulative(program: Program, body: AstNode): boolean {
  return descendants(body, 'FunctionCall').some((node) => {
    const call = classifyCall(program, node);
    return call.kind === 'external' && /cumulative|consult|observe/i.test(call.name);
  });
}

import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import {
  childFrame,
  dispatch,
  type Frame,
  isSender,
  isThis,
  isTooDeep,
  type Ref,
  resolve,
  returnsOf,
} from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { literalValue } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { CallVisit, WriteVisit } from '../ir/visits.ts';

/** A division is rounded to the advantage of whoever asks for it. */
export const roundingDirection: Detector = {
  id: 'rounding-direction',
  category: 'arithmetic',
  severity: 'medium',
  confidence: 'medium',
  title: 'Rounded in favour of the caller',
  why: 'Integer division gives up the remainder. Rounded down where the caller pays, or up where the caller receives, the remainder is a gift of everybody else, and for small amounts it is all there is.',
  exploit:
    'An attacker asks for the largest amount whose price rounds down to nothing, again and again, or pays one unit less each time until what is shared is drained.',
  fix: 'Round against the caller: up what they pay or burn (`Math.mulDiv(a, b, c, Math.Rounding.Ceil)`), down what they receive; or refuse a price of zero.',
  references: ['SWC-101', 'CWE-682', 'OWASP-SC08:2025', 'EEA-EthTrust: Handle Rounding', 'ERC-4626'],
  losses: [
    {
      name: 'Balancer v2',
      year: 2025,
      usd: 128_000_000,
      what: "Amounts were rounded in the caller's favour, many times over in small swaps.",
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vault {
    mapping(address => uint256) public shares;
    uint256 public totalShares = 1e6;
    uint256 public assets = 1;
    function withdraw(uint256 amount) external {
        uint256 burned = amount * totalShares / assets; // <-- finding
        shares[msg.sender] -= burned;
        totalShares -= burned;
        assets -= amount;
        payable(msg.sender).transfer(amount);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Token { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
abstract contract Prices {
    uint256 public price = 7;
    function costOf(uint256 amount) internal view returns (uint256) { return amount * price / 1e6; }
}
contract Shop is Prices {
    Token public money;
    mapping(address => uint256) public goods;
    function buy(uint256 amount) external {
        goods[msg.sender] += amount;
        require(money.transferFrom(msg.sender, address(this), costOf(amount))); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    mapping(address => uint256) public shares;
    uint256 public totalShares = 1;
    function redeem(uint256 amount) external {
        uint256 paid = (amount * address(this).balance + totalShares - 1) / totalShares; // <-- finding
        shares[msg.sender] -= amount;
        totalShares -= amount;
        payable(msg.sender).transfer(paid);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vault {
    mapping(address => uint256) public shares;
    uint256 public totalShares = 1e6;
    uint256 public assets = 1;
    function withdraw(uint256 amount) external {
        uint256 burned = (amount * totalShares + assets - 1) / assets;
        shares[msg.sender] -= burned;
        totalShares -= burned;
        assets -= amount;
        payable(msg.sender).transfer(amount);
    }
    function redeem(uint256 amount) external {
        uint256 paid = amount * assets / totalShares;
        shares[msg.sender] -= amount;
        totalShares -= amount;
        assets -= paid;
        payable(msg.sender).transfer(paid);
    }
    function leave() external {
        uint256 half = shares[msg.sender] / 2;
        shares[msg.sender] -= half;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Token { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Shop {
    Token public money;
    uint256 public price = 7;
    mapping(address => uint256) public goods;
    function buy(uint256 amount) external {
        uint256 cost = amount * price / 1e6;
        require(cost > 0, "too little");
        goods[msg.sender] += amount;
        require(money.transferFrom(msg.sender, address(this), cost));
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      const visits = [...run.visits.writes.flatMap(takenOrGiven), ...run.visits.calls.flatMap(paidOrPulled)];
      for (const { amount, side, visit } of visits) {
        if (runs.privileged(visit.state)) continue;
        const quotient = divisionIn(amount, visit.frame);
        if (!quotient || quotient.rounds === (side === 'pays' ? 'up' : 'down')) continue;
        // Whoever cannot choose what it is a share of cannot make it small, nor ask for the best remainder.
        if (!hasBits(taintOf(amount, visit.frame), from.parameter)) continue;
        const isPositive = runs.ranges.of(amount, visit.frame, visit.state.relations).min > 0n;
        if (side === 'pays' && isPositive) continue;
        const direction = side === 'pays' ? 'pays is rounded down' : 'receives is rounded up';
        const at = callOf(quotient.at, visit.frame);
        report({
          ...at,
          message: `What the caller of ${run.entry.name} ${direction}: \`${codeOf(program, at.node, 60)}\`.`,
          steps: [{ node: visit.node, frame: visit.frame, note: `the caller ${side} this amount` }],
        });
      }
    }
  },
};

/** The call of the function that divides, where it stands on the way to the payment; else the division itself. */
function callOf(division: Ref, payment: Frame): Ref {
  const onTheWay = new Set<Frame>();
  for (let frame: Frame | undefined = payment; frame; frame = frame.parent) onTheWay.add(frame);
  let { node, frame } = division;
  while (!onTheWay.has(frame) && frame.via && frame.parent) {
    node = frame.via;
    frame = frame.parent;
  }
  return { node, frame };
}

interface Movement {
  amount: AstNode;
  side: 'pays' | 'receives';
  visit: WriteVisit | CallVisit;
}

/** `shares[msg.sender] -= amount` and what is put there. */
function takenOrGiven(visit: WriteVisit): Movement[] {
  const { node, slot } = visit;
  const operator = textOf(node, 'operator');
  const amount = childOf(node, 'rightHandSide');
  if (!amount || !slot.keys.some((key) => isSender(key.node, key.frame))) return [];
  return operator === '-=' ? [{ amount, side: 'pays', visit }] : [];
}

/** Ether and tokens that go to the sender, or come from it. */
function paidOrPulled(visit: CallVisit): Movement[] {
  const { call, frame } = visit;
  if (call.kind === 'transfer' || call.kind === 'send' || (call.kind === 'low-level' && call.value)) {
    const amount = call.kind === 'low-level' ? call.value : call.arguments[0];
    return amount && isSender(call.address, frame) ? [{ amount, side: 'receives', visit }] : [];
  }
  if (call.kind !== 'external' && call.kind !== 'internal') return [];
  const name = call.kind === 'external' ? call.name : call.target.name;
  const given = call.arguments.slice(-3);
  if (/^_?(safe)?transferFrom$/i.test(name)) {
    const [payer, to, amount] = given;
    if (!payer || !to || !amount || given.length !== 3) return [];
    return isSender(payer, frame) && isThis(to, frame) ? [{ amount, side: 'pays', visit }] : [];
  }
  if (!/^_?(safe)?transfer$/i.test(name)) return [];
  const [to, amount] = call.arguments.slice(-2);
  return to && amount && isSender(to, frame) ? [{ amount, side: 'receives', visit }] : [];
}

/**
 * The division that an amount is, through locals and functions, and which way it rounds. Up: `(a + b - 1) / b`,
 * `(a - 1) / b + 1`, `mulDiv(…, Rounding.Ceil)`.
 */
function divisionIn(
  amount: AstNode,
  frame: Frame,
  depth = 0,
): { at: Ref; rounds: 'up' | 'down' } | undefined {
  const at = resolve(amount, frame);
  const { node } = at;
  const operator = textOf(node, 'operator');
  if (node.nodeType === 'Conditional') {
    const [yes, no] = [childOf(node, 'trueExpression'), childOf(node, 'falseExpression')];
    const other = [yes, no].find((side) => side && literalValue(side) === undefined);
    return other && divisionIn(other, at.frame, depth);
  }
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType === 'BinaryOperation' && left && right) {
    if (operator === '/') return { at, rounds: addsOneLess(left) ? 'up' : 'down' };
    const inner =
      operator === '+' && literalValue(right) === 1n ? divisionIn(left, at.frame, depth) : undefined;
    return inner && { at, rounds: 'up' };
  }
  const call = node.nodeType === 'FunctionCall' ? classifyCall(frame.program, node) : undefined;
  if (call?.kind !== 'internal' || depth > 4) return undefined;
  const target = dispatch(at.frame, call);
  const text = call.arguments.map((argument) => frame.program.source.text(argument)).join(' ');
  if (/mulDiv/i.test(target.name)) {
    const up = /up|ceil/i.test(target.name) || /Rounding\.(Up|Ceil|Expand)/.test(text);
    return { at, rounds: up ? 'up' : 'down' };
  }
  if (isTooDeep(at.frame, target)) return undefined;
  const child = childFrame(at.frame, node, target, call.arguments);
  const values = returnsOf(frame.program, target).flatMap((value) =>
    literalValue(value) === undefined ? [divisionIn(value, child, depth + 1)] : [],
  );
  const [first] = values;
  const same = first && values.every((value) => value?.rounds === first.rounds);
  return same ? { at, rounds: first.rounds } : undefined;
}

function addsOneLess(dividend: AstNode): boolean {
  return descendants(dividend, 'BinaryOperation').some((node) => {
    const right = childOf(node, 'rightExpression');
    return textOf(node, 'operator') === '-' && right !== undefined && literalValue(right) === 1n;
  });
}

import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { arithmeticOf, type Operation } from '../ir/arithmetic.ts';
import { childOf, descendants, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import {
  assignmentsOf,
  childFrame,
  dispatch,
  type Frame,
  isTooDeep,
  resolve,
  returnsOf,
} from '../ir/frames.ts';
import { rangeOfType } from '../ir/integers.ts';
import { codeOf, isInside } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { type Ranges, rangeOfOperation } from '../ir/ranges.ts';
import { isAtMost } from '../ir/relations.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isZero, keyOf, literalValue, slotOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';
import { movesOf, takesFromSender } from '../ir/token-moves.ts';
import type { Visit } from '../ir/visits.ts';
import type { Confidence, Severity } from '../types.ts';

/** Arithmetic that wraps around, in compilers that do not check it. */
export const integerOverflow: Detector = {
  id: 'integer-overflow',
  category: 'arithmetic',
  severity: 'high',
  confidence: 'medium',
  title: 'Arithmetic can wrap around',
  why: 'Before Solidity 0.8 a sum, difference or product that does not fit its type wraps around silently: 0 - 1 is the largest number there is.',
  exploit:
    'An attacker passes a number that makes the result wrap: a huge balance out of a subtraction, a tiny price out of a product, a time lock that lies in the past.',
  fix: 'Compile with Solidity 0.8 or later, or use SafeMath for this operation, or check first: `require(balance >= amount)` before a difference, `require(a + b >= a)` for a sum.',
  references: ['SWC-101', 'CWE-190', 'CWE-191', 'OWASP-SC08:2025', 'EEA-EthTrust: No Overflow/Underflow'],
  losses: [
    {
      name: 'Proof of Weak Hands Coin',
      year: 2018,
      usd: 800_000,
      what: 'A balance went below zero and became the largest number; 866 ether were taken.',
    },
    {
      name: 'BeautyChain',
      year: 2018,
      usd: null,
      what: 'A product overflowed in batchTransfer and made 2^256 tokens; exchanges stopped all trade in them.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Token {
    mapping(address => uint) public balances;
    mapping(address => uint) public lockTime;
    uint constant price = 1 ether;
    uint count = 1;
    function transfer(address to, uint value) public {
        require(balances[msg.sender] - value >= 0); // <-- finding
        balances[msg.sender] -= value; // <-- finding
        balances[to] += value; // <-- finding
    }
    function lock(uint extra) public { lockTime[msg.sender] += extra; } // <-- finding
    function buy(uint tokens) public payable {
        require(msg.value == tokens * price); // <-- finding
        balances[msg.sender] = balances[msg.sender] + tokens; // <-- finding
    }
    function batch(address[] to, uint value) public {
        uint amount = to.length * value; // <-- finding
        require(balances[msg.sender] >= amount);
        balances[msg.sender] -= amount;
    }
    function down() public { count -= 1; } // <-- finding
    function wrap() public pure returns (uint8) {
        uint8 small = 0;
        small = small - 10; // <-- finding
        return small;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Points {
    mapping(address => uint256) public points;
    function spend(uint256 amount) external {
        unchecked {
            points[msg.sender] -= amount; // <-- finding
        }
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.5.0;
library SafeMath {
    function mul(uint a, uint b) internal pure returns (uint) {
        if (a == 0) return 0;
        uint c = a * b;
        require(c / a == b);
        return c;
    }
    function sub(uint a, uint b) internal pure returns (uint) { require(b <= a); return a - b; }
    function add(uint a, uint b) internal pure returns (uint c) { c = a + b; require(c >= a); }
}
interface Coin { function transferFrom(address from, address to, uint amount) external returns (bool); }
contract Token {
    using SafeMath for uint;
    Coin token;
    mapping(address => uint) staked;
    mapping(address => uint) public balances;
    uint public total;
    uint public end;
    function transfer(address to, uint value) public {
        require(balances[msg.sender] >= value);
        balances[msg.sender] -= value;
        balances[to] += value;
    }
    function send(address to, uint value) public {
        if (value > balances[msg.sender]) revert();
        balances[msg.sender] = balances[msg.sender] - value;
        require(balances[to] + value >= balances[to]);
        balances[to] = balances[to] + value;
    }
    function buy(uint tokens) public payable {
        require(msg.value == tokens.mul(1 ether));
        total = total.add(tokens);
        balances[msg.sender] = balances[msg.sender].add(tokens);
    }
    function deposit() public payable { balances[msg.sender] += msg.value; total += msg.value; }
    function list(uint[] memory values) public pure returns (uint) {
        uint n = 0;
        for (uint i = 0; i < values.length; i++) n++;
        return n;
    }
    function stake(uint amount) public {
        staked[msg.sender] += amount;
        require(token.transferFrom(msg.sender, address(this), amount));
    }
    function left() public view returns (uint) { return now >= end ? 0 : end - now; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Checked {
    uint256 public total;
    function add(uint256 more) external { total += more; } // <-- guard: function add(uint256 more) external { unchecked { total += more; } }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      const { role, visits } = run;
      if (role === 'constructor') continue;
      const paid = paidAmounts(run);
      for (const visit of visits.arithmetic) {
        // Since 0.8 the compiler checks, except where it is told not to.
        const deliberate = program.minor >= 8;
        if (
          deliberate &&
          (!isInside(program, visit.node, /^UncheckedBlock$/) || !/^uint/.test(typeOf(visit.node)))
        )
          continue;
        const operation = arithmeticOf(visit);
        const contract = visit.frame.callable.contract;
        if (!operation || contract?.kind === 'library' || !program.isOwn(visit.node)) continue;
        const found = suspect({ program, runs }, visit, operation, paid);
        if (!found) continue;
        // Who is trusted with it anyway is unlikely to use it against themselves.
        const doubt = runs.privileged(visit.state) || isVainlyChecked(visit, operation) ? 'low' : found;
        const stored = isStored(program, visit);
        report({
          node: visit.node,
          frame: visit.frame,
          severity: severityOf({ doubt, stored, deliberate }),
          confidence: doubt,
          message: `${visit.frame.callable.name} computes \`${codeOf(program, visit.node)}\` with nothing that keeps it within ${typeOf(visit.node)}.`,
          note: 'the result may wrap around',
        });
      }
    }
  },
};

/** `require(a - b >= 0)` was to keep it within bounds; that it never fails is told at the check. */
function isVainlyChecked({ node, frame, state }: Visit, { left, right }: Operation): boolean {
  const operands = new Set([left, right].flatMap((side) => (side ? [keyOf(side, frame)] : [])));
  return state.conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((item) => {
      const [difference, limit] = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
      if (item['operator'] !== '>=' || !difference || !limit || !isZero(limit) || difference === node)
        return false;
      const at = unwrap(difference);
      const taken = at['operator'] === '-' ? childOf(at, 'rightExpression') : undefined;
      return taken !== undefined && /^uint/.test(typeOf(at)) && operands.has(keyOf(taken, condition.frame));
    }),
  );
}

// Somebody who writes `unchecked` has thought about it, if not of everything.
function severityOf({
  doubt,
  stored,
  deliberate,
}: {
  doubt: Confidence;
  stored: boolean;
  deliberate: boolean;
}): Severity {
  if (doubt === 'low') return 'low';
  if (deliberate) return stored && doubt === 'high' ? 'medium' : 'low';
  return stored ? 'high' : 'medium';
}

// How sure it is that the operation can be made to wrap; undefined when something speaks against it.
function suspect(
  { program, runs }: Audited,
  visit: Visit,
  operation: Operation,
  paid: ReadonlySet<string>,
): 'high' | 'medium' | 'low' | undefined {
  const { operator, left, right } = operation;
  const { frame } = visit;
  const a = taintOf(left, frame);
  const b = right ? taintOf(right, frame) : { bits: 0, variables: new Set<number>() };
  const chosen = hasBits(a, from.parameter) || hasBits(b, from.parameter);
  const [ka, kb] = [keyOf(left, frame), right ? keyOf(right, frame) : '1'];
  const { relations } = visit.state;
  if (fitsType(runs, visit, operation)) return undefined;
  const isLimited = (key: string) =>
    isLimitedIn(visit, key, `(${ka}${operator}${kb})`) ||
    [...relations.values()].some(
      ({ smallKey, largeKey }) =>
        smallKey === key && largeKey !== key && !largeKey.includes(`(${ka}${operator}${kb})`),
    );
  const bounded = (node: AstNode, key: string): boolean => isBounded(node, key, frame, isLimited);
  if (operator === '-') {
    if (isAtMost(relations, kb, ka) || picks('smaller', right, frame, ka) || picks('larger', left, frame, kb))
      return undefined;
    if (isConstantUnderflow(visit, operation)) return 'high';
    if (isProved(program, visit, operation, '-')) return undefined;
    // Who writes `unchecked` says that it cannot happen; whether it can is not seen from here.
    if (hasBits(a, from.time | from.block | from.balance | from.external) && !hasBits(b, from.parameter))
      return program.minor >= 8 ? 'low' : undefined;
    // A sum over all accounts is not below what was checked against one of them.
    const total = slotOf(left, frame)?.keys.length === 0;
    if (total && [...relations.values()].some((item) => item.smallKey === kb && item.largeKey.includes('[')))
      return undefined;
    // A share of something, as exchanges compute it: what it is divided by keeps it below the whole.
    if (right && isQuotient(right, frame)) return 'low';
    // What is taken is within a limit that it was compared with, though not this one.
    if (right && hasBits(b, chosenByCaller) && bounded(right, kb)) return 'low';
    if (hasBits(b, from.parameter) && !hasBits(a, from.time)) return slotOf(left, frame) ? 'high' : 'medium';
    if (program.minor >= 8) return 'low';
    return slotOf(left, frame) && isStored(program, visit) ? 'low' : undefined;
  }
  if (!chosen || !right) return undefined;
  if (isProved(program, visit, operation, operator)) return undefined;
  if (operator === '+') {
    const literal = literalValue(left) ?? literalValue(right);
    if (literal !== undefined && !isStored(program, visit)) return undefined;
    // Nobody has more of a token than there is.
    const isMet = (node: AstNode, key: string) => paid.has(key) || bounded(node, key);
    if (isMet(left, ka) && isMet(right, kb)) return undefined;
    if (isSmall(visit, left) || isSmall(visit, right)) return undefined;
    return slotOf(left, frame) || slotOf(right, frame) ? 'high' : 'medium';
  }
  if (operator === '*') return bounded(left, ka) && bounded(right, kb) ? undefined : 'medium';
  return operator === '**' && hasBits(b, from.parameter) && !bounded(right, kb) ? 'low' : undefined;
}

function fitsType({ ranges }: Audited['runs'], { node, frame, state }: Visit, operation: Operation): boolean {
  const type = rangeOfType(typeOf(node));
  const result = resultOf(ranges, operation, { node, frame, state });
  if (!type || !result || result.min < type.min) return false;
  if (result.max <= type.max) return true;
  // The same sum in a wider type was compared with a limit that is within this one.
  const [left, right] = [keyOf(operation.left, frame), operation.right ? keyOf(operation.right, frame) : '1'];
  const sums = [`(${left}${operation.operator}${right})`, `(${right}${operation.operator}${left})`];
  return [...state.relations.values()].some(({ small, large, smallKey }) => {
    if (operation.operator === '-' || !sums.includes(smallKey)) return false;
    const wide = arithmeticOf({ node: small.node, frame: small.frame, state });
    const wider = rangeOfType(typeOf(small.node));
    const sum = wide && resultOf(ranges, wide, { node: small.node, frame: small.frame, state });
    return wider && sum && sum.max <= wider.max && ranges.of(large.node, large.frame).max <= type.max;
  });
}

function resultOf(ranges: Ranges, { operator, left, right }: Operation, { frame, state }: Visit) {
  const one = { min: 1n, max: 1n };
  const b = right ? ranges.of(right, frame, state.relations) : one;
  return rangeOfOperation(operator, ranges.of(left, frame, state.relations), b);
}

// Of a type so much smaller than the sum's that it would take longer than anybody lives to fill it.
function isSmall({ node }: Visit, operand: AstNode): boolean {
  const bits = (type: string) => Number(/^u?int(\d+)$/.exec(type)?.[1] ?? 256);
  return bits(typeOf(node)) - bits(typeOf(operand)) >= 64;
}

// Compared with a limit further down in the same function, which undoes what was done before.
function isLimitedIn({ frame, node }: Visit, key: string, whole: string): boolean {
  const { body } = frame.callable;
  return (body ? descendants(body, 'BinaryOperation') : []).some((item) => {
    const operator = textOf(item, 'operator');
    if (!/^[<>]=?$/.test(operator) || start(item) <= start(node)) return false;
    const [small, large] = operator.startsWith('<')
      ? ['leftExpression', 'rightExpression']
      : ['rightExpression', 'leftExpression'];
    const [low, high] = [childOf(item, small ?? ''), childOf(item, large ?? '')];
    if (!low || !high || keyOf(low, frame) !== key || keyOf(high, frame).includes(whole)) return false;
    const parent = frame.program.parent(item);
    return textOf(parent && childOf(parent, 'expression'), 'name') === 'require';
  });
}

// What the caller chooses in it is compared with a limit, each part by itself.
function isBounded(node: AstNode, key: string, frame: Frame, isLimited: (key: string) => boolean): boolean {
  if (!hasBits(taintOf(node, frame), chosenByCaller) || isLimited(key)) return true;
  const at = resolve(node, frame);
  const fields: Record<string, string[]> = {
    BinaryOperation: ['leftExpression', 'rightExpression'],
    Conditional: ['trueExpression', 'falseExpression'],
  };
  const parts = (fields[at.node.nodeType] ?? []).map((field) => childOf(at.node, field));
  return (
    parts.length > 0 &&
    parts.every((part) => part !== undefined && isBounded(part, keyOf(part, at.frame), at.frame, isLimited))
  );
}

function isQuotient(node: AstNode, frame: Frame, depth = 0): boolean {
  const at = resolve(node, frame);
  if (at.node.nodeType === 'BinaryOperation') return textOf(at.node, 'operator') === '/';
  const call = at.node.nodeType === 'FunctionCall' ? classifyCall(frame.program, at.node) : undefined;
  if (call?.kind !== 'internal' || depth > 3) return false;
  const target = dispatch(at.frame, call);
  if (isTooDeep(at.frame, target)) return false;
  const child = childFrame(at.frame, at.node, target, call.arguments);
  const values = returnsOf(frame.program, target);
  return values.length > 0 && values.every((value) => isQuotient(value, child, depth + 1));
}

/** Amounts of somebody else's token that the sender pays on the way. */
function paidAmounts(run: EntryRun): ReadonlySet<string> {
  const pulls = movesOf(run).filter((move) => move.kind === 'pull' && takesFromSender(move));
  return new Set(
    pulls.flatMap(({ token, amount, visit: { frame } }) =>
      token && !hasBits(taintOf(token, frame), chosenByCaller) ? [keyOf(amount, frame)] : [],
    ),
  );
}

// `a < b ? a : b` (the smaller) or `a > b ? a : b` (the larger), of which the key is one.
function picks(which: 'smaller' | 'larger', node: AstNode | undefined, frame: Frame, key: string): boolean {
  const at = node && resolve(node, frame);
  if (at?.node.nodeType !== 'Conditional') return false;
  const condition = childOf(at.node, 'condition');
  const operator = condition ? textOf(condition, 'operator') : '';
  if (!condition || !/^[<>]=?$/.test(operator)) return false;
  const keyIn = (of: AstNode, field: string) => keyOf(childOf(of, field) ?? of, at.frame);
  const sides = [keyIn(condition, 'leftExpression'), keyIn(condition, 'rightExpression')];
  const [small, large] = operator.startsWith('<') ? sides : sides.toReversed();
  const [yes, no] = [keyIn(at.node, 'trueExpression'), keyIn(at.node, 'falseExpression')];
  const isSmaller = yes === small && no === large;
  const isLarger = yes === large && no === small;
  return sides.includes(key) && (which === 'smaller' ? isSmaller : isLarger);
}

// A comparison of the result in the same function: `c >= a`, `c / a == b`, `balances[to] + v > balances[to]`.
function isProved(program: Program, visit: Visit, operation: Operation, operator: string): boolean {
  const { frame, node } = visit;
  const body = frame.callable.body;
  if (!body || !operation.right) return false;
  const [ka, kb] = [keyOf(operation.left, frame), keyOf(operation.right, frame)];
  const results = [`(${ka}${operator}${kb})`, ...resultNames(program, visit, ka)];
  return descendants(body, 'BinaryOperation').some((item) => {
    const [left, right] = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
    const comparison = textOf(item, 'operator');
    if (!left || !right || !/^([<>]=?|[=!]=)$/.test(comparison)) return false;
    if (operator === '*') {
      const isInverse = (quotient: AstNode, other: AstNode) =>
        /^[=!]=$/.test(comparison) &&
        isQuotientOf(unwrap(quotient), results, frame) &&
        [ka, kb].includes(keyOf(other, frame));
      return isInverse(left, right) || isInverse(right, left);
    }
    const [small, large] = comparison.startsWith('<') ? [left, right] : [right, left];
    const [sum, operand] = operator === '+' ? [large, small] : [small, large];
    const later = start(item) > start(node) || results[0] === keyOf(sum, frame);
    return (
      later &&
      literalValue(operand) === undefined &&
      results.includes(keyOf(sum, frame)) &&
      (operator === '+' ? [ka, kb] : [ka]).includes(keyOf(operand, frame))
    );
  });
}

function isQuotientOf(node: AstNode, results: string[], frame: Frame): boolean {
  const divided = childOf(node, 'leftExpression');
  return textOf(node, 'operator') === '/' && divided !== undefined && results.includes(keyOf(divided, frame));
}

// The place that a compound assignment or an assignment around the operation puts the result in.
function resultNames(program: Program, { node, frame }: Visit, left: string): string[] {
  if (node.nodeType === 'Assignment') return [left];
  const parent = program.parent(node);
  const target = parent?.nodeType === 'Assignment' ? childOf(parent, 'leftHandSide') : undefined;
  return target ? [keyOf(target, frame)] : [];
}

// `uint8 x = 0; x = x - 10;`: only literals, and the smaller first.
function isConstantUnderflow({ node, frame }: Visit, { left, right }: Operation): boolean {
  const taken = right ? literalValue(right) : undefined;
  const at = unwrap(left);
  if (taken === undefined || at.nodeType !== 'Identifier' || /^int/.test(typeOf(left))) return false;
  const id = at['referencedDeclaration'];
  const values = typeof id === 'number' ? (assignmentsOf(frame.program, frame.callable).get(id) ?? []) : [];
  const others = values.filter((value) => value !== node);
  const start = others.length === 1 && others[0] ? literalValue(others[0]) : undefined;
  return start !== undefined && start < taken;
}

function isStored(program: Program, { node, frame }: Visit): boolean {
  let at = node;
  for (
    let parent: AstNode | undefined = node;
    parent && !/Statement$/.test(parent.nodeType);
    parent = program.parent(parent)
  )
    at = parent;
  const left = at.nodeType === 'Assignment' ? childOf(at, 'leftHandSide') : childOf(at, 'subExpression');
  return left !== undefined && slotOf(left, frame) !== undefined;
}

function start(node: AstNode): number {
  return Number(node.src.split(':')[0]);
}

import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { arithmeticOf, type Operation } from '../ir/arithmetic.ts';
import { childOf, descendants, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { type Atom, clausesOf, equalSides } from '../ir/conditions.ts';
import {
  assignmentsOf,
  childFrame,
  dispatch,
  type Frame,
  isSender,
  isTooDeep,
  resolve,
  returnsOf,
} from '../ir/frames.ts';
import { rangeOfType } from '../ir/integers.ts';
import { codeOf, isInside, loops } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
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
    `pragma solidity ^0.4.18;
library Sums {
    function add(uint a, uint b) internal pure returns (uint) { return a + b; } // <-- finding
}
contract Coin {
    using Sums for uint;
    struct Player { uint staked; uint8 lives; }
    mapping(address => Player) players;
    mapping(address => uint) balances;
    mapping(address => mapping(address => uint)) allowed;
    uint[] queue;
    uint supply;
    function earn(uint v) public { players[msg.sender].staked = players[msg.sender].staked.add(v); }
    function spend(address owner, address to, uint v) public {
        require(balances[owner] >= v);
        balances[owner] -= v;
        balances[to] += v;
        allowed[owner][msg.sender] -= v; // <-- finding
    }
    function lose() public { players[msg.sender].lives--; } // <-- finding
    function gain() public { players[msg.sender].lives += 1; } // <-- finding
    function next() public { queue.length--; } // <-- finding
    function mint(uint v) public {
        balances[msg.sender] += v; // <-- finding
        supply = supply + v; // <-- finding
    }
    function most() public pure returns (uint8 level, uint8 sum, uint less) {
        level = 255;
        level++; // <-- finding
        uint8 part = 200;
        sum = part + 100; // <-- finding
        less = 0;
        less -= 1; // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.18;
contract Maths {
    function plus(uint x, uint y) internal pure returns (uint z) { require((z = x + y) >= x); }
    function times(uint x, uint y) internal pure returns (uint z) { require(y == 0 || (z = x * y) / y == x); }
    function room(uint x, uint y) internal pure returns (uint) { if (x > uint(-1) - y) revert(); return x + y; }
    function fits(uint a, uint b) internal pure returns (bool) { return a + b >= a; }
}
contract Lots is Maths {
    mapping(address => uint) lots;
    mapping(address => uint8) lives;
    uint end;
    function a(uint v) public { lots[msg.sender] = plus(lots[msg.sender], v); }
    function b(uint v) public { lots[msg.sender] = times(lots[msg.sender], v); }
    function c(uint v) public { lots[msg.sender] = room(v, lots[msg.sender]); }
    function d(uint v) public { require(fits(lots[msg.sender], v)); lots[msg.sender] += v; }
    function e() public { if (lives[msg.sender] == 0) return; lives[msg.sender]--; }
    mapping(uint => address) holder;
    mapping(address => uint) held;
    function g(uint id) public payable { require(holder[id] == 0 && msg.value == 1 ether); holder[id] = msg.sender; held[msg.sender] += 1; }
    function f(uint term) public { require(term == 30 || term == 90); end = now + term * 1 days; }
}
`,
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
        if (!operation || !program.isOwn(visit.node)) continue;
        if (contract?.kind === 'library' && !isMeantToCheck(program, visit)) continue;
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

// Wide numbers in libraries wrap on purpose. What is called as SafeMath's functions are is relied upon to check.
function isMeantToCheck({ minor }: Program, { frame }: Visit): boolean {
  return minor < 8 && /^_?(safe_?)?(add|sub|mul|plus|minus|times)$/i.test(frame.callable.name);
}

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
  const { ranges } = runs;
  if (fitsType(runs, visit, operation)) return undefined;
  if (isCertain(runs, visit, operation)) return 'high';
  const isLimited = (key: string) =>
    isLimitedIn(visit, key, `(${ka}${operator}${kb})`) ||
    isOneOf(visit, key) ||
    [...relations.values()].some(
      ({ small, smallKey, largeKey }) =>
        smallKey === key &&
        largeKey !== key &&
        !largeKey.includes(`(${ka}${operator}${kb})`) &&
        isCompared(program, small.node),
    );
  const bounded = (node: AstNode, key: string): boolean => isBounded(node, key, frame, isLimited);
  if (operator === '-') {
    if (isAtMost(relations, kb, ka) || picks('smaller', right, frame, ka) || picks('larger', left, frame, kb))
      return undefined;
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
    if (right && hasBits(b, chosenByCaller) && bounded(right, kb)) {
      const keys = program.minor < 8 && operandKeys(left, frame);
      // What was compared is another record of the sender's, as a balance beside an allowance.
      return keys && keys.length > 0 && keys.some((key) => isSender(key.node, key.frame))
        ? keys.length > 1
          ? 'high'
          : 'medium'
        : 'low';
    }
    if (hasBits(b, from.parameter) && !hasBits(a, from.time)) return slotOf(left, frame) ? 'high' : 'medium';
    if (program.minor >= 8) return 'low';
    if (isNonZero(visit, operation)) return undefined;
    if (slotOf(left, frame) && isStored(program, visit)) return isUnasked(visit, left) ? 'medium' : 'low';
    return hasBits(a, from.parameter) && !bounded(left, ka) ? 'low' : undefined;
  }
  if (operator === '+' && !chosen && isNarrowStep(program, visit, operation))
    return /8$/.test(typeOf(left)) ? 'medium' : 'low';
  if (!chosen || !right) return undefined;
  if (isProved(program, visit, operation, operator)) return undefined;
  if (operator === '+') {
    const literal = literalValue(left) ?? literalValue(right);
    if (literal !== undefined && !isStored(program, visit)) return undefined;
    // Nobody has more of a token than there is.
    if (leavesRoom(visit, ka, kb)) return undefined;
    const isMet = (node: AstNode, key: string) => paid.has(key) || bounded(node, key);
    if (isMet(left, ka) && isMet(right, kb)) return undefined;
    if (isSmall(visit, left) || isSmall(visit, right)) return undefined;
    return slotOf(left, frame) || slotOf(right, frame) ? 'high' : 'medium';
  }
  if (operator === '*') {
    if (!bounded(left, ka) || !bounded(right, kb)) return 'medium';
    // An amount within its limit, times a price that somebody else chooses.
    const isWide = (side: AstNode) => ranges.of(side, frame, relations).max >= 2n ** 128n;
    const isPriced = [left, right].some((side) => slotOf(side, frame)) && isWide(left) && isWide(right);
    return program.minor < 8 && isPriced ? 'low' : undefined;
  }
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
// A comparison of the result, in the same function or asked of another one: `c >= a`, `c / a == b`,
// `balances[to] + v > balances[to]`, `(z = x + y) >= x`.
function isProved(program: Program, visit: Visit, operation: Operation, operator: string): boolean {
  const { frame, node, state } = visit;
  const body = frame.callable.body;
  if (!body || !operation.right) return false;
  const [ka, kb] = [keyOf(operation.left, frame), keyOf(operation.right, frame)];
  const results = [`(${ka}${operator}${kb})`, ...resultNames(program, visit, ka)];
  const here = descendants(body, 'BinaryOperation').map((item) => ({ node: item, frame }));
  const asked = clausesOf(state).flatMap((clause) => (clause.length === 1 ? clause : []));
  return [...here, ...asked].some(({ node: item, frame: within }) => {
    const [left, right] = [assigned(childOf(item, 'leftExpression')), childOf(item, 'rightExpression')];
    const comparison = textOf(item, 'operator');
    if (!left || !right || !/^([<>]=?|[=!]=)$/.test(comparison)) return false;
    if (operator === '*') {
      const isInverse = (quotient: AstNode, other: AstNode) =>
        /^[=!]=$/.test(comparison) &&
        isQuotientOf(unwrap(quotient), results, within) &&
        [ka, kb].includes(keyOf(other, within));
      return isInverse(left, right) || isInverse(right, left);
    }
    // In either order: `require(c >= a)`, `if (c < a) revert()`.
    const proves = (sum: AstNode, operand: AstNode) =>
      ((within === frame && start(item) > start(node)) || results[0] === keyOf(sum, within)) &&
      literalValue(operand) === undefined &&
      results.includes(keyOf(sum, within)) &&
      (operator === '+' ? [ka, kb] : [ka]).includes(keyOf(operand, within));
    return proves(left, right) || proves(right, left);
  });
}
// What `(z = x + y)` comes to.
function assigned(node: AstNode | undefined): AstNode | undefined {
  const at = node && unwrap(node);
  return at?.nodeType === 'Assignment' && textOf(at, 'operator') === '='
    ? childOf(at, 'rightHandSide')
    : node;
}
// `x <= most - y` leaves room for `x + y`.
function leavesRoom({ state }: Visit, ka: string, kb: string): boolean {
  return [...state.relations.values()].some(
    ({ smallKey, largeKey }) =>
      (smallKey === ka && largeKey.endsWith(`-${kb})`)) || (smallKey === kb && largeKey.endsWith(`-${ka})`)),
  );
}
// One side of a comparison, or the smaller of two that it was set to; what a sum is of one part is no limit to it.
function isCompared(program: Program, node: AstNode): boolean {
  for (let at = program.parent(node); at && !/Statement$/.test(at.nodeType); at = program.parent(at)) {
    if (at.nodeType === 'Assignment') {
      const value = childOf(at, 'rightHandSide');
      return textOf(at, 'operator') === '=' && textOf(value && unwrap(value), 'operator') !== '+';
    }
    if (/^([<>]=?|[=!]=)$/.test(textOf(at, 'operator'))) return true;
  }
  return false;
}
// `require(term == 30 || term == 60)`
function isOneOf({ state }: Visit, key: string): boolean {
  return clausesOf(state).some((clause) =>
    clause.every((atom) => {
      const sides = equalSides(atom);
      return sides?.some(
        (side, index) =>
          keyOf(side.node, side.frame) === key &&
          literalValue(sides[1 - index]?.node ?? side.node) !== undefined,
      );
    }),
  );
}
function operandKeys(node: AstNode, frame: Frame) {
  return slotOf(node, frame)?.keys;
}
// `if (left == 0) return; left--;`
function isNonZero({ frame, state }: Visit, { left, right }: Operation): boolean {
  if (right && literalValue(right) !== 1n) return false;
  const key = keyOf(left, frame);
  return clausesOf(state).some(
    ([atom, ...others]) =>
      others.length === 0 &&
      equalSides(atom as Atom, false)?.some(
        (side, index, sides) =>
          isZero(side.node) && keyOf(sides[1 - index]?.node ?? left, side.frame) === key,
      ),
  );
}
// Nothing that is kept was asked on the way: whose deed it is, say, tells that there is one to take from a count.
function isUnasked({ frame, state }: Visit, left: AstNode): boolean {
  if (!slotOf(left, frame) || frame.program.minor >= 8) return false;
  return !state.conditions.some((condition) => readsOf(condition.node, condition.frame).length > 0);
}
// A counter of 16 bits or fewer is full sooner than its maker thinks.
function isNarrowStep(program: Program, visit: Visit, { left, right }: Operation): boolean {
  const bits = Number(/^uint(\d+)$/.exec(typeOf(left))?.[1] ?? 256);
  const isStep = !right || literalValue(right) !== undefined;
  return bits <= 16 && program.minor < 8 && isStep && isStored(program, visit) && isUnasked(visit, left);
}
function isQuotientOf(node: AstNode, results: string[], frame: Frame): boolean {
  const divided = assigned(childOf(node, 'leftExpression'));
  return textOf(node, 'operator') === '/' && divided !== undefined && results.includes(keyOf(divided, frame));
}
// The place that a compound assignment or an assignment around the operation puts the result in.
function resultNames(program: Program, { node, frame }: Visit, left: string): string[] {
  if (node.nodeType === 'Assignment') return [left];
  const parent = program.parent(node);
  const target = parent?.nodeType === 'Assignment' ? childOf(parent, 'leftHandSide') : undefined;
  return target ? [keyOf(target, frame)] : [];
}
// `uint8 x = 0; x = x - 10;`, `uint8 x = 255; x++`: only literals, and nothing else is given to it.
function isCertain(runs: Audited['runs'], visit: Visit, operation: Operation): boolean {
  const { frame, node } = visit;
  const type = rangeOfType(typeOf(node));
  if (!type || isInside(frame.program, node, loops)) return false;
  const isStoredIn = [operation.left, operation.right].some((side) => side && slotOf(side, frame));
  const result = isStoredIn ? undefined : resultOf(runs.ranges, operation, visit);
  if (result && (result.max < type.min || result.min > type.max)) return true;
  const { operator, left, right } = operation;
  const step = right ? literalValue(right) : 1n;
  const at = unwrap(left);
  const id = at['referencedDeclaration'];
  if (step === undefined || at.nodeType !== 'Identifier' || typeof id !== 'number') return false;
  const values = assignmentsOf(frame.program, frame.callable).get(id) ?? [];
  const others = values.filter((value) => value !== node && unwrap(value) !== node);
  const first = others.length === 1 && others[0] ? literalValue(others[0]) : undefined;
  if (first === undefined) return false;
  return operator === '-' ? first - step < type.min : operator === '+' && first + step > type.max;
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

import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector, Report } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { type Atom, clausesOf, equalSides } from '../ir/conditions.ts';
import { factsOf } from '../ir/facts.ts';
import { entryFrame, isSender, type Ref } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { isSenders } from '../ir/places.ts';
import { isZero, keyOf, slotOf } from '../ir/storage.ts';

/** A guard that lets everybody pass, or nobody. */
export const openGuard: Detector = {
  id: 'open-guard',
  category: 'access-control',
  severity: 'high',
  confidence: 'high',
  title: 'A guard that everybody passes',
  why: '`x != a || x != b` is true for every x, as nobody is two accounts at once; `x == a && x == b` is true for none. The guard does not do what it is there for.',
  exploit: 'Anybody calls the functions behind the guard.',
  fix: 'Write `x == a || x == b` for those who may, or `x != a && x != b` for those who may not.',
  references: ['SWC-110', 'CWE-571', 'OWASP-SC01:2025', 'EEA-EthTrust: No Conflicting Conditions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Gate {
    address public office = msg.sender;
    address public operator;
    modifier staff() {
        require(msg.sender != office || msg.sender != operator); // <-- finding
        _;
    }
    function open() external staff { operator = address(0); }
    function close() external {
        if (msg.sender == office && msg.sender == operator) revert(); // <-- finding
        operator = msg.sender;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Silo {
    struct Lot { address holder; uint256 kilos; }
    mapping(uint256 => Lot) public lots;
    mapping(address => bool) public weighers;
    address public head = msg.sender;
    function _isWeigher() internal view returns (bool) {
        bool listed = weighers[msg.sender];
        return listed || msg.sender == head;
    }
    function admit(address who) external { require(msg.sender == head); weighers[who] = true; }
    function bookOut(uint256 id) external {
        Lot storage lot = lots[id];
        if (!_isWeigher() && lot.holder == address(0)) revert(); // <-- finding
        delete lots[id];
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// Called for the sender it is met at once, called directly it asks.
contract Perch {
    mapping(address => mapping(address => bool)) public lets;
    mapping(address => uint256) public sits;
    function allow(address who) external { lets[msg.sender][who] = true; }
    function sit(uint256 count) external { sitFor(msg.sender, count); }
    function sitFor(address who, uint256 count) public {
        require(msg.sender == who || lets[who][msg.sender]); // <-- guard: require(msg.sender != address(0) || lets[who][msg.sender]);
        sits[who] += count;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Silo {
    struct Lot { address holder; uint256 kilos; }
    mapping(uint256 => Lot) public lots;
    mapping(address => bool) public weighers;
    address public head = msg.sender;
    address public next;
    bool public open;
    uint256 public closes;
    function admit(address who) external { require(msg.sender == head); weighers[who] = true; }
    function bookOut(uint256 id) external {
        Lot storage lot = lots[id];
        if (!weighers[msg.sender] && lot.holder != msg.sender) revert(); // <-- guard: if (!weighers[msg.sender] && lot.holder == address(0)) revert();
        delete lots[id];
    }
    function begin() external { require(next == address(0) || msg.sender == next); next = msg.sender; }
    function add(uint256 id) external { require(open || block.timestamp > closes || msg.sender == head); lots[id].kilos = 1; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Gate {
    address public office = msg.sender;
    address public operator;
    modifier staff() { require(msg.sender == office || msg.sender == operator); _; } // <-- guard: modifier staff() { require(msg.sender != office || msg.sender != operator); _; }
    function open() external staff { operator = address(0); }
    function close(uint256 a, uint256 b) external {
        if (msg.sender != office && msg.sender != operator) revert();
        if (a != 1 || b != 1) operator = msg.sender;
    }
}
`,
  ],
  run({ program, runs }, report) {
    passAnyway({ program, runs }, report);
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        const operator = textOf(node, 'operator');
        const wanted = operator === '||' ? '!=' : operator === '&&' ? '==' : undefined;
        const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].map(
          (side) => side && unwrap(side),
        );
        if (
          !wanted ||
          !left ||
          !right ||
          textOf(left, 'operator') !== wanted ||
          textOf(right, 'operator') !== wanted
        )
          continue;
        const sides = (of: AstNode) =>
          ['leftExpression', 'rightExpression'].map((field) => keyOf(childOf(of, field) ?? of, frame));
        const [a, b] = [sides(left), sides(right)];
        const shared = a.filter((key) => b.includes(key));
        if (shared.length !== 1 || !shared[0]?.endsWith('.sender')) continue;
        report({
          node,
          frame,
          message: `\`${codeOf(program, node, 60)}\` in ${callable.name} is ${operator === '||' ? 'true' : 'false'} for everybody.`,
        });
      }
    }
  },
};

/** A check of the sender as one of several alternatives, of which another is met by anybody. */
function passAnyway({ program, runs }: Audited, report: Report): void {
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    const acted = [...run.visits.writes, ...run.visits.calls.filter(({ call }) => isEffect(call.kind))];
    for (const { state } of acted) {
      if (runs.privileged(state)) continue;
      for (const clause of clausesOf(state)) {
        const check = clause.find((atom) => asksWho(atom));
        const weak = check && clause.find((atom) => isMetByAll(atom));
        if (!check || !weak || !program.isOwn(weak.node)) continue;
        report({
          node: weak.node,
          frame: weak.frame,
          message: `\`${codeOf(program, weak.node, 60)}\` in ${weak.frame.callable.name} is true for everybody, and so is the guard that it is a part of.`,
          steps: [{ node: check.node, frame: check.frame, note: 'this is what was to be asked' }],
        });
      }
    }
  }
}

function isEffect(kind: string): boolean {
  return ['external', 'low-level', 'transfer', 'send', 'selfdestruct'].includes(kind);
}

function asksWho(atom: Atom): boolean {
  return factsOf(atom.node, atom.truth, atom.frame).auth.length > 0;
}

/** `record.owner != address(0)`, `msg.sender != address(0)`, `msg.sender == msg.sender`: something that is so anyway. */
function isMetByAll(atom: Atom): boolean {
  const equal = equalSides(atom);
  // Whom a caller hands on is themselves here, and may be anybody where the function is called directly.
  const isHandedOn = equal?.some(({ node, frame }) => frame.bindings.has(referenceOf(node) ?? -1));
  if (equal) return !isHandedOn && equal.every((side) => isSender(side.node, side.frame));
  const sides = equalSides(atom, false);
  if (!sides) return false;
  const other = sides.find((side) => !isZero(side.node));
  return (
    other !== undefined &&
    sides.some((side) => isZero(side.node)) &&
    /^(address|contract )/.test(typeOf(other.node)) &&
    // `next[msg.sender] != address(0)`: on the list.
    !isOfSender(other)
  );
}

function isOfSender({ node, frame }: Ref): boolean {
  const slot = slotOf(node, frame);
  return slot !== undefined && isSenders(slot);
}

import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { type Ref, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isAlone, isGiven, isSenders, readsOf } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { sourcesOf } from '../ir/sources.ts';
import { literalBoolean, slotOf } from '../ir/storage.ts';
import { changeOf } from '../ir/sums.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import { givesToSender, isOwnHolding, type Move, movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Who is paid how much depends on which transaction comes first. */
export const orderDependentPayout: Detector = {
  id: 'order-dependent-payout',
  category: 'front-running',
  severity: 'medium',
  confidence: 'medium',
  title: 'What is paid depends on who comes first',
  why: 'A payment is a part of what is left, or a reward that somebody may set anew while the claim waits. The same claim is worth more or less by its place in the block, and that can be bought.',
  exploit:
    'A claimant sees the claims of the others, pays a higher fee, and takes a part of the whole in place of a part of the rest. Or the one who owes the reward lowers it right before the claim.',
  fix: 'Fix what each is owed before the first claim, from a sum that claims do not change; and do not let a reward be lowered while it is offered.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bonus {
    uint256 public left;
    uint256 public members = 4;
    mapping(address => bool) public drawn;
    function fill() external payable { left += msg.value; }
    function draw() external {
        require(!drawn[msg.sender]);
        drawn[msg.sender] = true;
        uint256 part = _part();
        left -= part;
        payable(msg.sender).transfer(part); // <-- finding
    }
    function _part() private view returns (uint256) { return left / members; }
}
`,
    `pragma solidity ^0.4.16;
contract Contest {
    address public owner;
    bool public claimed;
    uint public reward;
    function Contest() public { owner = msg.sender; }
    function setReward() public payable {
        require(!claimed && msg.sender == owner);
        owner.transfer(reward);
        reward = msg.value;
    }
    function claim(uint submission) public {
        require(!claimed && submission < 10);
        claimed = true;
        msg.sender.transfer(reward); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Ladder {
    uint private visitors;
    mapping(address => bool) public taken;
    mapping(address => bool) public heirs;
    uint public count;
    constructor(address[] list) public payable {
        for (uint i = 0; i < list.length; i++) heirs[list[i]] = true;
        count = list.length;
    }
    function inherit() public {
        if (!heirs[msg.sender] || taken[msg.sender]) revert();
        taken[msg.sender] = true;
        msg.sender.transfer(address(this).balance / count); // <-- finding
    }
    function climb() public payable {
        require(msg.value == 1 ether);
        visitors = visitors + 1;
        if (visitors % 7 == 0) { // <-- finding
            msg.sender.transfer(5 ether);
        }
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Ladder {
    uint private visitors;
    uint public sum;
    mapping(address => bool) public taken;
    mapping(address => bool) public heirs;
    uint public count;
    constructor(address[] list) public payable {
        for (uint i = 0; i < list.length; i++) heirs[list[i]] = true;
        count = list.length;
        sum = msg.value;
    }
    function inherit() public {
        if (!heirs[msg.sender] || taken[msg.sender]) revert();
        taken[msg.sender] = true;
        msg.sender.transfer(sum / count); // <-- guard: msg.sender.transfer(address(this).balance / count);
    }
    function climb() public payable {
        require(msg.value == 1 ether && visitors < 7);
        visitors = visitors + 1;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bonus {
    uint256 public sum;
    uint256 public left;
    uint256 public supply;
    uint256 public members = 4;
    mapping(address => bool) public drawn;
    mapping(address => uint256) public shares;
    function fill() external payable { sum += msg.value; left += msg.value; }
    function draw() external {
        require(!drawn[msg.sender]);
        drawn[msg.sender] = true;
        uint256 part = sum / members;
        left -= part;
        payable(msg.sender).transfer(part);
    }
    function leave() external {
        require(!drawn[msg.sender]);
        drawn[msg.sender] = true;
        uint256 part = left / members;
        left -= part;
        members -= 1;
        payable(msg.sender).transfer(part);
    }
    function redeem() external {
        uint256 amount = shares[msg.sender] * left / supply;
        supply -= shares[msg.sender];
        shares[msg.sender] = 0;
        left -= amount;
        payable(msg.sender).transfer(amount);
    }
    function all() external {
        uint256 amount = left;
        left = 0;
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const move of movesOf(run)) {
        const { frame, state, node } = move.visit;
        if (!/^(push|ether)$/.test(move.kind) || !givesToSender(move) || isAlone(state)) continue;
        const shrinking = partOfTheRest(move, run);
        const reset = shrinking ? undefined : resetReward(move, run, audited);
        const turn = shrinking || reset ? undefined : turnOf(move, run);
        if (turn) {
          report({
            ...turn,
            message: `${run.entry.name} pays whoever comes at the right turn: \`${codeOf(program, turn.node, 40)}\`.`,
            steps: [{ node, frame, note: 'and is paid here' }],
          });
        }
        if (!shrinking && !reset) continue;
        const shown = codeOf(program, move.amount, 40);
        report({
          node,
          frame,
          message: shrinking
            ? `${run.entry.name} pays \`${shown}\`, a part of what earlier callers have left.`
            : `${run.entry.name} pays \`${shown}\`, which ${reset?.by} may change right before.`,
          steps: [
            ...(shrinking && shrinking.node !== node
              ? [{ ...shrinking, note: 'less is left for the next one' }]
              : (reset?.steps ?? [])),
          ],
        });
      }
    }
  },
};

/** A quotient of a sum that this very payment makes smaller, with nothing in it that is the caller's own. */
function partOfTheRest(move: Move, run: EntryRun) {
  const { frame } = move.visit;
  const parts = sourcesOf(move.amount, frame);
  const quotient = parts.find((part) => textOf(part.node, 'operator') === '/');
  if (move.visit.state.auth.some((fact) => fact.holder)) return undefined;
  const isOwn = parts.some((part) => isGiven(part.node, part.frame) || isMineOf(part.node, part.frame));
  if (!quotient || isOwn) return undefined;
  // A part of all that is held here, which the payment itself makes less.
  const held = sourcesOf(childOf(quotient.node, 'leftExpression'), quotient.frame).find((part) =>
    isOwnHolding(part.node, part.frame),
  );
  const isKept = isRecorded(run) && held !== undefined;
  if (!isKept && hasBits(taintOf(move.amount, frame), from.external)) return undefined;
  const shrinks = (node: AstNode | undefined) =>
    readsOf(node, quotient.frame).flatMap(({ slot }) =>
      run.visits.writes.filter((write) => write.slot.key === slot.key && lowers(write)),
    );
  const [write] = shrinks(childOf(quotient.node, 'leftExpression'));
  // Where the number of parts goes down with the sum, everybody gets the same.
  if (shrinks(childOf(quotient.node, 'rightExpression')).length > 0) return undefined;
  if (write) return { node: write.node, frame: write.frame };
  return isKept ? { node: move.visit.node, frame } : undefined;
}

/** Each may come once: the sender is marked. */
function isRecorded({ visits }: EntryRun): boolean {
  return visits.writes.some(({ slot, value, state }) => {
    const isMark = value !== undefined && literalBoolean(value) === true;
    return isMark && isSenders(slot) && state.reads.has(slot.key);
  });
}

/** `count == 10`, of a count that goes up with every call: the payment is for who makes it so. */
function turnOf({ amount, visit }: Move, run: EntryRun): Ref | undefined {
  const isOwn = sourcesOf(amount, visit.frame).some(
    (part) => isGiven(part.node, part.frame) || isMineOf(part.node, part.frame),
  );
  if (isOwn) return undefined;
  return visit.state.conditions
    .filter(({ truth }) => truth)
    .flatMap(({ node, frame }) => descendants(node, 'BinaryOperation').map((each) => ({ node: each, frame })))
    .find(({ node, frame }) => {
      const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
      if (
        textOf(node, 'operator') !== '==' ||
        sides.some((side) => side && literalBoolean(side) !== undefined)
      )
        return false;
      const counted = sides.flatMap((side) => readsOf(side, frame)).filter(({ slot }) => !isSenders(slot));
      const isNamed = sides.some((side) =>
        sourcesOf(side, frame).some((part) => isGiven(part.node, part.frame)),
      );
      return (
        !isNamed &&
        counted.some(({ slot }) =>
          run.visits.writes.some((write) => write.slot.key === slot.key && raises(write)),
        )
      );
    });
}

/** `count++`, `count += 1`, `count = count + 1` */
function raises(write: WriteVisit): boolean {
  if (textOf(write.node, 'operator') === '++') return true;
  const change = changeOf(write);
  return change?.sign === '+' && constantOf(write.frame.program, change.by) === 1n;
}

/** `left -= part`, `count--`, `left = left - part` */
function lowers({ node, value, frame, slot }: WriteVisit): boolean {
  if (/^-[-=]$/.test(textOf(node, 'operator'))) return true;
  return value !== undefined && readsOf(value, frame).some((read) => read.slot.key === slot.key);
}

function isMineOf(node: AstNode, frame: Move['visit']['frame']): boolean {
  const slot = slotOf(node, frame);
  return (slot !== undefined && isSenders(slot)) || textOf(node, 'memberName') === 'value';
}

/** The reward is one variable that another function sets anew, by a value of its caller's. */
function resetReward(move: Move, run: EntryRun, { runs }: Audited) {
  const { frame, state } = move.visit;
  const at = resolve(move.amount, frame);
  const slot = slotOf(at.node, at.frame);
  if (!slot || isSenders(slot) || runs.authorised(state) || run.entry.parameters.length === 0)
    return undefined;
  for (const other of runs.entries) {
    if (other.role !== 'entry' || other.entry === run.entry) continue;
    for (const write of other.visits.writes) {
      if (write.slot.key !== slot.key || write.node['operator'] !== '=' || !write.value) continue;
      if (!hasBits(taintOf(write.value, write.frame), from.parameter | from.value) || runs.once(write.state))
        continue;
      // A sum that only grows is no worse for whoever waits.
      if (readsOf(write.value, write.frame).some((read) => read.slot.key === slot.key)) continue;
      return {
        by: other.entry.name,
        steps: [{ node: write.node, frame: write.frame, note: 'set anew here' }],
      };
    }
  }
  return undefined;
}

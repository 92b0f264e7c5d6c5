import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants } from '../ir/ast.ts';
import { type Call, classifyCall } from '../ir/calls.ts';
import type { Frame } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isSenders, readsOf } from '../ir/places.ts';
import type { Program } from '../ir/program.ts';
import { isSuccessUsed } from '../ir/results.ts';
import type { EntryRun } from '../ir/runs.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Whoever is first can stop everybody else by not taking their money back. */
export const blockablePayment: Detector = {
  id: 'blockable-payment',
  category: 'denial-of-service',
  severity: 'high',
  confidence: 'medium',
  title: 'The one who is paid back can block all others',
  why: 'Before somebody new takes the place, the one before is paid, and the whole reverts when they do not take it. A contract that refuses ether keeps the place for ever.',
  exploit:
    'An attacker bids with a contract whose receive function reverts. Nobody can outbid it, and it wins.',
  fix: 'Write down what is owed to whoever was there before and let them withdraw it.',
  references: ['SWC-113', 'CWE-703', 'OWASP-SC10:2025', 'EEA-EthTrust: Pull over Push'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Auction {
    address payable public leader;
    uint256 public highest;
    function bid() external payable {
        require(msg.value > highest, "too low");
        if (leader != address(0)) _refund(leader, highest);
        leader = payable(msg.sender);
        highest = msg.value;
    }
    function _refund(address payable to, uint256 amount) internal {
        to.transfer(amount); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Lots {
    struct Lot { address leader; uint256 highest; }
    mapping(uint256 => Lot) public lots;
    function bid(uint256 id) external payable {
        Lot storage lot = lots[id];
        require(msg.value > lot.highest, "too low");
        address before = lot.leader;
        uint256 back = lot.highest;
        lot.leader = msg.sender;
        lot.highest = msg.value;
        if (before != address(0)) {
            (bool ok, ) = payable(before).call{value: back}(""); // <-- finding
            require(ok, "refund failed");
        }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Auction {
    address payable public leader;
    address payable public seller;
    uint256 public highest;
    mapping(address => uint256) public owed;
    function bid() external payable {
        require(msg.value > highest, "too low");
        owed[leader] += highest;
        leader = payable(msg.sender);
        highest = msg.value;
    }
    function soft() external payable {
        require(msg.value > highest);
        bool ok = leader.send(highest);
        if (!ok) owed[leader] += highest;
        leader = payable(msg.sender);
        highest = msg.value;
    }
    function end() external { seller.transfer(highest); }
    function pass(address payable next) external {
        require(msg.sender == seller);
        seller.transfer(highest);
        seller = next;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        if (!isPayment(call) || !('address' in call) || runs.privileged(state)) continue;
        if (!reverts(program, call)) continue;
        const replaced = replacementOf(run, call.address, frame);
        if (!replaced || runs.privileged(replaced.state)) continue;
        // Whoever holds the place gives it up themselves.
        if (state.auth.some((fact) => fact.variables.includes(replaced.slot.base))) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} pays \`${codeOf(program, call.address, 40)}\` before somebody else can take their place, and reverts when they do not take it.`,
          note: 'whoever is paid decides whether this goes on',
          steps: [
            { node: replaced.node, frame: replaced.frame, note: 'never reached while the payment fails' },
          ],
        });
      }
    }
  },
};

/** The same function puts somebody else where the receiver stood, by what the caller is. */
function replacementOf({ visits }: EntryRun, address: AstNode, frame: Frame): WriteVisit | undefined {
  const places = readsOf(address, frame).filter(({ slot }) => !isSenders(slot));
  return visits.writes.find(
    ({ slot, value, frame: at }) =>
      value !== undefined &&
      places.some((place) => place.slot.exact === slot.exact) &&
      hasBits(taintOf(value, at), from.sender | from.parameter),
  );
}

function isPayment(call: Call): boolean {
  return (
    call.kind === 'transfer' ||
    call.kind === 'send' ||
    (call.kind === 'low-level' && call.value !== undefined)
  );
}

/** Always with transfer; else where the result is required right away. */
function reverts(program: Program, call: Call): boolean {
  if (call.kind === 'transfer') return true;
  if (!isSuccessUsed(program, call.node)) return false;
  const body = program.enclosing(call.node)?.body;
  const requires = (body ? descendants(body, 'FunctionCall', 'IfStatement') : []).filter((node) =>
    isRequired(program, node, call),
  );
  return requires.length > 0;
}

function isRequired(program: Program, node: AstNode, call: Call): boolean {
  const [start = 0] = call.node.src.split(':').map(Number);
  const [at = 0, length = 0] = node.src.split(':').map(Number);
  if (at + length < start) return false;
  if (node.nodeType === 'IfStatement') {
    const then = childOf(node, 'trueBody');
    const ends =
      then &&
      descendants(then, 'RevertStatement', 'Throw', 'FunctionCall').some(
        (one) => one.nodeType !== 'FunctionCall' || classifyCall(program, one).kind === 'revert',
      );
    const condition = childOf(node, 'condition');
    return ends === true && condition?.['operator'] === '!';
  }
  const { kind } = classifyCall(program, node);
  return kind === 'require' || kind === 'assert';
}

import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants } from '../ir/ast.ts';
import { type Call, classifyCall } from '../ir/calls.ts';
import type { Frame } from '../ir/frames.ts';
import { codeOf, isInside, loops } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
import type { Program } from '../ir/program.ts';
import { isSuccessUsed } from '../ir/results.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import { movesOf } from '../ir/token-moves.ts';

/** Many are paid in one transaction, and each of them can refuse. */
export const paymentsInLoop: Detector = {
  id: 'payments-in-loop',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'high',
  title: 'One receiver can block the payment of all',
  why: 'Ether is sent to many receivers in a loop, or many tokens to one, and the whole transaction reverts when one of them refuses.',
  exploit:
    'An attacker takes part with a contract that reverts when it is paid. Nobody is paid any more, and the money of all the others is stuck.',
  fix: 'Write down what each is owed and let them withdraw it themselves, or go on when one payment fails and keep the debt.',
  references: ['SWC-113', 'CWE-703', 'OWASP-SC10:2025', 'EEA-EthTrust: Pull over Push'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Raffle {
    address payable[] public players;
    function enter() external payable { players.push(payable(msg.sender)); }
    function refundAll() external {
        for (uint256 i = 0; i < players.length; i++) {
            players[i].transfer(1 ether); // <-- finding
        }
    }
    function payAll() external {
        for (uint256 i = 0; i < players.length; i++) _pay(players[i]);
    }
    function _pay(address payable to) private {
        (bool ok, ) = to.call{value: 1 ether}(""); // <-- finding
        require(ok);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
}
contract Basket {
    IERC20[] public parts;
    mapping(address => uint256) public units;
    function leave() external {
        uint256 count = units[msg.sender];
        units[msg.sender] = 0;
        for (uint256 i = 0; i < parts.length; i++) _give(parts[i], count);
    }
    function _give(IERC20 part, uint256 count) private {
        require(part.transfer(msg.sender, count)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Raffle {
    address payable[] public players;
    mapping(address => uint256) public owed;
    function enter() external payable { players.push(payable(msg.sender)); }
    function payAll() external {
        for (uint256 i = 0; i < players.length; i++) {
            (bool ok, ) = players[i].call{value: 1 ether}("");
            if (!ok) owed[players[i]] += 1 ether; // <-- guard: require(ok);
        }
    }
    function withdraw() external {
        uint256 amount = owed[msg.sender];
        owed[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
    function split(address payable[] calldata to) external payable {
        for (uint256 i = 0; i < to.length; i++) to[i].transfer(msg.value / to.length);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const { call, frame, node } of run.visits.calls) {
        const amount = paid(call);
        if (!amount || !('address' in call)) continue;
        // A receiver that the caller names in this very call only blocks the caller.
        if (taintOf(call.address, frame).variables.size === 0) continue;
        if (!isInLoop(program, node, frame) || !stops(program, call)) continue;
        if (!hasBits(taintOf(call.address, frame), from.storage | from.keyed)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} pays \`${codeOf(program, call.address, 40)}\` in a loop, and reverts for all when one does not take it.`,
          note: 'one receiver that reverts stops the loop',
        });
      }
      for (const move of movesOf(run)) {
        const { frame, node, state } = move.visit;
        if (move.kind !== 'push' || !move.token || runs.privileged(state)) continue;
        const many = readsOf(move.token, frame).some(({ slot }) => slot.keys.length > 0);
        if (!many || !isInLoop(program, node, frame) || isInside(program, node, /^TryStatement$/)) continue;
        report({
          node,
          frame,
          confidence: 'medium',
          message: `${run.entry.name} sends every token of a list in one go, and none when \`${codeOf(program, move.token, 40)}\` refuses.`,
          note: 'a token that is paused, or blocks the receiver, stops all others',
        });
      }
    }
  },
};

/** In a loop of this function, or called from one. */
function isInLoop(program: Program, node: AstNode, frame: Frame): boolean {
  let place: AstNode | undefined = node;
  for (let at: Frame | undefined = frame; at && place; at = at.parent) {
    if (isInside(program, place, loops)) return true;
    place = at.via;
  }
  return false;
}

function paid(call: Call): AstNode | undefined {
  if (call.kind === 'transfer' || call.kind === 'send') return call.arguments[0];
  return call.kind === 'low-level' ? call.value : undefined;
}

/** Whether a failure undoes the whole: always with transfer, else where the result is required. */
function stops(program: Program, call: Call): boolean {
  if (call.kind === 'transfer') return true;
  if (!isSuccessUsed(program, call.node)) return false;
  const callable = program.enclosing(call.node);
  const requires = callable?.body ? requirements(program, callable.body) : [];
  return requires.length > 0;
}

function requirements(program: Program, body: AstNode): AstNode[] {
  return descendants(body, 'Throw', 'RevertStatement', 'FunctionCall').filter((node) => {
    if (node.nodeType === 'Throw' || node.nodeType === 'RevertStatement') return true;
    if (node.nodeType !== 'FunctionCall') return false;
    const { kind } = classifyCall(program, node);
    return kind === 'require' || kind === 'revert' || kind === 'assert';
  });
}

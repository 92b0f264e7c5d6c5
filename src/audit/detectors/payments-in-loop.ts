import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants } from '../ir/ast.ts';
import { type Call, classifyCall } from '../ir/calls.ts';
import { codeOf, isInside, loops } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { isSuccessUsed } from '../ir/results.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Many are paid in one transaction, and each of them can refuse. */
export const paymentsInLoop: Detector = {
  id: 'payments-in-loop',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'high',
  title: 'One receiver can block the payment of all',
  why: 'Ether is sent to many receivers in a loop, and the whole transaction reverts when one of them does not take it.',
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
        let at: typeof frame | undefined = frame;
        let place: AstNode | undefined = node;
        let inLoop = false;
        while (at && place && !inLoop) {
          inLoop = isInside(program, place, loops);
          place = at.via;
          at = at.parent;
        }
        if (!inLoop || !stops(program, call)) continue;
        if (!hasBits(taintOf(call.address, frame), from.storage | from.keyed)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} pays \`${codeOf(program, call.address, 40)}\` in a loop, and reverts for all when one does not take it.`,
          note: 'one receiver that reverts stops the loop',
        });
      }
    }
  },
};

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

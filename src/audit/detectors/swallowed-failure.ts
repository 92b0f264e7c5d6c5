import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, unwrap } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { entryFrame } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { hasEffect } from '../ir/results.ts';
import { slotOf } from '../ir/storage.ts';

/** `try` catches the failure of a payment, and nothing is done about it. */
export const swallowedFailure: Detector = {
  id: 'swallowed-failure',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'medium',
  title: 'A failed payment is caught and forgotten',
  why: 'try … catch keeps the transaction alive when the call reverts. With nothing in catch but an event, the state that was changed for the payment stays changed although nothing was paid.',
  exploit:
    'The call fails, through a paused token, a full vault or too little gas that an attacker chose. The claim is gone from the records, and the money stays.',
  fix: 'Put back in catch what was changed before, or leave out try so that all of it is undone.',
  references: ['SWC-104', 'CWE-390', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transfer(address to, uint256 n) external returns (bool); }
contract Desk {
    IERC20 public token;
    mapping(address => uint256) public due;
    event Failed(address who);
    function draw() external {
        uint256 n = due[msg.sender];
        due[msg.sender] = 0;
        try token.transfer(msg.sender, n) returns (bool ok) { require(ok); } catch { // <-- finding
            emit Failed(msg.sender);
        }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transfer(address to, uint256 n) external returns (bool); function permit(address a, uint256 n) external; }
contract Desk {
    IERC20 public token;
    mapping(address => uint256) public due;
    mapping(address => uint256) public failed;
    function draw() external {
        uint256 n = due[msg.sender];
        due[msg.sender] = 0;
        try token.transfer(msg.sender, n) returns (bool ok) { require(ok); } catch { failed[msg.sender] += n; }
    }
    function mark() external {
        uint256 n = due[msg.sender];
        try token.transfer(msg.sender, n) returns (bool ok) { if (ok) due[msg.sender] = 0; } catch {}
    }
    function permitted() external { due[msg.sender] = 0; try token.permit(msg.sender, 1) {} catch {} }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const statement of callable.body ? descendants(callable.body, 'TryStatement') : []) {
        const call = childOf(statement, 'externalCall');
        const [, ...caught] = childrenOf(statement, 'clauses');
        if (!call || !isPayment(program, call)) continue;
        if (caught.some((clause) => hasEffect(childOf(clause, 'block')))) continue;
        if (!changesState(program, callable, statement)) continue;
        report({
          node: call,
          message: `When \`${codeOf(program, call, 50)}\` fails, ${callable.name} goes on as if it had worked.`,
        });
      }
    }
  },
};

function isPayment(program: Program, node: AstNode): boolean {
  const call = classifyCall(program, node);
  const moves = /transfer|send|pay|withdraw|deposit|mint|burn|redeem|swap|release|claim|settle|stake/i;
  const name = call.kind === 'external' ? call.name : call.kind === 'internal' ? call.target.name : '';
  return moves.test(name) || call.value !== undefined;
}

/** The function changes storage whatever becomes of the call: outside of what runs when it worked. */
function changesState(program: Program, callable: Callable, statement: AstNode): boolean {
  const context = callable.contract;
  if (!callable.body || !context) return false;
  const frame = entryFrame(program, callable, context);
  const inside = new Set(descendants(statement, 'Assignment', 'UnaryOperation'));
  return descendants(callable.body, 'Assignment', 'UnaryOperation').some((node) => {
    if (inside.has(node)) return false;
    const place = childOf(node, node.nodeType === 'Assignment' ? 'leftHandSide' : 'subExpression');
    const writes = node.nodeType === 'Assignment' || /^(\+\+|--|delete)$/.test(String(node['operator']));
    return writes && place !== undefined && slotOf(unwrap(place), frame) !== undefined;
  });
}

import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { entryFrame, type Frame, isThis, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { literalValue } from '../ir/storage.ts';

/** Something depends on the contract's ether being exactly so much. */
export const strictBalance: Detector = {
  id: 'strict-balance',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'high',
  title: 'The balance of the contract is compared for equality',
  why: 'Ether reaches a contract without any of its functions being called: by selfdestruct, as a block reward, or before it is deployed. Its balance is never under its own control.',
  exploit:
    'An attacker forces one wei into the contract. The balance never has the expected value again, and what waits for it is stuck for ever.',
  fix: 'Compare with `>=`, or keep a record of what was deposited and compare that.',
  references: ['SWC-132', 'CWE-667', 'OWASP-SC10:2025', 'EEA-EthTrust: No Exact Balance Check'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Game {
    address public winner;
    function play() external payable {
        require(msg.value == 1 ether);
        uint256 balance = address(this).balance;
        if (balance == 7 ether) winner = msg.sender; // <-- finding
        require(address(this).balance != 8 ether); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Game {
    address public winner;
    uint256 public paid;
    function play() external payable {
        require(msg.value == 1 ether);
        paid += msg.value;
        if (paid == 7 ether) winner = msg.sender;
        require(address(this).balance >= paid);
        require(address(this).balance != 0, "empty");
        require(msg.sender.balance == 0);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        if (!['==', '!='].includes(textOf(node, 'operator'))) continue;
        const left = childOf(node, 'leftExpression');
        const right = childOf(node, 'rightExpression');
        if (!left || !right || (!isOwnBalance(left, frame) && !isOwnBalance(right, frame))) continue;
        const other = isOwnBalance(left, frame) ? right : left;
        if (literalValue(other) === 0n) continue;
        report({
          node,
          frame,
          message: `${callable.name} depends on \`${codeOf(program, node)}\`, and anyone can send ether that no function sees.`,
        });
      }
    }
  },
};

function isOwnBalance(node: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame);
  if (at.node.nodeType !== 'MemberAccess' || textOf(at.node, 'memberName') !== 'balance') return false;
  const owner = childOf(at.node, 'expression');
  return owner !== undefined && isThis(owner, at.frame);
}

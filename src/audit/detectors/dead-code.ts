import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, unwrap } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';

/** Statements that no run comes to. */
export const deadCode: Detector = {
  id: 'dead-code',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'Code that is never reached',
  why: 'What stands behind return, revert, break or continue does not run. A check or an update that was meant to happen does not happen.',
  exploit: 'Whoever calls is paid and returns before the balance is reduced, and calls again.',
  fix: 'Move it in front of the statement that leaves, or take it away.',
  references: ['SWC-135', 'CWE-561', 'OWASP-SC03:2025', 'EEA-EthTrust: Remove Unreachable Code'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    mapping(address => uint256) public due;
    function take() external returns (uint256 n) {
        n = due[msg.sender];
        return n;
        due[msg.sender] = 0; // <-- finding
    }
    function loop(uint256 n) external {
        for (uint256 i = 0; i < n; i++) {
            if (i == 3) {
                continue;
                due[msg.sender] += i; // <-- finding
            }
        }
        if (false) { due[msg.sender] = 0; } // <-- finding
        revert("closed");
        due[msg.sender] = 1; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    mapping(address => uint256) public due;
    function take(uint256 n) external returns (uint256) {
        if (n > 3) return 0;
        for (uint256 i = 0; i < n; i++) { if (i == 2) break; if (i == 1) continue; due[msg.sender] = i; }
        while (true) { if (n > 9) return 1; n++; }
        return n; // <-- guard: return n; due[msg.sender] = 0;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const block of descendants(callable.body, 'Block', 'UncheckedBlock')) {
        const statements = childrenOf(block, 'statements');
        const end = statements.findIndex((statement) => isExit(program, statement));
        const dead = end < 0 ? undefined : statements[end + 1];
        if (!dead) continue;
        report({
          node: dead,
          message: `\`${codeOf(program, dead, 50)}\` in ${callable.name} is never reached.`,
        });
      }
      for (const branch of descendants(callable.body, 'IfStatement', 'WhileStatement')) {
        const condition = childOf(branch, 'condition');
        if (!condition || textOf(unwrap(condition), 'value') !== 'false') continue;
        report({
          node: branch,
          message: `\`${codeOf(program, branch, 50)}\` in ${callable.name} never runs.`,
        });
      }
    }
  },
};

function isExit(program: Program, statement: AstNode): boolean {
  if (/^(Return|Throw|RevertStatement|Break|Continue)$/.test(statement.nodeType)) return true;
  const expression =
    statement.nodeType === 'ExpressionStatement' ? childOf(statement, 'expression') : undefined;
  if (expression?.nodeType !== 'FunctionCall') return false;
  return /^(revert|selfdestruct)$/.test(classifyCall(program, expression).kind);
}

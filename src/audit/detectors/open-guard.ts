import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, unwrap } from '../ir/ast.ts';
import { entryFrame } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { keyOf } from '../ir/storage.ts';

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
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Gate {
    address public office = msg.sender;
    address public operator;
    modifier staff() { require(msg.sender == office || msg.sender == operator); _; }
    function open() external staff { operator = address(0); }
    function close(uint256 a, uint256 b) external {
        if (msg.sender != office && msg.sender != operator) revert();
        if (a != 1 || b != 1) operator = msg.sender;
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

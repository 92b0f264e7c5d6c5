import type { Detector } from '../detector.ts';
import { descendants, typeOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { isMagic } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { isSuccessUsed } from '../ir/results.ts';

/** A check answers yes or no, and nobody looks. */
export const ignoredGuard: Detector = {
  id: 'ignored-guard',
  category: 'access-control',
  severity: 'high',
  confidence: 'high',
  title: 'The answer of a check is ignored',
  why: 'The function asks whether the sender may do this, gets an answer, and goes on whatever it is.',
  exploit: 'Anybody calls the function: the check says no, and nothing happens because of it.',
  fix: 'Require the answer: `require(_isKeeper(msg.sender))`, or let the check itself revert.',
  references: ['SWC-123', 'CWE-252', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Store {
    mapping(address => bool) public keepers;
    uint256 public price;
    function _isKeeper() internal view returns (bool) { return keepers[msg.sender]; }
    function setPrice(uint256 to) external {
        _isKeeper(); // <-- finding
        price = to;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Store {
    mapping(address => bool) public keepers;
    uint256 public price;
    function _isKeeper() internal view returns (bool) { return keepers[msg.sender]; }
    function _only() internal view returns (bool) { require(keepers[msg.sender]); return true; }
    function setPrice(uint256 to) external { require(_isKeeper()); price = to; }
    function reset() external { _only(); price = 0; }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const node of callable.body ? descendants(callable.body, 'FunctionCall') : []) {
        const call = classifyCall(program, node);
        if (call.kind !== 'internal' || !isQuestion(program, call.target)) continue;
        if (isSuccessUsed(program, node)) continue;
        report({
          node,
          message: `${callable.name} does the same whatever \`${codeOf(program, node, 40)}\` answers.`,
        });
      }
    }
  },
};

/** Answers yes or no about the sender, and stops nothing by itself. */
function isQuestion(program: Program, { body, mutability, returns }: Callable): boolean {
  const [answer] = returns;
  if (!body || mutability !== 'view' || returns.length !== 1 || !answer || typeOf(answer) !== 'bool')
    return false;
  const asks = descendants(body, 'MemberAccess').some((node) => isMagic(node, 'msg', 'sender'));
  const stops = descendants(body, 'FunctionCall', 'RevertStatement', 'Throw').some(
    (node) =>
      node.nodeType !== 'FunctionCall' ||
      ['require', 'revert', 'assert'].includes(classifyCall(program, node).kind),
  );
  return asks && !stops;
}

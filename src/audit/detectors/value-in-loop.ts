import type { Detector } from '../detector.ts';
import { childOf, descendants } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { isMagic } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';

/** The ether of one transaction is counted several times. */
export const valueInLoop: Detector = {
  id: 'value-in-loop',
  category: 'selfdestruct-and-locked-ether',
  severity: 'high',
  confidence: 'medium',
  title: 'msg.value is used in every round of a loop',
  why: 'msg.value stays the same however often it is looked at. In a loop, the ether that came once is credited or checked once for each round.',
  exploit:
    'An attacker sends one ether with a list of ten entries, is credited ten, and withdraws what others put in.',
  fix: 'Add up what all rounds need and compare the sum with msg.value once, before or after the loop.',
  references: ['SWC-132', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Protect msg.value in Loops'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Mint {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public credit;
    function buy(uint256[] calldata ids) external payable {
        for (uint256 i = 0; i < ids.length; i++) {
            require(msg.value >= 1 ether, "too little"); // <-- finding
            ownerOf[ids[i]] = msg.sender;
        }
    }
    function top(address[] calldata whom) external payable {
        for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += msg.value; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Mint {
    mapping(address => uint256) public credit;
    function top(address[] calldata whom) external payable {
        uint256 each = msg.value / whom.length;
        for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += each;
    }
    function split(address[] calldata whom) external payable {
        for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += msg.value / whom.length;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const loop of descendants(callable.body, 'ForStatement', 'WhileStatement', 'DoWhileStatement')) {
        const body = childOf(loop, 'body');
        for (const node of body ? descendants(body, 'MemberAccess') : []) {
          if (!isMagic(node, 'msg', 'value')) continue;
          const parent = program.parent(node);
          // A part of it for each round adds up to the whole.
          if (parent?.nodeType === 'BinaryOperation' && /^[/%]$/.test(String(parent['operator']))) continue;
          const call = parent?.nodeType === 'FunctionCall' ? classifyCall(program, parent) : undefined;
          if (
            call?.kind === 'other' &&
            /event/.test(JSON.stringify(childOf(parent ?? node, 'expression')?.['typeDescriptions'] ?? ''))
          )
            continue;
          report({
            node,
            message: `${callable.name} counts msg.value anew in each round (\`${codeOf(program, parent ?? node, 40)}\`).`,
          });
        }
      }
    }
  },
};

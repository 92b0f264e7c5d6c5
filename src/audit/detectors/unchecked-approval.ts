import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import { isSuccessUsed } from '../ir/results.ts';

/** The answer of a token's approve is not looked at. */
export const uncheckedApproval: Detector = {
  id: 'unchecked-approval',
  category: 'unchecked-result',
  severity: 'low',
  confidence: 'high',
  title: 'The result of an approval is ignored',
  why: 'ERC-20 lets approve answer false, some tokens answer nothing at all, and some refuse to change an allowance that is not zero. Code that does not look goes on without the allowance that it needs.',
  exploit:
    'Nobody has to attack: with such a token the next step fails, or does less than the records say. Where it is caught somewhere, the books are wrong.',
  fix: 'Use `forceApprove` of OpenZeppelin’s SafeERC20.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
contract Adapter {
    IERC20 public immutable asset;
    address public immutable farm;
    constructor(IERC20 a, address f) { asset = a; farm = f; }
    function allow(uint256 n) external { _allow(n); }
    function _allow(uint256 n) private { asset.approve(farm, n); } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
contract Adapter {
    using SafeERC20 for IERC20;
    IERC20 public immutable asset;
    address public immutable farm;
    constructor(IERC20 a, address f) { asset = a; farm = f; }
    function allow(uint256 n) external { asset.forceApprove(farm, n); require(asset.approve(farm, n)); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        if (call.kind !== 'external' || !/^(approve|(increase|decrease)Allowance)$/.test(call.name)) continue;
        const answer = call.target?.returns[0];
        if (!answer || typeOf(answer) !== 'bool' || isSuccessUsed(program, call.node)) continue;
        report({
          node: call.node,
          message: `Nothing looks at whether \`${codeOf(program, call.callee, 60)}\` in ${callable.name} worked.`,
        });
      }
    }
  },
};

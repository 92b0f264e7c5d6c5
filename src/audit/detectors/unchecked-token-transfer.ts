import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import { isSuccessUsed } from '../ir/results.ts';

/** The answer of a token's transfer is not looked at. */
export const uncheckedTokenTransfer: Detector = {
  id: 'unchecked-token-transfer',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'high',
  title: 'The result of a token transfer is ignored',
  why: 'ERC-20 lets transfer, transferFrom and approve answer false in place of reverting, and some tokens do. Code that does not look at the answer believes that the tokens moved.',
  exploit:
    'The caller deposits a token that answers false when the balance is too low. Nothing moves, the deposit is credited all the same, and other people’s tokens are withdrawn for it.',
  fix: 'Use SafeERC20 of OpenZeppelin (`token.safeTransfer(to, amount)`), which also takes tokens that answer nothing, or `require` the answer.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Bank {
    IERC20 public token;
    mapping(address => uint256) public credit;
    function deposit(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount); // <-- finding
        credit[msg.sender] += amount;
    }
    function withdraw(uint256 amount) external {
        credit[msg.sender] -= amount;
        _send(msg.sender, amount);
    }
    function _send(address to, uint256 amount) internal {
        bool done = token.transfer(to, amount); // <-- finding
    }
    function soft(uint256 amount) external {
        try token.transfer(msg.sender, amount) returns (bool) { credit[msg.sender] -= amount; } catch { revert(); } // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Token { function transfer(address to, uint amount) public returns (bool); }
contract Faucet {
    Token token;
    function drip() public { token.transfer(msg.sender, 1); } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
}
interface Plain { function transfer(address to, uint256 amount) external; }
contract Bank {
    IERC20 public token;
    Plain public plain;
    function withdraw(uint256 amount) external returns (bool) {
        require(token.transfer(msg.sender, amount));
        bool ok = token.transfer(msg.sender, amount);
        if (!ok) revert();
        plain.transfer(msg.sender, amount);
        return token.transfer(msg.sender, amount);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        if (call.kind !== 'external' || !/^transfer(From)?$/.test(call.name)) continue;
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

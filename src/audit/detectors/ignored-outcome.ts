import type { Detector } from '../detector.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Callable } from '../ir/program.ts';
import { isSuccessUsed, reportsOutcome } from '../ir/results.ts';

/** A function tells whether a payment worked, and its caller does not ask. */
export const ignoredOutcome: Detector = {
  id: 'ignored-outcome',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'high',
  title: 'What a function says of its own call is ignored',
  why: 'The function makes a call that may fail, does not revert, and answers false instead. Here nobody looks at the answer, so a failure passes for success.',
  exploit:
    'The receiver refuses the payment, or the token answers false. The debt is cleared all the same, and what was owed stays in the contract for somebody else.',
  fix: 'Require the answer, or undo the bookkeeping when it is false.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
library Mover {
    function push(address token, address to, uint256 n) internal returns (bool) { return _run(token, abi.encodeWithSelector(0xa9059cbb, to, n)); }
    function _run(address token, bytes memory data) private returns (bool) {
        (bool ok, bytes memory answer) = token.call(data);
        return ok && (answer.length == 0 || abi.decode(answer, (bool)));
    }
}
abstract contract Payer {
    function _pay(address to, uint256 n) internal returns (bool done) {
        if (n == 0) return true;
        (done, ) = to.call{value: n}("");
    }
}
contract Desk is Payer {
    using Mover for address;
    address public token;
    mapping(address => uint256) public due;
    event Paid(bool done);
    function draw() external {
        uint256 n = due[msg.sender];
        due[msg.sender] = 0;
        _pay(msg.sender, n); // <-- finding
    }
    function drawToken() external {
        uint256 n = due[msg.sender];
        due[msg.sender] = 0;
        token.push(msg.sender, n); // <-- finding
    }
    function told() external {
        uint256 n = due[msg.sender];
        due[msg.sender] = 0;
        bool done = _pay(msg.sender, n); // <-- finding
        emit Paid(done);
    }
}
`,
    `pragma solidity ^0.4.24;
contract Old {
    mapping(address => uint) due;
    function tryPay(address to, uint n) internal returns (bool) {
        if (to.send(n)) { return true; }
        return to.send(n / 2);
    }
    function draw() public {
        uint n = due[msg.sender];
        due[msg.sender] = 0;
        tryPay(msg.sender, n); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Payer {
    function _pay(address to, uint256 n) internal returns (bool done) { (done, ) = to.call{value: n}(""); }
    function _must(address to, uint256 n) internal returns (bool) { (bool ok, ) = to.call{value: n}(""); require(ok); return ok; }
    function _note(uint256 n) internal pure returns (bool) { return n > 3; }
}
contract Desk is Payer {
    mapping(address => uint256) public due;
    function draw() external {
        uint256 n = due[msg.sender];
        due[msg.sender] = 0;
        if (!_pay(msg.sender, n)) due[msg.sender] = n;
    }
    function hard() external returns (bool) {
        due[msg.sender] = 0;
        _must(msg.sender, 1);
        _note(4);
        return _pay(msg.sender, 1);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        const target: Callable | undefined =
          call.kind === 'internal' || (call.kind === 'external' && !/^transfer(From)?$/.test(call.name))
            ? call.target
            : undefined;
        if (!target || !reportsOutcome(program, target) || isSuccessUsed(program, call.node)) continue;
        report({
          node: call.node,
          message: `${callable.name} does not look at whether \`${codeOf(program, call.node, 40)}\` worked, and ${target.name} does not revert when it did not.`,
          steps: [{ node: target.node, note: `${target.name} answers false in place of reverting` }],
        });
      }
    }
  },
};

import type { Detector } from '../detector.ts';
import { assemblyOperations } from '../ir/assembly.ts';
import { descendants } from '../ir/ast.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import { isSuccessUsed } from '../ir/results.ts';

/** A low-level call whose failure goes unnoticed. */
export const uncheckedLowLevelCall: Detector = {
  id: 'unchecked-low-level-call',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'high',
  title: 'The result of a low-level call is ignored',
  why: 'call, delegatecall, callcode and staticcall do not revert when the callee fails: they return false. Code that does not look at the result goes on as if the call had worked.',
  exploit:
    'The callee reverts on purpose or runs out of gas. The contract books the payment as made, so ether or rights are lost while its records say otherwise.',
  fix: 'Check the result: `(bool ok, ) = target.call{value: amount}(""); require(ok, "call failed");`, or use OpenZeppelin\'s Address.functionCall / Address.sendValue, which revert.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Payroll {
    mapping(address => uint256) public due;
    function pay(address payable worker) external {
        uint256 amount = due[worker];
        due[worker] = 0;
        worker.call{value: amount}(""); // <-- finding
    }
    function notify(address hook, bytes calldata data) external returns (bytes memory answer) {
        (, answer) = hook.call(data); // <-- finding
    }
    function ping(address hook) external {
        (bool ok, ) = hook.call(""); // <-- finding
    }
    event Told(bool ok);
    function tell(address hook) external {
        (bool ok, ) = hook.call(""); // <-- finding
        if (!ok) emit Told(ok);
    }
    function raw(address to, uint256 amount) external {
        due[to] = 0;
        assembly { pop(call(gas(), to, amount, 0, 0, 0, 0)) } // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Old {
    function pay(address worker, uint amount) public {
        worker.call.value(amount)(); // <-- finding
        bool ok = worker.call.gas(5000)(bytes4(keccak256("paid()"))); // <-- finding
        worker.delegatecall(msg.data); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Payroll {
    mapping(address => uint256) public due;
    function pay(address payable worker) external {
        uint256 amount = due[worker];
        due[worker] = 0;
        (bool ok, ) = worker.call{value: amount}("");
        require(ok, "payment failed");
    }
    function tryPay(address payable worker) external returns (bool ok) {
        (ok, ) = worker.call{value: 1}("");
    }
    function counted(address payable worker) external {
        (bool ok, ) = worker.call{value: 1}("");
        if (!ok) due[worker] += 1;
    }
}
`,
    `pragma solidity ^0.4.24;
contract Old {
    function pay(address worker, uint amount) public returns (bool) {
        require(worker.call.value(amount)());
        if (!worker.call(msg.data)) revert();
        return worker.call();
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const node of callable.body ? descendants(callable.body, 'InlineAssembly') : []) {
        const lost = assemblyOperations(node).find(
          ({ name, dropped }) => dropped && /^(call|delegatecall|callcode)$/.test(name),
        );
        if (!lost) continue;
        report({
          node,
          message: `${callable.name} throws away whether the ${lost.name} in assembly worked.`,
        });
      }
      for (const call of callsIn(program, callable)) {
        if (call.kind !== 'low-level' || isSuccessUsed(program, call.node)) continue;
        const target = codeOf(program, call.address, 40);
        report({
          node: call.node,
          message: `Nothing looks at whether the ${call.method} to \`${target}\` in ${callable.name} worked.`,
        });
      }
    }
  },
};

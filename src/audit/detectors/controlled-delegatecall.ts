import type { Detector } from '../detector.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { isThis } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { chosenByCaller, from, hasBits, type Taint, taintOf, variableTaint } from '../ir/taint.ts';

/** Code chosen by a stranger runs with this contract's storage and ether. */
export const controlledDelegatecall: Detector = {
  id: 'controlled-delegatecall',
  category: 'delegatecall-proxy',
  severity: 'critical',
  confidence: 'high',
  title: 'A stranger chooses the code that delegatecall runs',
  why: "delegatecall and callcode run another contract's code on this contract's storage and balance. Whoever chooses that code owns this contract.",
  exploit:
    "An attacker deploys a contract that overwrites the owner's slot or sends the balance away, and passes its address. The call runs it as if it were this contract's own code.",
  fix: 'Delegate only to an address fixed at deployment (`immutable`) or set by a privileged function, or look the address up in a list that only the owner changes. Never forward unfiltered calldata to a library with state-changing functions.',
  references: ['SWC-112', 'CWE-829', 'OWASP-SC01:2025', 'EEA-EthTrust: No delegatecall()'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Runner {
    address public library_;
    function run(address target, bytes calldata data) external {
        (bool ok, ) = target.delegatecall(data); // <-- finding
        require(ok);
    }
    function setLibrary(address next) external { library_ = next; }
    function step() external {
        (bool ok, ) = library_.delegatecall(abi.encodeWithSignature("step()")); // <-- finding
        require(ok);
    }
    function raw(address target) external {
        assembly { // <-- finding
            let ok := delegatecall(gas(), target, 0, 0, 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
`,
    `pragma solidity ^0.4.24;
contract Forwarder {
    address helper;
    constructor(address h) public { helper = h; }
    function forward(address callee, bytes _data) public {
        require(callee.delegatecall(_data)); // <-- finding
    }
    function () public payable {
        require(helper.delegatecall(msg.data)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Runner {
    address public immutable fixedLibrary;
    address public owner;
    address public current;
    constructor(address target) { fixedLibrary = target; owner = msg.sender; }
    function set(address next) external {
        require(msg.sender == owner);
        current = next;
    }
    function run() external {
        (bool ok, ) = fixedLibrary.delegatecall(abi.encodeWithSignature("step()"));
        (bool also, ) = current.delegatecall(abi.encodeWithSignature("step()"));
        require(ok && also);
    }
    function admin(address target, bytes calldata data) external {
        require(msg.sender == owner);
        (bool ok, ) = target.delegatecall(data);
        require(ok);
    }
    function multicall(bytes[] calldata data) external {
        for (uint256 i = 0; i < data.length; i++) {
            (bool ok, ) = address(this).delegatecall(data[i]);
            require(ok);
        }
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const { role, entry, visits, signed } of runs.entries) {
      if (role !== 'entry' || signed) continue;
      for (const { call, node, frame, state } of visits.calls) {
        if (call.kind !== 'low-level' || (call.method !== 'delegatecall' && call.method !== 'callcode'))
          continue;
        if (isGuarded(state, runs) || isThis(call.address, frame)) continue;
        // A list says which code may run here; who may change it is asked elsewhere.
        if (isLookedUp(call.address, frame, state)) continue;
        const target = codeOf(program, call.address, 40);
        if (isChosen(taintOf(call.address, frame), runs)) {
          report({
            node,
            frame,
            message: `${entry.name} runs the code at \`${target}\`, an address that the caller chooses.`,
            note: 'foreign code runs on this storage',
          });
        } else if (call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.parameter))) {
          report({
            node,
            frame,
            severity: 'medium',
            confidence: 'low',
            message: `${entry.name} lets the caller choose which function of \`${target}\` runs on this contract's storage.`,
            note: "calldata of the caller's choice is forwarded",
          });
        }
      }
      for (const { operation, node, frame, state } of visits.assembly) {
        if (!/^(delegatecall|callcode)$/.test(operation.name) || operation.operand === undefined) continue;
        if (isGuarded(state, runs) || !isChosen(variableTaint(operation.operand, frame), runs)) continue;
        const message = `${entry.name} runs the code at \`${operation.operandText}\`, an address that the caller chooses.`;
        report({ node, frame, message, note: 'foreign code runs on this storage' });
      }
    }
  },
};

function isGuarded(state: State, runs: Runs): boolean {
  return runs.privileged(state) || runs.once(state);
}

function isChosen(address: Taint, runs: Runs): boolean {
  if (hasBits(address, chosenByCaller)) return true;
  return [...address.variables].some((id) => runs.open.has(id));
}

import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector, Sighting } from '../detector.ts';
import { isUndone } from '../ir/assembly.ts';
import { blamed } from '../ir/blame.ts';
import { isLookedUp, lookupsOf } from '../ir/conditions.ts';
import { isSetUpOnce, isSlotFilledOnce } from '../ir/filling.ts';
import { type Frame, isThis, type Ref, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { delegatingFallback } from '../ir/proxies.ts';
import type { Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { slotOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, type Taint, taintOf, variableTaint } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

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
  losses: [
    {
      name: 'Furucombo',
      year: 2021,
      usd: 14_000_000,
      what: "The proxy delegated to a contract that took the attacker's code for its own.",
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// The owner may choose the code; whoever asks for a dry run may, too.
contract Studio {
    address public immutable owner = msg.sender;
    uint256 public runs;
    function run(address tool, bytes calldata data) external {
        require(msg.sender == owner, "owner");
        _enter(tool, data);
    }
    function rehearse(address tool, bytes calldata data) external returns (bool) {
        require(tool.code.length > 0, "no code");
        return _enter(tool, data); // <-- finding
    }
    function _enter(address tool, bytes calldata data) private returns (bool ok) {
        runs++;
        (ok, ) = tool.delegatecall(data);
    }
}
`,
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
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
abstract contract Host {
    function _run(address plugin, bytes memory data) internal {
        require(_size(plugin) > 0);
        (bool ok, ) = plugin.delegatecall(data); // <-- finding
        require(ok);
    }
    function _size(address account) private view returns (uint256 n) { assembly { n := extcodesize(account) } }
}
contract Desk is Host {
    struct Policy { address holder; address hook; }
    mapping(uint256 => Policy) public policies;
    mapping(address => bool) public known;
    address public owner = msg.sender;
    function use(address plugin, bytes calldata data) external { _run(plugin, data); }
    function open(uint256 id, address holder) external { require(msg.sender == owner); policies[id].holder = holder; }
    function choose(uint256 id, address hook) external { require(policies[id].holder == msg.sender); policies[id].hook = hook; }
    function settle(uint256 id) external {
        require(msg.sender == owner);
        (bool ok, ) = policies[id].hook.delegatecall(abi.encodeWithSignature("onClaim()")); // <-- finding
        require(ok);
    }
    function announce(address module) external { known[module] = true; }
    function runKnown(address module) external {
        require(known[module]);
        (bool ok, ) = module.delegatecall(""); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Desk {
    struct Policy { address holder; address hook; }
    mapping(uint256 => Policy) public policies;
    mapping(address => bool) public known;
    address public owner = msg.sender;
    function announce(address module) external { require(msg.sender == owner); known[module] = true; }
    function choose(uint256 id, address hook) external { require(known[hook]); policies[id].hook = hook; }
    function settle(uint256 id) external {
        (bool ok, ) = policies[id].hook.delegatecall(abi.encodeWithSignature("onClaim()"));
        require(ok);
    }
    function runKnown(address module) external { require(known[module]); (bool ok, ) = module.delegatecall(""); require(ok); }
}
`,
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
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      const { role, entry, visits, signed } = run;
      if (role !== 'entry' || signed) continue;
      const isForwarding = entry === delegatingFallback(program, run.context);
      for (const { call, node, frame, state } of visits.calls) {
        if (call.kind !== 'low-level' || (call.method !== 'delegatecall' && call.method !== 'callcode'))
          continue;
        if (isSetUpOnce(state, runs) || isSlotFilledOnce(state, visits) || isThis(call.address, frame))
          continue;
        // A list says which code may run here, unless anybody may add to it.
        const lists = lookupsOf(call.address, frame, state);
        if (lists.length > 0 && !lists.every((list) => isOpenList(list, runs))) continue;
        const target = codeOf(program, call.address, 40);
        // Whoever sets the implementation of a proxy is told where it is set.
        const isTold = isForwarding && !hasBits(taintOf(call.address, frame), chosenByCaller | from.keyed);
        const writer = writerOf(call.address, frame, audited);
        if (runs.privileged(state)) {
          if (writer) report(chosenBefore(entry.name, { node, frame, target, writer }));
        } else if (!isTold && (writer || isChosen(taintOf(call.address, frame), runs))) {
          report({
            ...blamed(runs, { node, frame }, (other) => runs.privileged(other.state)),
            message: `${entry.name} runs the code at \`${target}\`, an address that the caller chooses.`,
            note: 'foreign code runs on this storage',
            steps: writer ? [stepOf(writer)] : [],
          });
        } else if (call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.parameter))) {
          // The code is trusted, and a proxy is meant to hand on whatever it is asked.
          report({
            node,
            frame,
            severity: 'low',
            confidence: 'low',
            message: `${entry.name} lets the caller choose which function of \`${target}\` runs on this contract's storage.`,
            note: "calldata of the caller's choice is forwarded",
          });
        }
      }
      for (const { operation, node, frame, state } of visits.assembly) {
        if (!/^(delegatecall|callcode)$/.test(operation.name) || operation.operand === undefined) continue;
        const target = variableTaint(operation.operand, frame);
        if (isGuarded(state, runs) || !isChosen(target, runs) || isUndone(node)) continue;
        if (isSlotFilledOnce(state, visits)) continue;
        if (isForwarding && !hasBits(target, chosenByCaller)) continue;
        const message = `${entry.name} runs the code at \`${operation.operandText}\`, an address that the caller chooses.`;
        report({ node, frame, message, note: 'foreign code runs on this storage' });
      }
    }
  },
};

function chosenBefore(
  name: string,
  { node, frame, target, writer }: { node: AstNode; frame: Frame; target: string; writer: WriteVisit },
): Sighting {
  return {
    node,
    frame,
    severity: 'high',
    message: `${name} runs the code at \`${target}\`, an address that somebody else chose before.`,
    note: 'foreign code runs on this storage',
    steps: [stepOf(writer)],
  };
}

function stepOf({ node, frame }: WriteVisit) {
  return { node, frame, note: 'anyone may set the address, here' };
}

function isGuarded(state: State, runs: Runs): boolean {
  return runs.privileged(state) || isSetUpOnce(state, runs);
}

function isOpenList({ node, frame }: Ref, runs: Runs): boolean {
  const slot = slotOf(node, frame);
  return slot !== undefined && runs.open.has(slot.base);
}

/** @returns a write by which a stranger sets the address where it is kept */
function writerOf(address: AstNode, frame: Frame, { runs }: Audited): WriteVisit | undefined {
  const at = resolve(address, frame);
  const slot = slotOf(at.node, at.frame);
  if (!slot) return undefined;
  for (const { role, visits } of runs.entries) {
    if (role !== 'entry') continue;
    for (const write of visits.writes) {
      if (write.slot.key !== slot.key || !write.value || isGuarded(write.state, runs)) continue;
      if (!hasBits(taintOf(write.value, write.frame), chosenByCaller)) continue;
      if (!isLookedUp(write.value, write.frame, write.state)) return write;
    }
  }
  return undefined;
}

function isChosen(address: Taint, runs: Runs): boolean {
  if (hasBits(address, chosenByCaller)) return true;
  return [...address.variables].some((id) => runs.open.has(id)) && !hasBits(address, from.keyed);
}

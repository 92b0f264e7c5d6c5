import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import type { EntryRun } from '../ir/runs.ts';

/** Something is marked as done and never asked whether it was. */
export const uncheckedMark: Detector = {
  id: 'unchecked-mark',
  category: 'cross-chain',
  severity: 'high',
  confidence: 'high',
  title: 'What is marked as done can be done again',
  why: 'The function pays or mints and marks the message as done, and does not look at the mark before.',
  exploit: 'The same message with the same proof or signature is brought again, and pays again.',
  fix: 'Begin with `require(!done[id])`, and set the mark before anything is paid.',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC03:2025', 'EEA-EthTrust: Prevent Replay'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Gate {
    address public notary = msg.sender;
    mapping(bytes32 => bool) public released;
    function release(address payable to, uint256 amount, bytes32 id, uint8 v, bytes32 r, bytes32 s) external { // <-- finding
        require(ecrecover(keccak256(abi.encode(to, amount, id)), v, r, s) == notary && notary != address(0));
        released[id] = true;
        to.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Gate {
    address public notary = msg.sender;
    mapping(bytes32 => bool) public released;
    mapping(address => bool) public allowed;
    function _once(bytes32 id) private { if (released[id]) revert(); released[id] = true; }
    function release(address payable to, uint256 amount, bytes32 id) external {
        require(msg.sender == notary);
        _once(id);
        to.transfer(amount);
    }
    function allow(address who) external payable { require(msg.sender == notary); allowed[who] = true; payable(who).transfer(1); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || !paysOut(run)) continue;
      for (const { slot, value, state } of run.visits.writes) {
        const name = textOf(program.stateVariable(slot.base), 'name');
        const isMark =
          value?.nodeType === 'Literal' && textOf(value, 'value') === 'true' && slot.keys.length > 0;
        if (
          !isMark ||
          !/released|landed|done|processed|executed|consumed|claimed|spent|redeemed|delivered|settled|used/i.test(
            name,
          )
        )
          continue;
        if (state.reads.has(slot.key) || state.checked.has(slot.exact)) continue;
        report({
          node: run.entry.node,
          message: `${run.entry.name} sets \`${name}\`, and never asks whether it was set before.`,
        });
      }
    }
  },
};

/** Ether or tokens leave, or are made. */
function paysOut({ visits }: EntryRun): boolean {
  return visits.calls.some(({ call }) => {
    const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
    if (call.kind === 'transfer' || call.kind === 'send') return true;
    return (
      (call.kind === 'low-level' && call.value !== undefined) || /^_?(safe)?(transfer|mint)$/i.test(name)
    );
  });
}

import type { Audited, Detector } from '../detector.ts';
import { ownPlace } from '../findings.ts';
import { isTrusted, reachableDuring, shownAddress } from '../ir/control.ts';
import { nameOfPlace, type Unsettled, unsettledIn } from '../ir/reentry.ts';
import type { EntryRun } from '../ir/runs.ts';
import { overlaps } from '../ir/storage.ts';

/** Another function sees the state that this one has not settled yet. */
export const crossFunctionReentrancy: Detector = {
  id: 'cross-function-reentrancy',
  category: 'reentrancy',
  severity: 'high',
  confidence: 'medium',
  title: 'Another function can be entered before the state is settled',
  why: 'A lock on one function keeps that function from being entered again, and a check of the sender keeps strangers out of it. Other functions without the same lock stay open, and read what this one has not updated yet.',
  exploit:
    "An attacker withdraws; when the ether arrives, their contract transfers the balance, which is not reduced yet, to a second account by the token's own transfer function. Then the first balance is set to zero, and the second withdraws again.",
  fix: 'Change the state before the call. A lock has to stand on every function that reads or writes the same state.',
  references: ['SWC-107', 'CWE-841', 'OWASP-SC05:2025', 'EEA-EthTrust: Use Check-Effects-Interaction'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public balanceOf;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    function deposit() external payable { balanceOf[msg.sender] += msg.value; }
    function move(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }
    function withdraw() external alone {
        uint256 amount = balanceOf[msg.sender];
        (bool ok, ) = msg.sender.call{value: amount}(""); // <-- finding
        require(ok);
        balanceOf[msg.sender] = 0;
    }
}
contract Payroll {
    address public owner = msg.sender;
    mapping(address => uint256) public due;
    function draw() external {
        uint256 amount = due[msg.sender];
        due[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
    function pay(address worker) external {
        require(msg.sender == owner);
        (bool ok, ) = worker.call{value: due[worker]}(""); // <-- finding
        require(ok);
        due[worker] = 0;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public balanceOf;
    uint256 public paidOut;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    function deposit() external payable { balanceOf[msg.sender] += msg.value; }
    function move(address to, uint256 amount) external alone {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }
    function withdraw() external alone {
        uint256 amount = balanceOf[msg.sender];
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        balanceOf[msg.sender] = 0;
        paidOut += amount;
    }
    function count() external returns (uint256) { paidOut += 0; return paidOut; }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const unsettled of unsettledIn(runs, run)) {
        const { write, pending, guest } = unsettled;
        const { call, frame } = pending;
        const other = guest && otherWayIn(audited, run, unsettled);
        const place = ownPlace(program, write.node, write.frame);
        if (!guest || !other || !place || place === ownPlace(program, call.node, frame)) continue;
        const name = nameOfPlace(program, write);
        report({
          node: call.node,
          frame,
          ...(guest.how === 'ether' ? {} : { severity: 'medium' as const }),
          message: `While ${run.entry.name} waits for \`${shownAddress(program, guest.address)}\`, ${other.entry.name} can be called, and sees \`${name}\` as it was.`,
          note: 'control goes to somebody else',
          steps: [
            { node: other.entry.node, note: `${other.entry.name} reads \`${name}\`, without this lock` },
            { node: write.node, frame: write.frame, note: `\`${name}\` is updated only now` },
          ],
        });
      }
    }
  },
};

/** Only where the function itself cannot be entered again: that is told of by another detector. */
function otherWayIn(
  { program, runs }: Audited,
  run: EntryRun,
  { write, pending, reduces, rechecked, stale }: Unsettled,
): EntryRun | undefined {
  const { call, before } = pending;
  if (call.kind === 'transfer' || call.kind === 'send' || rechecked || !reduces) return undefined;
  const closed = before.locks.size > 0 || isTrusted(before, program, runs);
  if (!closed || !stale) return undefined;
  return reachableDuring(runs, run, pending).find(
    (other) =>
      other.entry.mutability !== 'view' &&
      [...other.reads].some((place) => overlaps(place, write.slot.key)) &&
      spends(other, write.slot.key, { program, runs }),
  );
}

/** It takes from the same place, or pays, for anybody who asks. */
function spends({ visits }: EntryRun, place: string, { program, runs }: Audited): boolean {
  const writes = visits.writes.some(
    ({ slot, state, node }) =>
      overlaps(slot.key, place) && node['operator'] !== '+=' && !isTrusted(state, program, runs),
  );
  return (
    writes ||
    visits.calls.some(
      ({ call, state }) =>
        (call.kind === 'transfer' ||
          call.kind === 'send' ||
          (call.kind === 'low-level' && call.value !== undefined)) &&
        [...state.reads].some((read) => overlaps(read, place)) &&
        !isTrusted(state, program, runs),
    )
  );
}

import type { Audited, Detector } from '../detector.ts';
import { guestOf, isForeign, isTrusted, shownAddress } from '../ir/control.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import type { PendingCall } from '../ir/state.ts';
import { keyOf } from '../ir/storage.ts';
import type { CallVisit } from '../ir/visits.ts';

/** What another contract keeps of the books is settled only after control was handed over. */
export const crossContractReentrancy: Detector = {
  id: 'cross-contract-reentrancy',
  category: 'reentrancy',
  severity: 'high',
  confidence: 'medium',
  title: 'Another contract is told only after control was handed over',
  why: 'The record that decides over the payment lies in a second contract. It is asked before, and reduced after, somebody else’s code has run; in between it says what it said.',
  exploit:
    'An attacker redeems with a contract that, on receiving the ether, calls again, or moves the shares to a second account. The share token still knows the old balance.',
  fix: 'Burn, debit or mark in the other contract before paying.',
  references: ['SWC-107', 'CWE-841', 'OWASP-SC05:2025', 'EEA-EthTrust: Use Check-Effects-Interaction'],
  losses: [
    {
      name: 'Rari Fuse pools',
      year: 2022,
      usd: 80_000_000,
      what: 'While ether was sent for a loan, another contract of the protocol released the collateral.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Shares { function balanceOf(address who) external view returns (uint256); function burn(address who, uint256 n) external; }
contract Desk {
    Shares public immutable shares;
    constructor(Shares given) { shares = given; }
    receive() external payable {}
    function redeem(uint256 amount) external {
        require(shares.balanceOf(msg.sender) >= amount);
        _pay(amount);
        shares.burn(msg.sender, amount);
    }
    function _pay(uint256 amount) private {
        (bool ok, ) = msg.sender.call{value: amount}(""); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Shares { function balanceOf(address who) external view returns (uint256); function burn(address who, uint256 n) external; }
interface Log { function note(address who) external; }
contract Desk {
    Shares public immutable shares;
    Log public immutable log;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    constructor(Shares given, Log l) { shares = given; log = l; }
    function redeem(uint256 amount) external {
        require(shares.balanceOf(msg.sender) >= amount);
        shares.burn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        log.note(msg.sender);
    }
    function locked(uint256 amount) external alone {
        require(shares.balanceOf(msg.sender) >= amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        shares.burn(msg.sender, amount);
    }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const visit of run.visits.calls) {
        if (!isLedgerCall(audited, visit)) continue;
        for (const pending of visit.state.calls) {
          const guest = guestOf(pending, runs);
          const { call, frame, before } = pending;
          if (!guest || call.kind === 'transfer' || call.kind === 'send' || before.locks.size > 0) continue;
          if (isTrusted(before, program, runs) || !wasAsked(run, visit, pending)) continue;
          const { callee } = visit.call;
          report({
            node: call.node,
            frame,
            ...(guest.how === 'ether' ? {} : { severity: 'medium' as const }),
            message: `${run.entry.name} hands control to \`${shownAddress(program, guest.address)}\` before \`${codeOf(program, callee, 40)}\` takes back what it was asked for.`,
            note: 'control goes to somebody else',
            steps: [{ node: visit.node, frame: visit.frame, note: 'the other contract is told only now' }],
          });
        }
      }
    }
  },
};

const taking =
  /burn|debit|decrease|reduce|redeem|consume|spend|use|mark|remove|revoke|withdraw|settle|close|set|clear|claim|subtract|sub$/i;

/** A call that changes the record of a contract that strangers do not choose. */
function isLedgerCall({ runs }: Audited, { call, frame }: CallVisit): boolean {
  if (call.kind !== 'external' || !taking.test(call.name)) return false;
  if (call.target && /view|pure/.test(call.target.mutability)) return false;
  return !isForeign(call.address, frame, runs);
}

/** Before control went away, the same contract was asked. */
function wasAsked(run: EntryRun, { call, frame }: CallVisit, pending: PendingCall): boolean {
  if (!('address' in call)) return false;
  const ledger = keyOf(call.address, frame);
  return run.visits.calls.some(
    (other) =>
      other.call.kind === 'external' &&
      /view|pure/.test(other.call.target?.mutability ?? '') &&
      !other.state.calls.includes(pending) &&
      keyOf(other.call.address, other.frame) === ledger,
  );
}

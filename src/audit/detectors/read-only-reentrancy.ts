import type { Detector } from '../detector.ts';
import { ownPlace } from '../findings.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { reachableDuring, shownAddress } from '../ir/control.ts';
import { entryFrame, isThis } from '../ir/frames.ts';
import { bodiesFrom } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { nameOfPlace, type Unsettled, unsettledIn } from '../ir/reentry.ts';
import type { EntryRun } from '../ir/runs.ts';
import { overlaps } from '../ir/storage.ts';

/** A rate that others trust is wrong while somebody else has control. */
export const readOnlyReentrancy: Detector = {
  id: 'read-only-reentrancy',
  category: 'reentrancy',
  severity: 'medium',
  confidence: 'medium',
  title: 'A view answers from half-updated state',
  why: 'The lock keeps strangers out of the functions that change something; views stay open. Between the two halves of an update, a view that divides one by the other answers with a rate that never was.',
  exploit:
    'An attacker withdraws with a contract that, on receiving the ether, borrows from a lending market that asks this view for the price of its shares, and sees one several times too high.',
  fix: 'Finish the update before control is handed over, or let the view refuse while the lock is held (`nonReentrantView`).',
  references: [
    'SWC-107',
    'CWE-841',
    'OWASP-SC05:2025',
    'EEA-EthTrust: Protect Against Read-Only Re-entrancy',
  ],
  losses: [
    {
      name: 'dForce',
      year: 2023,
      usd: 3_650_000,
      what: 'A price was read from a Curve pool in the middle of a withdrawal.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vault {
    mapping(address => uint256) public sharesOf;
    uint256 public shares;
    uint256 public assets;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    function put() external payable alone {
        uint256 minted = shares == 0 ? msg.value : msg.value * shares / assets;
        assets += msg.value;
        shares += minted;
        sharesOf[msg.sender] += minted;
    }
    function take(uint256 amount) external alone {
        uint256 value = amount * assets / shares;
        sharesOf[msg.sender] -= amount;
        shares -= amount;
        (bool ok, ) = msg.sender.call{value: value}(""); // <-- finding
        require(ok);
        assets -= value;
    }
    function rate() external view returns (uint256) { return assets * 1e18 / shares; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    mapping(address => uint256) public sharesOf;
    uint256 public shares;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    function take(uint256 amount) external alone {
        uint256 value = amount * address(this).balance / shares;
        sharesOf[msg.sender] -= amount;
        _pay(msg.sender, value);
        shares -= amount;
    }
    function _pay(address to, uint256 value) private {
        (bool ok, ) = to.call{value: value}(""); // <-- finding
        require(ok);
    }
    function price() public view returns (uint256) { return address(this).balance / shares; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vault {
    mapping(address => uint256) public sharesOf;
    uint256 public shares;
    uint256 public assets;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    function take(uint256 amount) external alone {
        uint256 value = amount * assets / shares;
        sharesOf[msg.sender] -= amount;
        shares -= amount;
        assets -= value;
        (bool ok, ) = msg.sender.call{value: value}("");
        require(ok);
    }
    function rate() external view returns (uint256) { return assets * 1e18 / shares; }
}
contract Guarded {
    mapping(address => uint256) public sharesOf;
    uint256 public shares;
    uint256 public assets;
    bool private busy;
    modifier alone() { require(!busy); busy = true; _; busy = false; }
    function take(uint256 amount) external alone {
        uint256 value = amount * assets / shares;
        shares -= amount;
        (bool ok, ) = msg.sender.call{value: value}("");
        require(ok);
        assets -= value;
    }
    function rate() external view returns (uint256) { require(!busy); return assets * 1e18 / shares; }
    function held() external view returns (uint256) { return assets; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const unsettled of unsettledIn(runs, run)) {
        const { write, pending, guest } = unsettled;
        const { call, frame, before } = pending;
        if (!guest || call.kind === 'transfer' || call.kind === 'send' || before.locks.size === 0) continue;
        const view = reachableDuring(runs, run, pending).find((other) =>
          isTorn(program, other, run, unsettled),
        );
        if (!view || !ownPlace(program, write.node, write.frame)) continue;
        const name = nameOfPlace(program, write);
        report({
          node: call.node,
          frame,
          message: `While ${run.entry.name} waits for \`${shownAddress(program, guest.address)}\`, ${view.entry.name} computes with \`${name}\` as it was and the rest as it is.`,
          note: 'control goes to somebody else',
          steps: [
            { node: view.entry.node, note: `${view.entry.name} can be asked now` },
            { node: write.node, frame: write.frame, note: `\`${name}\` is updated only now` },
          ],
        });
      }
    }
  },
};

/** A view that divides what is updated after the call by what changed before or with it, or the other way round. */
function isTorn(
  program: Program,
  view: EntryRun,
  run: EntryRun,
  { write, pending, guest }: Unsettled,
): boolean {
  if (view.entry.mutability !== 'view' || !divides(program, view)) return false;
  const late = write.slot.key;
  if (![...view.reads].some((place) => overlaps(place, late))) return false;
  if (guest?.how === 'ether' && looksAtBalance(program, view)) return true;
  return run.visits.writes.some(
    ({ slot, state }) =>
      !state.calls.includes(pending) &&
      pending.before.written.has(slot.exact) &&
      slot.keys.length === 0 &&
      !overlaps(slot.key, late) &&
      !pending.before.locks.has(slot.exact) &&
      view.reads.has(slot.key),
  );
}

function divides(program: Program, view: EntryRun): boolean {
  return bodiesFrom(entryFrame(program, view.entry, view.context)).some(({ body }) =>
    descendants(body, 'BinaryOperation', 'MemberAccess', 'Identifier').some((node) =>
      node.nodeType === 'BinaryOperation'
        ? node['operator'] === '/'
        : /^(mulDiv|div|mulDivDown|mulDivUp|divWad\w*)$/.test(
            textOf(node, 'memberName') || textOf(node, 'name'),
          ),
    ),
  );
}

function looksAtBalance(program: Program, view: EntryRun): boolean {
  return bodiesFrom(entryFrame(program, view.entry, view.context)).some(({ body, frame }) =>
    descendants(body, 'MemberAccess').some((node) => {
      const owner = childOf(node, 'expression');
      return textOf(node, 'memberName') === 'balance' && owner !== undefined && isThis(owner, frame);
    }),
  );
}

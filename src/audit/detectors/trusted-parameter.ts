import type { Detector } from '../detector.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { codeOf } from '../ir/own.ts';
import { keyOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A contract that the caller names says what the caller gets. */
export const trustedParameter: Detector = {
  id: 'trusted-parameter',
  category: 'input-validation',
  severity: 'high',
  confidence: 'medium',
  title: 'A contract that the caller chose is believed',
  why: 'The token, pool or oracle comes from the caller, and nothing asks whether it is one that is known. What it does and answers is the caller’s to decide, and the record does not tell which one it was.',
  exploit:
    'An attacker deploys a token whose transferFrom does nothing and answers true, deposits a million of it, and withdraws a million of the real one.',
  fix: 'Keep a list of contracts that are accepted and look the parameter up, or keep a record for each of them: `credit[token][msg.sender]`.',
  references: ['SWC-123', 'CWE-20', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  losses: [
    {
      name: 'Pickle Finance',
      year: 2020,
      usd: 19_700_000,
      what: 'The caller named the vaults that were swapped, and named vaults of his own.',
    },
    {
      name: 'TempleDAO',
      year: 2022,
      usd: 2_300_000,
      what: 'The caller named the old contract from which a stake was moved.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
}
contract Bank {
    IERC20 public main;
    mapping(address => uint256) public credit;
    function deposit(IERC20 token, uint256 amount) external {
        require(token.transferFrom(msg.sender, address(this), amount)); // <-- finding
        credit[msg.sender] += amount;
    }
    function withdraw(uint256 amount) external {
        credit[msg.sender] -= amount;
        require(main.transfer(msg.sender, amount));
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}
contract Bank {
    mapping(IERC20 => bool) public known;
    mapping(address => uint256) public credit;
    mapping(IERC20 => mapping(address => uint256)) public held;
    address public owner = msg.sender;
    function allow(IERC20 token) external { require(msg.sender == owner); known[token] = true; }
    function deposit(IERC20 token, uint256 amount) external {
        require(known[token], "unknown");
        require(token.transferFrom(msg.sender, address(this), amount));
        credit[msg.sender] += amount;
    }
    function depositAny(IERC20 token, uint256 amount) external {
        require(token.transferFrom(msg.sender, address(this), amount));
        held[token][msg.sender] += amount;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        if (call.kind !== 'external' || runs.authorised(state)) continue;
        const target = taintOf(call.address, frame);
        if (
          !hasBits(target, from.parameter) ||
          hasBits(target, from.sender | from.keyed) ||
          target.variables.size > 0
        )
          continue;
        if (isLookedUp(call.address, frame, state)) continue;
        const key = keyOf(call.address, frame);
        const credited = run.visits.writes.find(
          ({ slot, state: later, value, node: write }) =>
            later.calls.some((each) => each.call.node === node) &&
            slot.keys.some((each) => hasBits(taintOf(each.node, each.frame), from.sender)) &&
            slot.keys.every((each) => keyOf(each.node, each.frame) !== key) &&
            (write['operator'] === '+=' || value !== undefined),
        );
        // Kept together with the record, it is part of what is promised.
        const isKept = run.visits.writes.some(
          ({ value, frame: at }) => value !== undefined && keyOf(value, at) === key,
        );
        if (!credited || isKept) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} believes \`${codeOf(program, call.address, 40)}\`, a contract that the caller chose.`,
          steps: [
            { node: credited.node, frame: credited.frame, note: 'credited, whichever contract it was' },
          ],
        });
      }
    }
  },
};

import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { atomsOf, isLookedUp } from '../ir/conditions.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';

/** Tokens of the contract go to whoever asks. */
export const unprotectedTokenWithdrawal: Detector = {
  id: 'unprotected-token-withdrawal',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: "Anyone can have the contract's tokens sent to them",
  why: 'The receiver is chosen by the caller, and nothing on the way asks whether the caller is allowed to, or has a record that the amount is taken from.',
  exploit: 'An attacker calls the function and receives tokens that other people put in.',
  fix: 'Let only a privileged account call it, or pay from a record of what the receiver is owed.',
  references: ['SWC-105', 'CWE-284', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect External Calls'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}
contract Vault {
    IERC20 public token;
    function rescue(IERC20 which, address to) external {
        uint256 all = which.balanceOf(address(this));
        require(which.transfer(to, all)); // <-- finding
    }
    uint256 public reserved;
    function sweep(address to) external {
        uint256 spare = token.balanceOf(address(this)) - reserved;
        if (spare == 0) revert();
        require(token.transfer(to, spare)); // <-- finding
    }
    function take(uint256 amount) external {
        _send(msg.sender, amount);
    }
    function _send(address to, uint256 amount) internal {
        require(token.transfer(to, amount)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}
interface Borrower { function onLoan(uint256 amount) external; }
contract Vault {
    IERC20 public token;
    IERC20 public other;
    address public owner = msg.sender;
    mapping(address => uint256) public shares;
    function rescue(IERC20 which, address to) external {
        if (msg.sender != owner) revert();
        require(which.transfer(to, which.balanceOf(address(this))));
    }
    function withdraw(uint256 amount) external {
        shares[msg.sender] -= amount;
        require(token.transfer(msg.sender, amount));
    }
    function swap(uint256 amount) external {
        require(other.transferFrom(msg.sender, address(this), amount));
        require(token.transfer(msg.sender, amount));
    }
    function flash(uint256 amount) external {
        uint256 before = token.balanceOf(address(this));
        require(token.transfer(msg.sender, amount));
        Borrower(msg.sender).onLoan(amount);
        require(token.balanceOf(address(this)) >= before);
    }
    function toOwner() external { require(token.transfer(owner, token.balanceOf(address(this)))); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || givesSomething(run)) continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        const sent = payment(call);
        if (!sent || runs.authorised(state) || runs.once(state) || isMeasured(run, state)) continue;
        const to = taintOf(sent.to, frame);
        if (!hasBits(to, chosenByCaller) || hasBits(to, from.keyed) || to.variables.size > 0) continue;
        const amount = taintOf(sent.amount, frame);
        if (hasBits(amount, from.keyed | from.value) && !hasBits(amount, from.external)) continue;
        if (isLookedUp(sent.to, frame, state) || isEntitled(state.conditions)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} sends \`${codeOf(program, sent.amount, 40)}\` tokens to \`${codeOf(program, sent.to, 40)}\` without asking who calls.`,
          note: 'tokens leave the contract',
        });
      }
    }
  },
};

function payment(call: Call): { to: AstNode; amount: AstNode } | undefined {
  const name = textOf(call.callee, 'memberName');
  if (!/^(safeT|t)ransfer$/.test(name)) return undefined;
  const given =
    call.kind === 'external' ? call.arguments : call.kind === 'internal' ? call.arguments.slice(1) : [];
  const [to, amount] = given;
  return to && amount && given.length === 2 ? { to, amount } : undefined;
}

/** What the contract holds is compared, after it was sent, with what it is to hold: a loan that has to be paid back. */
function isMeasured(run: EntryRun, before: State): boolean {
  const known = new Set(
    atomsOf({ visits: { ...run.visits, decisions: [...before.conditions] } }).map(({ node }) => node),
  );
  const isBalance = (item: AstNode) =>
    item.nodeType === 'FunctionCall' && textOf(childOf(item, 'expression'), 'memberName') === 'balanceOf';
  return atomsOf(run).some(
    ({ node, frame }) =>
      !known.has(node) && node.nodeType === 'BinaryOperation' && mentions(node, frame, isBalance),
  );
}

/** The caller pays for it: a record under their name changes, or tokens or ether of theirs come in. */
function givesSomething({ visits, entry }: EntryRun): boolean {
  if (entry.mutability === 'payable') return true;
  const books = visits.writes.some(({ slot }) =>
    slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), chosenByCaller)),
  );
  return (
    books ||
    visits.calls.some(({ call, frame }) => {
      const name = textOf(call.callee, 'memberName');
      // What code runs on this storage is told who it is for.
      const isDelegated = call.kind === 'low-level' && call.method === 'delegatecall';
      if (!isDelegated && !/transferFrom|burn|permit/i.test(name)) return false;
      return call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.sender));
    })
  );
}

/** What another contract or a record under the caller's key says was looked at on the way. */
function isEntitled(conditions: State['conditions']): boolean {
  return conditions.some(({ node, frame }) => hasBits(taintOf(node, frame), from.keyed | from.hash));
}

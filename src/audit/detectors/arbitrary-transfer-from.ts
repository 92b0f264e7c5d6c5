import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { type Frame, isThis, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { keyOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Tokens are taken from an account that the caller names. */
export const arbitraryTransferFrom: Detector = {
  id: 'arbitrary-transfer-from',
  category: 'arbitrary-call',
  severity: 'high',
  confidence: 'high',
  title: "Anyone can spend other people's token approvals",
  why: 'transferFrom takes tokens from an account that the caller chooses. Whoever has approved this contract can be the one.',
  exploit:
    'An attacker looks for accounts that have approved the contract and calls the function with each of them as `from` and an account of their own as receiver.',
  fix: 'Take tokens from `msg.sender`, or ask for a signature of the account that pays (EIP-2612, Permit2) and check it.',
  references: ['SWC-105', 'CWE-863', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Token Approvals'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Desk {
    IERC20 public immutable token;
    mapping(address => uint256) public credit;
    constructor(IERC20 token_) { token = token_; }
    function deposit(address payer, uint256 amount) external {
        _pull(payer, amount);
        credit[msg.sender] += amount;
    }
    function _pull(address payer, uint256 amount) private {
        require(token.transferFrom(payer, address(this), amount), "no"); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Desk {
    IERC20 public immutable token;
    address public keeper = msg.sender;
    mapping(address => mapping(address => bool)) public operators;
    struct Order { address maker; uint256 amount; }
    mapping(uint256 => Order) public orders;
    constructor(IERC20 token_) { token = token_; }
    function deposit(uint256 amount) external {
        require(token.transferFrom(msg.sender, address(this), amount));
    }
    function collect(address payer, uint256 amount) external {
        require(msg.sender == keeper);
        require(token.transferFrom(payer, address(this), amount));
    }
    function collectFor(address payer, uint256 amount) external {
        require(operators[payer][msg.sender], "not your operator");
        require(token.transferFrom(payer, address(this), amount));
    }
    function fill(uint256 id) external {
        Order memory order = orders[id];
        require(token.transferFrom(order.maker, msg.sender, order.amount));
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        const payer = payerOf(call, frame);
        if (!payer || runs.authorised(state)) continue;
        const taint = taintOf(payer, frame);
        if (!hasBits(taint, from.parameter) || hasBits(taint, from.sender | from.keyed)) continue;
        if (taint.variables.size > 0 || isThis(payer, frame) || isLookedUp(payer, frame, state)) continue;
        if (usesAllowance(run, payer, frame)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} takes tokens from \`${codeOf(program, payer, 40)}\`, whom the caller chooses.`,
          note: 'the tokens of whoever has approved this contract move',
        });
      }
    }
  },
};

/** A record that the payer made for the sender is used up: `allowed[payer][msg.sender] -= amount`. */
function usesAllowance({ visits }: EntryRun, payer: AstNode, frame: Frame): boolean {
  const key = keyOf(payer, frame);
  return visits.writes.some(({ slot }) => {
    const isPayers = slot.keys.some((each) => keyOf(each.node, each.frame) === key);
    return isPayers && slot.keys.some((each) => hasBits(taintOf(each.node, each.frame), from.sender));
  });
}

/** `token.transferFrom(from, …)`, and the wrappers that take the token first. */
function payerOf(call: Call, frame: Frame): AstNode | undefined {
  const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
  if (call.kind === 'external') {
    const receiver = childOf(call.callee, 'expression');
    // The token itself, asked by its own code, knows its own rules.
    if (receiver && isThis(resolve(receiver, frame).node, frame)) return undefined;
    return /^(safeT|t)ransferFrom$/.test(name) ? call.arguments[0] : undefined;
  }
  if (call.kind !== 'internal' || !/^_?safeTransferFrom$/i.test(name)) return undefined;
  // Reported at the wrapper's use, not inside of it.
  const first = call.arguments[0];
  const isToken = first !== undefined && call.target.contract?.kind === 'library';
  return isToken ? call.arguments[1] : undefined;
}

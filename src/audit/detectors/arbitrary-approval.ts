import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { asksSender, isVouchedFor } from '../ir/conditions.ts';
import { isSender, isThis } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';

/** The contract allows whomever the caller names to spend its tokens. */
export const arbitraryApproval: Detector = {
  id: 'arbitrary-approval',
  category: 'arbitrary-call',
  severity: 'high',
  confidence: 'medium',
  title: 'Anyone can be allowed to spend the contract’s tokens',
  why: 'approve is a payment that the receiver makes later. Here the caller says who may spend the tokens that this contract holds, and nothing asks who calls.',
  exploit:
    'An attacker has an account of their own approved, and takes all tokens of the contract with transferFrom.',
  fix: 'Approve only accounts that are fixed or that somebody privileged has listed, and only the amount of the trade.',
  references: ['SWC-105', 'CWE-863', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Token Approvals'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function approve(address spender, uint256 amount) external returns (bool); }
library Safe {
    function safeApprove(IERC20 token, address spender, uint256 amount) internal {
        (bool ok, ) = address(token).call(abi.encodeCall(token.approve, (spender, amount)));
        require(ok);
    }
}
contract Strategy {
    using Safe for IERC20;
    IERC20 public token;
    function prepare(address market) external {
        require(market != address(0));
        token.approve(market, type(uint256).max); // <-- finding
    }
}
contract Other is Strategy {
    using Safe for IERC20;
    function begin(address market, uint256 amount) external { _allow(market, amount); }
    function _allow(address market, uint256 amount) internal { token.safeApprove(market, amount); } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function approve(address who, uint256 amount) external returns (bool); }
// Only what somebody planned before is allowed again.
contract Budgets {
    struct Plan { bool active; uint64 since; uint256 weekly; }
    mapping(address => Plan) public plans;
    address public immutable planner = msg.sender;
    IERC20 public immutable coin;
    constructor(IERC20 coin_) { coin = coin_; }
    function plan(address who, uint256 weekly) external { require(msg.sender == planner); plans[who] = Plan(true, 0, weekly); }
    function renew(address who) external {
        Plan storage its = plans[who];
        require(its.active, "not planned"); // <-- guard: nothing
        its.since = uint64(block.timestamp);
        coin.approve(who, 100);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function approve(address spender, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Strategy {
    IERC20 public token;
    address public owner = msg.sender;
    address public market;
    mapping(address => bool) public markets;
    function setMarket(address to) external { require(msg.sender == owner); market = to; token.approve(to, 1); }
    function prepare() external { token.approve(market, type(uint256).max); }
    function listed(address to) external { require(markets[to]); token.approve(to, 1); }
    function trade(address to, uint256 amount) external {
        require(token.transferFrom(msg.sender, address(this), amount));
        token.approve(to, amount);
    }
}
contract Token {
    mapping(address => mapping(address => uint256)) public allowance;
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || isPaidFor(run)) continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        const spender = spenderOf(call);
        if (!spender || runs.authorised(state) || runs.once(state) || asksSender(state)) continue;
        const taint = taintOf(spender, frame);
        if (!hasBits(taint, chosenByCaller) || hasBits(taint, from.keyed | from.external)) continue;
        if (taint.variables.size > 0 || isThis(spender, frame) || isVouchedFor(spender, frame, state))
          continue;
        report({
          node,
          frame,
          message: `${run.entry.name} lets \`${codeOf(program, spender, 40)}\`, whom the caller chooses, spend tokens of this contract.`,
          note: 'whoever is named here may take the tokens',
        });
      }
    }
  },
};

/** `token.approve(spender, …)`, and the wrappers that take the token first. */
function spenderOf(call: Call): AstNode | undefined {
  const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
  if (!/^(approve|(safe|force)?(Approve|IncreaseAllowance)(WithRetry)?|increaseAllowance)$/.test(name))
    return undefined;
  if (call.kind === 'external') return call.arguments.length === 2 ? call.arguments[0] : undefined;
  const isWrapper = call.kind === 'internal' && call.target.contract?.kind === 'library';
  return isWrapper && call.arguments.length >= 3 ? call.arguments[1] : undefined;
}

/** The caller brings the tokens that are approved, or has them on record. */
function isPaidFor({ visits, entry }: EntryRun): boolean {
  if (entry.mutability === 'payable') return true;
  const books = visits.writes.some(({ slot }) => slot.keys.some((key) => isSender(key.node, key.frame)));
  if (books) return true;
  return visits.calls.some(
    ({ call, frame }) =>
      /transferFrom|permit|pull|take/i.test(textOf(call.callee, 'memberName')) &&
      call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.sender)),
  );
}

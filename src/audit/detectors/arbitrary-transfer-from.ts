import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf } from '../ir/ast.ts';
import { blamed } from '../ir/blame.ts';
import type { Call } from '../ir/calls.ts';
import { clausesOf, isLookedUp } from '../ir/conditions.ts';
import { type Frame, isSender, isThis, resolve } from '../ir/frames.ts';
import { mentions, mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { keyOf, type Slot, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { CallVisit } from '../ir/visits.ts';

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
  losses: [
    {
      name: 'Bancor',
      year: 2020,
      usd: 135_000,
      what: 'A public function moved tokens from whoever had approved the contract.',
    },
  ],
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
    `pragma solidity ^0.5.17;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Jar {
    IERC20 public token;
    mapping(address => mapping(address => uint256)) public limits;
    constructor(IERC20 token_) public { token = token_; }
    function limit(address agent, uint256 amount) external { limits[msg.sender][agent] = amount; }
    function tip(uint256 amount) external { _tip(msg.sender, amount); }
    function tipFor(address fan, uint256 amount) external {
        uint256 left = limits[fan][msg.sender];
        if (left < amount) limits[fan][msg.sender] = 0;
        else limits[fan][msg.sender] = left - amount;
        _tip(fan, amount); // <-- finding
    }
    function _tip(address fan, uint256 amount) internal {
        require(token.transferFrom(fan, address(this), amount), "no");
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Nft {
    function isApprovedForAll(address owner, address operator) external view returns (bool);
    function transferFrom(address from, address to, uint256 id) external;
}
contract Bridge {
    Nft public nft;
    function send(address from, uint256 id) external {
        address spender = msg.sender;
        require(from == spender || nft.isApprovedForAll(from, spender), "not approved");
        nft.transferFrom(from, address(this), id);
    }
}
`,
    `pragma solidity ^0.5.17;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Jar {
    IERC20 public token;
    mapping(address => mapping(address => uint256)) public limits;
    constructor(IERC20 token_) public { token = token_; }
    function limit(address agent, uint256 amount) external { limits[msg.sender][agent] = amount; }
    function tipFor(address fan, uint256 amount) external {
        uint256 left = limits[fan][msg.sender];
        require(left >= amount, "over the limit");
        limits[fan][msg.sender] = left - amount;
        require(token.transferFrom(fan, address(this), amount), "no");
    }
}
`,
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
        if (asksThePayer(payer, { frame, state }) || usesAllowance(run, payer, { frame, state })) continue;
        report({
          ...blamed(runs, { node, frame }, (other) => isPayersOwn(other, runs)),
          message: `${run.entry.name} takes tokens from \`${codeOf(program, payer, 40)}\`, whom the caller chooses.`,
          note: 'the tokens of whoever has approved this contract move',
        });
      }
    }
  },
};

/** Whoever calls is the payer, or somebody whom a record of the payer's names, whichever alternative it was. */
function asksThePayer(payer: AstNode, { frame, state }: { frame: Frame; state: State }): boolean {
  const key = keyOf(payer, frame);
  return clausesOf(state).some(
    (clause) =>
      clause.every((atom) => mentionsSender(atom.node, atom.frame)) &&
      clause.some((atom) => mentions(atom.node, atom.frame, (item, at) => keyOf(item, at) === key)),
  );
}

/** Where the same line is reached with the sender's own tokens, or behind a check, too. */
function isPayersOwn({ call, frame, state }: CallVisit, runs: Runs): boolean {
  const payer = payerOf(call, frame);
  return payer !== undefined && (isSender(payer, frame) || runs.authorised(state));
}

/**
 * A record that the payer made for the sender is used up: `allowed[payer][msg.sender] -= amount`. Where the compiler
 * does not check the difference, a condition on every way has to.
 */
function usesAllowance(
  { visits }: EntryRun,
  payer: AstNode,
  { frame, state }: { frame: Frame; state: State },
): boolean {
  const key = keyOf(payer, frame);
  const isAllowance = ({ keys }: Slot) =>
    keys.some((each) => keyOf(each.node, each.frame) === key) &&
    keys.some((each) => hasBits(taintOf(each.node, each.frame), from.sender));
  const places = visits.writes.filter(({ slot }) => isAllowance(slot));
  if (places.length === 0) return false;
  const isLookedAt = state.conditions.some(({ node, frame: at }) =>
    mentions(node, at, (item, within) => {
      const slot = item.nodeType === 'IndexAccess' ? slotOf(item, within) : undefined;
      return slot !== undefined && isAllowance(slot);
    }),
  );
  if (isLookedAt) return true;
  const every = places.filter((write) =>
    write.state.conditions.every((one) => state.conditions.includes(one)),
  );
  return frame.program.minor >= 8 && every.some(({ node, value }) => subtracts(value ?? node));
}

function subtracts(node: AstNode): boolean {
  return /^-=?$/.test(textOf(node, 'operator'));
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

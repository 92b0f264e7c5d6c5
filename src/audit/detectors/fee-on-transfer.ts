import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { childOf, descendants } from '../ir/ast.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { type Frame, isThis } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isMadeOf } from '../ir/sources.ts';
import { keyOf, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import { isOwnTokens, type Move, movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What was asked for is credited, not what arrived. */
export const feeOnTransfer: Detector = {
  id: 'fee-on-transfer',
  category: 'token-handling',
  severity: 'medium',
  confidence: 'medium',
  title: 'The amount that is credited may not have arrived',
  why: 'Tokens that take a fee, and those that rebase, deliver less than the amount of the call. The record then promises more than the contract has.',
  exploit:
    'Somebody deposits such a token again and again and withdraws the credited amounts. What is missing is paid by the others.',
  fix: 'Credit the difference of `balanceOf(address(this))` before and after the transfer, or take only tokens that are known.',
  references: ['SWC-123', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Handle Token Fees'],
  losses: [
    {
      name: 'Balancer',
      year: 2020,
      usd: 500_000,
      what: 'The pool counted what was sent and not what arrived of a token with a fee.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Vault {
    mapping(address => mapping(IERC20 => uint256)) public credit;
    function deposit(IERC20 token, uint256 amount) external {
        require(token.transferFrom(msg.sender, address(this), amount)); // <-- finding
        credit[msg.sender][token] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
abstract contract Desk {
    function _pull(address token, uint256 amount) internal returns (uint256) {
        _run(token, abi.encodeWithSelector(IERC20.transferFrom.selector, msg.sender, address(this), amount)); // <-- finding
        return amount;
    }
    function _run(address token, bytes memory data) private {
        (bool ok, bytes memory answer) = token.call(data);
        require(ok && token.code.length > 0 && (answer.length == 0 || abi.decode(answer, (bool))));
    }
}
contract Bounties is Desk {
    struct Bounty { address by; address token; uint256 reward; }
    mapping(uint256 => Bounty) public bounties;
    uint256 public count;
    function post(address token, uint256 amount) external {
        uint256 reward = _pull(token, amount);
        bounties[++count] = Bounty(msg.sender, token, reward);
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
contract Vault {
    IERC20 public immutable usd;
    mapping(address => mapping(IERC20 => uint256)) public credit;
    constructor(IERC20 given) { usd = given; }
    function deposit(IERC20 token, uint256 amount) external {
        credit[msg.sender][token] += _take(token, amount); // <-- guard: require(token.transferFrom(msg.sender, address(this), amount)); credit[msg.sender][token] += amount;
    }
    function _take(IERC20 token, uint256 amount) private returns (uint256) {
        uint256 before = token.balanceOf(address(this));
        require(token.transferFrom(msg.sender, address(this), amount));
        return token.balanceOf(address(this)) - before;
    }
    function depositUsd(uint256 amount) external {
        require(usd.transferFrom(msg.sender, address(this), amount));
        credit[msg.sender][usd] += amount;
    }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      if (run.role !== 'entry' || measures(run)) continue;
      for (const move of movesOf(run)) {
        const { frame, node, state } = move.visit;
        if (move.kind !== 'pull' || !move.to || !isThis(move.to, frame)) continue;
        const credit = run.visits.writes.find((write) => isCredit(write, move));
        if (!credit) continue;
        // A token that the deployer chose once is known; one that the caller names, or that is in a list, may be any.
        const token = tokenOf(move);
        const known = token && taintOf(token, frame);
        const isListed = token !== undefined && (isLookedUp(token, frame, state) || hasRecord(token, move));
        const isAny =
          !isListed &&
          known !== undefined &&
          hasBits(known, from.parameter | from.keyed) &&
          !(token && isCurated(audited, token, frame));
        if (known && !isAny && known.variables.size === 0 && !isListed) continue;
        report({
          node,
          frame,
          ...(isAny ? {} : { severity: 'low', confidence: 'low' }),
          message: `${run.entry.name} credits \`${codeOf(program, move.amount, 30)}\`, whatever ${token ? `\`${codeOf(program, token, 30)}\`` : 'the token'} delivers.`,
          note: 'less may arrive than is asked for',
          steps: [{ node: credit.node, frame: credit.frame, note: 'credited in full' }],
        });
      }
    }
  },
};

/** A condition looks at the record of the token: `Market storage market = markets[token]; require(market.open)`. */
function hasRecord(token: AstNode, { visit }: Move): boolean {
  const key = keyOf(token, visit.frame);
  return visit.state.conditions.some(({ node, frame }) =>
    descendants(node, 'MemberAccess', 'Identifier').some((item) =>
      slotOf(item, frame)?.keys.some((each) => keyOf(each.node, each.frame) === key),
    ),
  );
}

/** Read from records that only somebody privileged makes. */
function isCurated({ runs }: Audited, token: AstNode, frame: Frame): boolean {
  const bases = new Set(readsOf(token, frame).map(({ slot }) => slot.base));
  if (bases.size === 0) return false;
  const makers = runs.entries.flatMap((run) =>
    run.role !== 'entry'
      ? []
      : run.visits.writes.filter(
          ({ slot, value, frame: at }) =>
            bases.has(slot.base) &&
            value !== undefined &&
            hasBits(taintOf(value, at), from.parameter | from.sender),
        ),
  );
  return makers.every(({ state }) => runs.privileged(state));
}

/** Looks at its own balance on the way. */
function measures({ visits }: EntryRun): boolean {
  return visits.calls.some(({ node, frame }) => isOwnTokens(node, frame));
}

/** A record under a key takes the amount that was asked for. */
function isCredit({ slot, value, node, frame }: WriteVisit, move: Move): boolean {
  if (slot.keys.length === 0 || node['operator'] === '-=' || node['operator'] === 'delete') return false;
  const key = keyOf(move.amount, move.visit.frame);
  const written = value ?? childOf(node, 'rightHandSide');
  return isMadeOf(written, frame, (part) => keyOf(part.node, part.frame) === key);
}

/** The token that is moved; of an encoded call the place where the encoded data goes. */
function tokenOf(move: Move): AstNode | undefined {
  if (move.token) return move.token;
  const { visit } = move;
  const parent = visit.frame.program.parent(visit.node);
  if (parent?.nodeType !== 'FunctionCall') return undefined;
  const given = Array.isArray(parent['arguments']) ? (parent['arguments'] as AstNode[]) : [];
  const callee = childOf(parent, 'expression');
  const receiver = callee && childOf(callee, 'expression');
  return given[0] === visit.node ? receiver : given[0];
}

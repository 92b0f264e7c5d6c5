import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { descendants, referenceOf } from '../ir/ast.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { isThis, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, isSenders, readsOf } from '../ir/places.ts';
import { keyOf } from '../ir/storage.ts';
import { movesOf } from '../ir/token-moves.ts';
import type { CallVisit } from '../ir/visits.ts';

/** A function for stray tokens takes deposits as well. */
export const sweepOfDeposits: Detector = {
  id: 'sweep-of-deposits',
  category: 'token-handling',
  severity: 'low',
  confidence: 'high',
  title: 'Stray tokens are swept together with deposits',
  why: 'The owner may take any token that the contract holds, and nothing takes the one out that users have deposited. What is owed to them can be taken by one key.',
  exploit:
    'Whoever has, or steals, the key of the owner calls the function with the deposited token and leaves with everything.',
  fix: 'Refuse the deposited token, or pay out only what is above the sum of deposits.',
  references: ['SWC-105', 'CWE-269', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Token Approvals'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}
abstract contract Owned {
    address public owner = msg.sender;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function rescue(IERC20 token, uint256 amount) external onlyOwner {
        require(token.transfer(owner, amount)); // <-- finding
    }
}
contract Stakes is Owned {
    IERC20 public immutable staked;
    mapping(address => uint256) public held;
    constructor(IERC20 given) { staked = given; }
    function stake(uint256 amount) external {
        require(staked.transferFrom(msg.sender, address(this), amount));
        held[msg.sender] += amount;
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
contract Stakes {
    address public owner = msg.sender;
    IERC20 public immutable staked;
    uint256 public total;
    mapping(address => uint256) public held;
    constructor(IERC20 given) { staked = given; }
    function stake(uint256 amount) external {
        require(staked.transferFrom(msg.sender, address(this), amount));
        held[msg.sender] += amount;
        total += amount;
    }
    function rescue(IERC20 token, uint256 amount) external {
        require(msg.sender == owner && token != staked);
        require(token.transfer(owner, amount));
    }
    function surplus(IERC20 token) external {
        require(msg.sender == owner);
        uint256 kept = token == staked ? total : 0;
        require(token.transfer(owner, token.balanceOf(address(this)) - kept));
    }
}
contract Empty {
    address public owner = msg.sender;
    function rescue(IERC20 token, uint256 amount) external { require(msg.sender == owner && token.transfer(owner, amount)); }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      const deposited = depositedTokens(audited, run.context);
      if (deposited.size === 0) continue;
      for (const move of movesOf(run)) {
        const { frame, state, node } = move.visit;
        if (move.kind !== 'push' || !move.token || !isGiven(move.token, frame) || !runs.privileged(state))
          continue;
        if (isExempted(move.token, move.visit, deposited) || isLookedUp(move.token, frame, state)) continue;
        if (run.visits.writes.some(({ slot }) => slot.keys.length > 0)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} may take \`${codeOf(program, move.token, 30)}\`, and that can be the token that users have deposited.`,
        });
      }
    }
  },
};

/** State variables of one contract whose tokens come in and are recorded under the sender. */
function depositedTokens(
  { runs }: Audited,
  context: Audited['runs']['entries'][number]['context'],
): Set<number> {
  const found = new Set<number>();
  for (const run of runs.entries) {
    if (run.role !== 'entry' || run.context !== context) continue;
    if (!run.visits.writes.some(({ slot }) => isSenders(slot))) continue;
    for (const move of movesOf(run)) {
      const { frame } = move.visit;
      if (move.kind !== 'pull' || !move.token || !move.to || !isThis(move.to, frame)) continue;
      const id = referenceOf(resolve(move.token, frame).node);
      if (id !== undefined && frame.program.stateVariable(id)) found.add(id);
    }
  }
  return found;
}

/** A comparison with the deposited token stands somewhere in the function, its modifiers or what it calls. */
function isExempted(token: AstNode, { frame, state }: CallVisit, deposited: ReadonlySet<number>): boolean {
  const key = keyOf(token, frame);
  const body = frame.callable.body;
  const inBody = (body ? descendants(body, 'BinaryOperation') : []).map((node) => ({ node, frame }));
  const inConditions = state.conditions.flatMap((condition) =>
    descendants(condition.node, 'BinaryOperation').map((node) => ({ node, frame: condition.frame })),
  );
  return [...inBody, ...inConditions].some(({ node, frame: at }) => {
    if (node['operator'] !== '==' && node['operator'] !== '!=') return false;
    const sides = [node['leftExpression'], node['rightExpression']] as AstNode[];
    const isToken = sides.some((side) => keyOf(side, at) === key);
    const isKnown = sides.some((side) => {
      const id = referenceOf(resolve(side, at).node);
      return (
        (id !== undefined && deposited.has(id)) ||
        readsOf(side, at).some(({ slot }) => deposited.has(slot.base))
      );
    });
    return isToken && isKnown;
  });
}

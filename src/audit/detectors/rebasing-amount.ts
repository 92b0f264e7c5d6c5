import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { textOf, typeIdOf } from '../ir/ast.ts';
import { isThis } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { isMadeOf } from '../ir/sources.ts';
import { keyOf } from '../ir/storage.ts';
import { isOwnTokens, movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Amounts of a token whose balances change by themselves are kept as they were. */
export const rebasingAmount: Detector = {
  id: 'rebasing-amount',
  category: 'token-handling',
  severity: 'medium',
  confidence: 'medium',
  title: 'An amount of a rebasing token is recorded',
  why: 'Balances of such a token grow and shrink without a transfer; what stays the same is the number of shares behind them. A recorded amount promises too little after a reward, and more than there is after a loss.',
  exploit:
    'After a loss those who withdraw first get their recorded amounts in full, and the last ones find nothing. After rewards the surplus belongs to nobody, or to whoever finds a way to take it.',
  fix: 'Record shares (`sharesOf`, `getSharesByPooledEth`, the scaled balance), or take the wrapped form of the token, whose balances do not change.',
  references: ['SWC-123', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Handle Token Fees'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IStaked {
    function balanceOf(address who) external view returns (uint256);
    function sharesOf(address who) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Savings {
    IStaked public immutable staked;
    mapping(address => uint256) public held;
    constructor(IStaked given) { staked = given; }
    function add(uint256 amount) external {
        uint256 received = _pull(amount);
        held[msg.sender] += received; // <-- finding
    }
    function addPlain(uint256 amount) external {
        require(staked.transferFrom(msg.sender, address(this), amount));
        held[msg.sender] += amount; // <-- finding
    }
    function _pull(uint256 amount) private returns (uint256) {
        uint256 before = staked.balanceOf(address(this));
        require(staked.transferFrom(msg.sender, address(this), amount));
        return staked.balanceOf(address(this)) - before;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IStaked {
    function balanceOf(address who) external view returns (uint256);
    function sharesOf(address who) external view returns (uint256);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
interface IPlain {
    function balanceOf(address who) external view returns (uint256);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Savings {
    IStaked public immutable staked;
    IPlain public immutable plain;
    mapping(address => uint256) public shares;
    mapping(address => uint256) public held;
    constructor(IStaked given, IPlain other) { staked = given; plain = other; }
    function add(uint256 amount) external {
        uint256 before = staked.sharesOf(address(this));
        require(staked.transferFrom(msg.sender, address(this), amount));
        shares[msg.sender] += staked.sharesOf(address(this)) - before; // <-- guard: shares[msg.sender] += amount;
    }
    function addPlain(uint256 amount) external {
        require(plain.transferFrom(msg.sender, address(this), amount));
        held[msg.sender] += amount;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const move of movesOf(run)) {
        const { frame } = move.visit;
        if (move.kind !== 'pull' || !move.to || !isThis(move.to, frame) || !move.token) continue;
        const token = move.token;
        if (!isRebasing(program, token)) continue;
        const key = keyOf(move.amount, frame);
        for (const write of run.visits.writes) {
          if (!isCredit(write, key)) continue;
          report({
            node: write.node,
            frame: write.frame,
            message: `${run.entry.name} records an amount of \`${codeOf(program, token, 30)}\`, whose balances change by themselves.`,
            steps: [{ node: move.visit.node, frame, note: 'the tokens come in here' }],
          });
        }
      }
    }
  },
};

/** Its interface speaks of shares behind balances. */
function isRebasing(program: Program, token: AstNode): boolean {
  const id = /^t_contract\$_.*_\$(\d+)/.exec(typeIdOf(token))?.[1];
  const contract = id === undefined ? undefined : program.contract(Number(id));
  if (!contract) return false;
  const names = contract.linearised.flatMap((one) => one.functions.map(({ name }) => name));
  const hasBalances = names.includes('balanceOf');
  const hasShares = names.some((name) =>
    /^(sharesOf|transferShares|getPooled\w+ByShares|getSharesByPooled\w+|scaledBalanceOf|rebase|gonsForBalance|rebasingCredits\w*|creditsBalanceOf)$/.test(
      name,
    ),
  );
  return (
    hasBalances &&
    hasShares &&
    !names.some((name) => /^(convertTo|preview|deposit|withdraw|redeem)/.test(name))
  );
}

function isCredit({ slot, value, node, frame }: WriteVisit, amount: string): boolean {
  const operator = textOf(node, 'operator');
  if (slot.keys.length === 0 || (operator !== '=' && operator !== '+=')) return false;
  const written = value ?? (node['rightHandSide'] as AstNode | undefined);
  const isShares = isMadeOf(written, frame, (part) =>
    /share|scaled|credit/i.test(textOf(part.node['expression'] as AstNode, 'memberName')),
  );
  if (isShares) return false;
  return isMadeOf(
    written,
    frame,
    (part) => isOwnTokens(part.node, part.frame) || keyOf(part.node, part.frame) === amount,
  );
}

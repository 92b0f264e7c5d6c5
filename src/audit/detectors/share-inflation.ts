import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { entryFrame, type Frame, type Ref, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { isOwnHolding } from '../ir/token-moves.ts';

/** The first depositor decides what a share costs. */
export const shareInflation: Detector = {
  id: 'share-inflation',
  category: 'oracle-price',
  severity: 'high',
  confidence: 'medium',
  title: 'The price of a share can be driven up by a gift',
  why: 'Shares are counted by the tokens that the contract has at the moment, and anybody may send it some. After a first deposit of one unit and a large gift, later deposits are worth less than one share and round to none.',
  exploit:
    'An attacker deposits one unit, sends a thousand tokens directly, and waits. The next depositor of less than that gets no shares, and the attacker redeems everything.',
  fix: 'Count deposits in a variable of your own, add virtual shares as ERC4626 of OpenZeppelin does, or lock some first shares for ever; and refuse to mint zero shares.',
  references: ['SWC-132', 'CWE-682', 'OWASP-SC02:2025', 'EEA-EthTrust: Handle Rounding'],
  losses: [
    {
      name: 'Hundred Finance',
      year: 2023,
      usd: 7_400_000,
      what: 'In an empty market the attacker gave tokens to the pool and made one share worth all of it.',
    },
    {
      name: 'Sonne Finance',
      year: 2024,
      usd: 20_000_000,
      what: 'A new market was empty when it opened; its first depositor inflated the share.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}
contract Vault {
    IERC20 public immutable token;
    uint256 public totalShares;
    mapping(address => uint256) public shares;
    constructor(IERC20 given) { token = given; }
    function deposit(uint256 amount) external {
        uint256 pool = token.balanceOf(address(this)); // <-- finding
        uint256 minted = totalShares == 0 ? amount : amount * totalShares / pool;
        totalShares += minted;
        shares[msg.sender] += minted;
        require(token.transferFrom(msg.sender, address(this), amount));
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Shares { uint256 internal _supply; function totalSupply() public view returns (uint256) { return _supply; } }
contract EtherVault is Shares {
    mapping(address => uint256) public shares;
    function pool() public view returns (uint256) {
        return address(this).balance; // <-- finding
    }
    receive() external payable {}
    function redeem(uint256 count) external {
        uint256 amount = count * pool() / totalSupply();
        shares[msg.sender] -= count;
        _supply -= count;
        payable(msg.sender).transfer(amount);
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
    IERC20 public immutable token;
    uint256 public totalShares;
    uint256 public deposited;
    mapping(address => uint256) public shares;
    constructor(IERC20 given) { token = given; }
    function deposit(uint256 amount) external {
        uint256 minted = amount * (totalShares + 1e6) / (deposited + 1); // <-- guard: uint256 minted = amount * totalShares / token.balanceOf(address(this));
        deposited += amount;
        totalShares += minted;
        shares[msg.sender] += minted;
        require(token.transferFrom(msg.sender, address(this), amount));
    }
    function offset(uint256 amount) external view returns (uint256) {
        return amount * (totalShares + 1e6) / (token.balanceOf(address(this)) + 1);
    }
    function part(uint256 amount) external view returns (uint256) {
        return amount * token.balanceOf(address(this)) / 100;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
        if (textOf(node, 'operator') !== '/' || !left || !right) continue;
        const divisor = holding(right, frame);
        const held = divisor ?? factorsOf(left, frame).flatMap((one) => holding(one, frame) ?? [])[0];
        if (!held || !countsShares(divisor ? left : right, frame)) continue;
        report({
          node: program.isOwn(held.node) ? held.node : node,
          frame: held.frame,
          message: `${callable.name} counts shares by \`${codeOf(program, held.node, 40)}\`, which anyone raises by sending to the contract.`,
          steps: [{ node, frame, note: 'the price of a share follows from it' }],
        });
      }
    }
  },
};

/** `token.balanceOf(address(this))` or the ether of the contract by itself, under whatever name; not with something added. */
function holding(node: AstNode, frame: Frame): Ref | undefined {
  const at = resolve(node, frame);
  return isOwnHolding(at.node, at.frame) ? at : undefined;
}

/** The parts of a product. */
function factorsOf(node: AstNode, frame: Frame): AstNode[] {
  const at = resolve(node, frame).node;
  if (at.nodeType !== 'BinaryOperation' || textOf(at, 'operator') !== '*') return [node];
  const sides = [childOf(at, 'leftExpression'), childOf(at, 'rightExpression')];
  return sides.flatMap((side) => (side ? factorsOf(side, frame) : []));
}

/** The number of all shares by itself, or a product with it. */
function countsShares(node: AstNode, frame: Frame): boolean {
  return factorsOf(node, frame).some((one) => {
    const named = [one, resolve(one, frame).node].map((node) => frame.program.source.text(node));
    return named.some((text) =>
      /^(\w+\.)?_?total(supply|shares?)(\(\))?$|^(all|outstanding)?shares(total|supply)$/i.test(text),
    );
  });
}

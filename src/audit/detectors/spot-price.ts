import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, unwrap } from '../ir/ast.ts';
import { type Call, classifyCall } from '../ir/calls.ts';
import { type Frame, isThis, type Ref, resolve } from '../ir/frames.ts';
import { isNow } from '../ir/moments.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { sourcesOf } from '../ir/sources.ts';
import { keyOf } from '../ir/storage.ts';

/** A price is read off the reserves of a pool at this very moment. */
export const spotPrice: Detector = {
  id: 'spot-price',
  category: 'oracle-price',
  severity: 'high',
  confidence: 'medium',
  title: 'A price that one trade can move',
  why: 'The reserves or token balances of a pool give the price of the last trade in the same transaction. Whoever trades first sets it.',
  exploit:
    'With a flash loan an attacker buys most of one side of the pool, borrows or redeems here at the distorted price, and trades back, all in one transaction.',
  fix: 'Use a price feed, or a time-weighted average over many blocks, and compare two sources.',
  references: ['SWC-120', 'CWE-345', 'OWASP-SC02:2025', 'EEA-EthTrust: Protect Against Oracle Manipulation'],
  losses: [
    {
      name: 'bZx',
      year: 2020,
      usd: 954_000,
      what: 'Two attacks moved the price of a pool with borrowed money and borrowed against it.',
    },
    {
      name: 'Harvest Finance',
      year: 2020,
      usd: 24_000_000,
      what: 'Shares were priced by a pool whose price the attacker moved within a transaction.',
    },
    {
      name: 'Cream Finance',
      year: 2021,
      usd: 130_000_000,
      what: 'The price of a share was what its vault held, and the attacker gave to the vault.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pair { function getReserves() external view returns (uint112, uint112, uint32); }
interface IERC20 { function balanceOf(address who) external view returns (uint256); }
contract Lender {
    Pair public pair;
    IERC20 public a;
    IERC20 public b;
    function price() public view returns (uint256) {
        (uint112 left, uint112 right, ) = pair.getReserves(); // <-- finding
        return uint256(left) * 1e18 / uint256(right);
    }
    function other() public view returns (uint256) {
        return a.balanceOf(address(pair)) * 1e18 / b.balanceOf(address(pair)); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pool { function slot0() external view returns (uint160 sqrtPriceX96, int24 tick); }
interface Router { function getAmountsOut(uint256 amount, address[] calldata path) external view returns (uint256[] memory); }
interface Curve { function get_virtual_price() external view returns (uint256); }
abstract contract Prices {
    Pool internal pool;
    Router internal router;
    Curve internal curve;
    function _root() internal view returns (uint256 root) { (root, ) = pool.slot0(); } // <-- finding
    function _quote(uint256 amount, address[] memory path) internal view returns (uint256) {
        return router.getAmountsOut(amount, path)[1]; // <-- finding
    }
}
contract Lender is Prices {
    mapping(address => uint256) public debt;
    mapping(address => uint256) public collateral;
    function borrow(uint256 amount, address[] memory path) external {
        debt[msg.sender] += amount;
        require(_quote(collateral[msg.sender], path) > debt[msg.sender] * 2);
    }
    function worth() external view returns (uint256) { return _root() * _root() >> 192; }
    function lpPrice() external view returns (uint256) { return curve.get_virtual_price(); } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pair {
    function getReserves() external view returns (uint112, uint112, uint32);
    function price0CumulativeLast() external view returns (uint256);
}
interface IERC20 { function balanceOf(address who) external view returns (uint256); }
contract Lender {
    Pair public pair;
    IERC20 public token;
    uint256 public last;
    uint32 public since;
    function average() external returns (uint256 price) {
        uint256 now_ = pair.price0CumulativeLast();
        price = (now_ - last) / (block.timestamp - since);
        last = now_;
        since = uint32(block.timestamp);
    }
    function share(uint256 part, uint256 total) external view returns (uint256) {
        return token.balanceOf(address(this)) * part / total;
    }
}
interface Feed { function price() external view returns (uint256); }
interface Share { function totalSupply() external view returns (uint256); }
contract ShareValue {
    Pair public pair;
    Feed public first;
    Feed public second;
    function worth() public view returns (uint256) {
        (uint112 left, uint112 right, ) = pair.getReserves();
        uint256 constantOfTrades = uint256(left) * right; // <-- guard: uint256 constantOfTrades = uint256(left) * first.price();
        return 2 * root(constantOfTrades) * root(first.price() * second.price()) / Share(address(pair)).totalSupply();
    }
    function root(uint256 x) internal pure returns (uint256 y) {
        uint256 z = (x + 1) / 2;
        y = x;
        while (z < y) { y = z; z = (x / z + z) / 2; }
    }
}
interface Trading {
    function getReserves() external view returns (uint112, uint112, uint32);
    function swap(uint256 out0, uint256 out1, address to, bytes calldata data) external;
}
contract Router {
    function sell(Trading pair, uint256 amount, uint256 least) external {
        (uint112 left, uint112 right, ) = pair.getReserves();
        uint256 out = amount * right / (left + amount);
        require(out >= least);
        pair.swap(0, out, msg.sender, "");
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      for (const { call, frame, node } of run.visits.calls) {
        const kind = readOf(call, frame);
        if (!kind || isTrade(run, call, frame) || isAveraged(program, frame)) continue;
        if (kind === 'reserves' && isKeptByTrades(node, frame)) continue;
        // The tick of a pool is a price that is finished too.
        const isFinished =
          kind === 'price' || (call.kind === 'external' && /^(slot0|globalState)$/.test(call.name));
        const use =
          (kind === 'price' ? undefined : useOf(node, frame, kind === 'balance')) ??
          (isFinished ? priceUse(run, node, frame) : undefined);
        if (!use) continue;
        report({
          node,
          frame,
          message: `${frame.callable.name} takes a price from \`${codeOf(program, node, 60)}\`, which one trade in the same transaction can move.`,
          steps: use === node ? [] : [{ node: use, note: 'used as a price' }],
        });
      }
    }
  },
};

/** What a call reads off a pool: amounts that a price is computed from, or the finished price. */
function readOf(call: Call, frame: Frame): 'reserves' | 'balance' | 'price' | undefined {
  if (call.kind !== 'external') return undefined;
  if (/^(getReserves|reserve[01]?|slot0|globalState|get_balances|balances|getPoolTokens)$/.test(call.name))
    return 'reserves';
  if (
    /^(getAmounts?(Out|In)|quote(ExactInput|ExactOutput)?(Single)?|get_dy(_underlying)?|get_virtual_price|calc_withdraw_one_coin|getSpotPrice|spotPrice)$/.test(
      call.name,
    )
  )
    return 'price';
  const [of] = call.arguments;
  const isOther = call.name === 'balanceOf' && of !== undefined && !isThis(of, frame);
  return isOther && isPool(of, frame) ? 'balance' : undefined;
}

function isPool(node: AstNode, frame: Frame): boolean {
  const text = frame.program.source.text(resolve(node, frame).node);
  return /pair|pool|lp|amm|exchange|market/i.test(text);
}

/** Whoever trades with the pool itself computes what it will give. */
function isTrade({ visits }: EntryRun, call: Call, frame: Frame): boolean {
  const asked = 'address' in call ? keyOf(call.address, frame) : '';
  return visits.calls.some(({ call: other, frame: at }) => {
    if (other.kind !== 'external') return false;
    if (/^(swap|mint|burn|sync|skim|exchange|exchange_underlying)$/.test(other.name))
      return keyOf(other.address, at) === asked;
    return /^swap|^(add|remove)Liquidity|^exact(In|Out)put/i.test(other.name);
  });
}

/** The product of both reserves is what a trade leaves as it was (Uniswap v2), however far it moves the price. */
function isKeptByTrades(node: AstNode, frame: Frame): boolean {
  const { body } = frame.callable;
  if (!body) return false;
  const statement = descendants(body, 'VariableDeclarationStatement').find(
    (each) => childOf(each, 'initialValue') === node,
  );
  const declared = new Set(statement ? childrenOf(statement, 'declarations').map(({ id }) => id) : []);
  const products = descendants(body, 'BinaryOperation').filter((each) => textOf(each, 'operator') === '*');
  const named = (side: AstNode | undefined) => {
    const at = side && bare(side);
    return at?.nodeType === 'Identifier' && declared.has(referenceOf(at) ?? -1) ? at : undefined;
  };
  const multiplied = products.flatMap((each) => {
    const [left, right] = [named(childOf(each, 'leftExpression')), named(childOf(each, 'rightExpression'))];
    return left && right && referenceOf(left) !== referenceOf(right) ? [left, right] : [];
  });
  const uses = descendants(body, 'Identifier').filter((each) => declared.has(referenceOf(each) ?? -1));
  return uses.length > 0 && uses.every((each) => multiplied.includes(each));
}

/** Without conversions and parentheses around it. */
function bare(node: AstNode): AstNode {
  const inner = unwrap(node);
  if (inner.nodeType !== 'FunctionCall' || textOf(inner, 'kind') !== 'typeConversion') return inner;
  const [given] = childrenOf(inner, 'arguments');
  return given ? bare(given) : inner;
}

/** What is added up over time is no price of the moment. */
function isAveraged(program: Program, frame: Frame): boolean {
  const body = frame.callable.body;
  return (body ? descendants(body, 'FunctionCall') : []).some((node) => {
    const call = classifyCall(program, node);
    return call.kind === 'external' && /cumulative|consult|observe/i.test(call.name);
  });
}

/**
 * @returns the product or quotient, here or in a caller, that amounts of a pool go into; not what is multiplied by time
 * @param asRatio only where a second balance goes into it as well
 */
function useOf(node: AstNode, frame: Frame, asRatio: boolean): AstNode | undefined {
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    for (const use of descendants(at.callable.body ?? node, 'BinaryOperation', 'FunctionCall')) {
      const sides = operandsOf(use);
      if (!sides) continue;
      const parts = sides.flatMap((side) => sourcesOf(side, at as Frame));
      if (!parts.some((part) => part.node === node)) continue;
      const isRatio = parts.some((part) => part.node !== node && isBalance(part));
      if (asRatio && !isRatio) continue;
      if (!parts.some((part) => isNow(part.frame.program, part.node))) return use;
    }
  }
  return undefined;
}

function isBalance({ node, frame }: Ref): boolean {
  if (node.nodeType !== 'FunctionCall') return false;
  const call = classifyCall(frame.program, node);
  return call.kind === 'external' && /^(balanceOf|totalSupply)$/.test(call.name);
}

/** Of a multiplication or division, or of a function that does both. */
function operandsOf(node: AstNode): AstNode[] | undefined {
  if (node.nodeType === 'BinaryOperation') {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return /^[*/]$/.test(textOf(node, 'operator')) && left && right ? [left, right] : undefined;
  }
  const callee = childOf(node, 'expression');
  const name = textOf(callee, 'memberName') || textOf(callee, 'name');
  return /^(mulDiv|mul|div|fdiv|fmul)/i.test(name) ? childrenOf(node, 'arguments') : undefined;
}

/** A finished price matters where something changes by it, or where it is offered as a price. */
function priceUse({ entry }: EntryRun, node: AstNode, frame: Frame): AstNode | undefined {
  const offered = /price|rate|value|worth|oracle/i;
  if (!/^(view|pure)$/.test(entry.mutability)) return node;
  return offered.test(entry.name) || offered.test(frame.callable.name) ? node : undefined;
}

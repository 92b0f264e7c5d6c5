import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeIdOf, typeOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame, type Frame } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Contract, Program } from '../ir/program.ts';
import { sourcesOf } from '../ir/sources.ts';
import { slotOf } from '../ir/storage.ts';

/** Amounts of any token are taken to have eighteen decimals. */
export const assumedDecimals: Detector = {
  id: 'assumed-decimals',
  category: 'token-handling',
  severity: 'medium',
  confidence: 'medium',
  title: 'Every token is taken to have 18 decimals',
  why: 'USDC and USDT have 6 decimals, WBTC 8. A price or rate that is kept for each token and applied with a fixed power of ten is wrong by a factor of a million million for them.',
  exploit:
    'A token of 6 decimals is listed. A payment of one dollar counts as nothing, or one unit of the token buys what a million million should.',
  fix: 'Ask the token for `decimals()` when it is listed, keep `10 ** decimals` with its price, and scale by that.',
  references: ['SWC-123', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Handle Rounding'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
abstract contract Rates {
    struct Listing { uint128 price; bool on; }
    mapping(address => Listing) public listings;
    mapping(IERC20 => uint256) public rateOf;
    uint256 internal constant WAD = 10 ** 18;
    function _worth(Listing storage listing, uint256 amount) internal view returns (uint256) {
        return amount * listing.price / WAD; // <-- finding
    }
}
contract Desk is Rates {
    mapping(address => uint256) public credit;
    function pay(IERC20 coin, uint256 dollars) external {
        uint256 rate = rateOf[coin];
        require(rate > 0);
        uint256 due = dollars * 1e18 / rate; // <-- finding
        require(coin.transferFrom(msg.sender, address(this), due));
    }
    function pledge(address token, uint256 amount) external {
        credit[msg.sender] += _worth(listings[token], amount);
        require(IERC20(token).transferFrom(msg.sender, address(this), amount));
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function decimals() external view returns (uint8);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Desk {
    struct Listing { uint128 price; uint256 unit; }
    mapping(address => Listing) public listings;
    mapping(IERC20 => uint256) public rateOf;
    mapping(address => uint256) public perShare;
    mapping(address => uint256) public shares;
    uint256 public price;
    function pay(IERC20 coin, uint256 dollars) external {
        uint256 due = dollars * 10 ** coin.decimals() / rateOf[coin]; // <-- guard: uint256 due = dollars * 1e18 / rateOf[coin];
        require(coin.transferFrom(msg.sender, address(this), due));
    }
    function worth(address token, uint256 amount) public view returns (uint256) {
        return amount * listings[token].price / listings[token].unit;
    }
    function fixedPrice(uint256 amount) public view returns (uint256) { return amount * price / 1e18; }
    function reward(address who) public view returns (uint256) { return shares[who] * perShare[who] / 1e18; }
    function pledge(address token, uint256 amount) external {
        require(worth(token, amount) > 0);
        require(IERC20(token).transferFrom(msg.sender, address(this), amount));
    }
}
`,
  ],
  run({ program }, report) {
    const own = program.contracts.filter((one) => one.own);
    const tables = new Set(own.flatMap((one) => tokenTables(program, one)));
    if (tables.size === 0) return;
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        if (textOf(node, 'operator') !== '/') continue;
        const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
        if (!left || !right || !isFixedScale(left, right, program)) continue;
        const parts = sourcesOf(node, frame);
        const price = parts.find((part) => isPrice(part.node, part.frame, tables, program));
        const asked = parts.some((part) =>
          /decimals|unit|scale/i.test(textOf(part.node, 'memberName') || textOf(part.node, 'name')),
        );
        if (!price || asked) continue;
        report({
          node,
          frame,
          message: `${callable.name} scales a token's amount in \`${codeOf(program, node, 60)}\` as if all had 18 decimals.`,
        });
      }
    }
  },
};

/** `amount * price / 1e18`, or `amount * 1e18 / price`. */
function isFixedScale(left: AstNode, right: AstNode, program: Program): boolean {
  if (constantOf(program, right) === wad) return true;
  return descendants(left, 'BinaryOperation').some(
    (node) =>
      textOf(node, 'operator') === '*' &&
      [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].some(
        (side) => constantOf(program, side) === wad,
      ),
  );
}

const wad = 10n ** 18n;

/** A price or rate that is kept for each token. */
function isPrice(node: AstNode, frame: Frame, tables: ReadonlySet<number>, program: Program): boolean {
  if (!/^u?int/.test(typeOf(node))) return false;
  const slot = slotOf(node, frame);
  const name = textOf(node, 'memberName') || tableName(node);
  if (
    !/price|rate|value|quote/i.test(name) ||
    /interest|fee|reward|apr|apy|bps|borrow|yield|share/i.test(name)
  )
    return false;
  if (slot && tables.has(slot.base)) return true;
  // A record that is handed in by reference: `listing.price` of a table of listings.
  const owner = node.nodeType === 'MemberAccess' ? childOf(node, 'expression') : undefined;
  const struct = /^t_struct\$_\w+?_\$(\d+)/.exec(typeIdOf(owner))?.[1];
  return (
    struct !== undefined &&
    [...tables].some((id) => typeIdOf(program.stateVariable(id)).includes(`_$${struct}_`))
  );
}

function tableName(node: AstNode): string {
  const base = node.nodeType === 'IndexAccess' ? childOf(node, 'baseExpression') : undefined;
  return textOf(base, 'name');
}

/** Mappings from addresses that are read under what is a token elsewhere: it is called as one. */
function tokenTables(program: Program, contract: Contract): number[] {
  const found: number[] = [];
  for (const callable of contract.functions) {
    const tokens = new Set<number>();
    const body = callable.body;
    if (!body) continue;
    for (const node of descendants(body, 'FunctionCall')) {
      const call = classifyCall(program, node);
      const name = textOf(call.callee, 'memberName');
      const isToken = /^(safeT|t)ransfer(From)?$|^balanceOf$|^decimals$/.test(name);
      const receiver =
        call.kind === 'external' ? call.address : call.kind === 'internal' ? call.arguments[0] : undefined;
      if (isToken && receiver)
        for (const each of descendants(receiver, 'Identifier'))
          tokens.add(Number(each['referencedDeclaration']));
    }
    for (const parameter of callable.parameters)
      if (/^t_contract/.test(typeIdOf(parameter))) tokens.add(parameter.id);
    for (const node of descendants(body, 'IndexAccess')) {
      const [base, index] = [childOf(node, 'baseExpression'), childOf(node, 'indexExpression')];
      const id = Number(base?.['referencedDeclaration']);
      if (!index || !program.stateVariable(id)) continue;
      if (descendants(index, 'Identifier').some((each) => tokens.has(Number(each['referencedDeclaration']))))
        found.push(id);
    }
  }
  return found;
}
